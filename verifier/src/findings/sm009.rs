//! SM009: a reference flows into a value nobody declared.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM009",
    name: "undeclared-reference",
    severity: Severity::Error,
    rank: 4,
    subject: Subject::Value,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A reference is passed to a value that was not declared to be one, and that value is
needed after a safepoint.

The spiller knows of the values it was told of. A block parameter that receives a
reference, or a `select` of references, is a reference as well; if nobody declares
it, it is neither spilled nor listed, and what it holds after the safepoint is a
dangling pointer.

    ;! declare v0
    block0(v0: i32):
        jump block1(v0)
    block1(v1: i32):            ; v1 is a reference, but not declared
        call fn1()
        call fn2(v1)

The spiller did what it was asked; its caller asked for too little. Code that
declares values as it makes them misses the parameters that SSA construction
inserts (wasmtime PRs 10456 and 13449 were two such holes).

To mend it, declare the value, or the variable it belongs to.
";
