//! SM202: a stack map at an address where the CLIF says that there is none.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM202",
    name: "stray-map",
    severity: Severity::Error,
    rank: 19,
    subject: Subject::MachineCode,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
The emitted tables have a stack map where there should be none.

No call returns to its address, the call that does has no stack map entries in CLIF,
or it is the second map of one address.

    call fn1()                            ; CLIF: no entries

    0x1c: call fn1                        ; machine code
    0x21: a map of SP+16                  ; where it returns to

The collector takes whatever the frame holds there for references, keeps alive what
they happen to name, and writes to it if it moves that. A map that no call returns
to shows that the tables do not belong to this code.

To mend it, emit maps only for calls with entries, at the offset at which the call
returns.
";
