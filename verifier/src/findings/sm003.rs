//! SM003: a copy taken before a safepoint is observed after it.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM003",
    name: "stale-reference",
    severity: Severity::Error,
    rank: 6,
    subject: Subject::Value,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A copy of a reference that was taken before a safepoint is used after it.

A moving collector updates the roots and nothing else. The object is kept alive
through its root, but every other copy, in an SSA value, a register or a slot the
map does not list, still points to where the object was.

    store v0, ss0
    call fn1(), stack_map=[i32 @ ss0+0]
    call fn2(v0)                ; should be a reload of ss0

Cranelift had this for uses through an alias until 0.132 (wasmtime PR 13228), and
for values that a `try_call` passes along its edges, which were reloaded before
the call instead of after it (wasmtime PR 14452).

With `--collector non-moving` such a copy is good as long as a root of the safepoint
holds the same reference: that keeps the object where it is.

Without the function before spilling (after-only evidence), it is reported of a
value that is declared, or that is spilled to a root somewhere, and only where a
stale copy is stored, passed, returned or dereferenced. An optimizer may compute
with a stale copy, to test it for null, say. An address that is made from one and
dereferenced is SM105; but with `--collector non-moving` it is this, since then no
root keeps the object.

To mend it, reload the value from its root after the safepoint.
";
