//! SM207: an exception table that is not that of the CLIF call.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM207",
    name: "wrong-handler",
    severity: Severity::Error,
    rank: 21,
    subject: Subject::MachineCode,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A call's emitted exception handlers are not those of its CLIF exception table.

Each handler must have the tag, the address and the context of one item of the
table, in the order of the table, and a call without a table must have none.

    try_call fn1(), sig0, block1, [ tag0: block2(v5) ]    ; CLIF

    0x21: tag0 is handled at 0x40         ; block2 begins at 0x38

An exception that is thrown under the call is not caught, or continues at another
place: where other reloads, or none, follow, and references are read from places
that the collector did not update.

To mend it, emit the handlers of each call at the offset at which the call returns,
with the final addresses of their blocks.
";
