//! SM105: an address made from a reference before a safepoint is used after it.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM105",
    name: "stale-address",
    severity: Severity::Warning,
    rank: 14,
    subject: Subject::Value,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
An address that is made from a stale copy of a reference is dereferenced.

The reference is kept up to date in its root, but the address points into the object
where it was before the safepoint.

    v1 = iadd v8, v0                      ; in the object that v0 refers to
    call fn1(), stack_map=[i32 @ ss0+0]   ; the collector may move it
    v2 = load.i32 v1+16                   ; reads where the object was

A compiler may know of a call that it does not run the collector, and keep an
address across it. The stack map does not say so: to Cranelift every call that comes
back is a safepoint. Wasmtime 48 does that with its calls for the base and length
of an element segment. So this is only a warning; if the call may collect, it is
memory corruption. With `--never-collects NAME`, nothing is said behind calls of a
function that is known not to collect; two of Wasmtime's own are.

An optimizer can make such a function of a good one, by moving a load past a call
that is wrongly marked as movable (SM104).

In a pair, an address is a number like any other: both functions have it. So this
is found in the function after alone, with the references that are declared.

To mend it, make the address anew after the call, from the reference in its root.
";
