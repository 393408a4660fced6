//! SM007: a root holds something that is no reference.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM007",
    name: "non-reference-root",
    severity: Severity::Error,
    rank: 2,
    subject: Subject::Slot,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A stack map lists a slot that holds something other than a reference.

The collector takes a number, an address, or the bytes of two values for a pointer
to an object.

    v1 = iadd v8, v9                      ; an integer, not declared
    store v1, ss0
    call fn1(), stack_map=[i32 @ ss0+0]

A reference is a declared value, what shares its instance through an alias or a
block parameter, and the result of a `select` or `bitcast` of one. A parameter that
is declared is a reference whatever it receives.

Null is in order, declared or not: a collector skips it. Whatever a constant zero
makes is null (`iconst 0`, or an extension of one), and what receives nothing else.

Without the function before spilling (after-only evidence), it is reported only of
bytes that are not one whole value, of an address in the frame or of code, and of a
floating-point number or vector where the map says that the root is an integer.

To mend it, list only slots that hold references, or declare the value.
";
