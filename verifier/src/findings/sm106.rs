//! SM106: a declared reference receives a value that nobody declared while it was live across a
//! safepoint.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM106",
    name: "undeclared-flow",
    severity: Severity::Warning,
    rank: 17,
    subject: Subject::Value,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A value that is not declared to be a reference lives across a safepoint, and then a
block parameter or the result of a `select` that is declared receives it.

    block1(v1: i32):
        call fn1()              ; the collector may move the object
        jump block2(v1)         ; v1 still has the address from before
    block2(v2: i32):            ; v2 is declared, v1 is not
        call fn2(v2)

The spiller did what it was told: it spills what is declared, and v1 is not. If v1
is a reference, whoever declares the values forgot it, and v2 gets the address that
the object had before the safepoint.

A constant is not reported, nor a value that is computed in this function, which may
be a number with a tag: no collector moves these. So the value was loaded, passed in
or returned by a call, and the program treats it as a reference later on. It is a
warning all the same: only the compiler knows what such a value holds before it is
declared. It may be null, or an object that no collector moves. (Wasmtime does not
declare what it loads if it compiles for a collector that never collects.)

The opposite, a reference that an undeclared value receives, is an error: SM009.

To mend it, declare the value where it is made.
";
