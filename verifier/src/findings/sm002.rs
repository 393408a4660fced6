//! SM002: a reference live across a safepoint is in none of its roots.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM002",
    name: "missing-root",
    severity: Severity::Error,
    rank: 5,
    subject: Subject::Value,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A reference is needed after a safepoint whose stack map does not list it.

The collector finds live objects through the roots. An object that no root holds
is freed, or moved without the program hearing of it; what the program uses
afterwards is a dangling pointer.

    v0 = call fn0()
    call fn1()                  ; no stack_map entry holds v0
    call fn2(v0)                ; v0 may be freed or moved by now

The value may be missing because it was never spilled, because its slot was not
listed, or because the slot listed for it holds something else at that point; the
labels say what the roots hold. A declared value that is only an alias of another
counts: whatever shares an instance with a declared value is a reference.

To mend it, list the slot that holds the value in this safepoint's map, and spill
the value on every path that leads there.
";
