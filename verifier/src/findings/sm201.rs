//! SM201: a call whose CLIF has stack map entries, and whose machine code has no stack map.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM201",
    name: "missing-map",
    severity: Severity::Error,
    rank: 18,
    subject: Subject::MachineCode,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A call's stack map is lost on the way from CLIF to machine code.

The call has stack map entries in the CLIF that was lowered, but the emitted tables
have no map at its return address, or an empty one.

    call fn1(), stack_map=[i64 @ ss0+0]   ; CLIF

    0x1c: call fn1                        ; machine code
    0x21:                                 ; where it returns to: no map

The collector finds nothing to keep alive or to update in this frame while the call
runs. What is reloaded after it is a dangling pointer. If there is a stray map with
the same entries at another address, a note names it: the map was moved.

To mend it, emit the map of each call at the offset at which the call returns.
";
