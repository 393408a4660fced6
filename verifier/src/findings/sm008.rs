//! SM008: a stack map entry that is not inside a slot, or overlaps another.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM008",
    name: "malformed-entry",
    severity: Severity::Error,
    rank: 9,
    subject: Subject::Slot,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A stack map entry does not describe a place that can hold a reference.

Its slot does not exist, its offset and type reach beyond the slot's end, its type
has no size, or it shares some but not all of its bytes with another entry of the
same map.

    ss0 = explicit_slot 8
    call fn1(), stack_map=[i64 @ ss0+4]               ; bytes 4..12 of 8
    call fn1(), stack_map=[i64 @ ss0+0, i32 @ ss0+4]  ; overlap

The collector would read, and write, bytes that are no reference's.

To mend it, make each entry cover exactly the bytes of one spilled reference.
";
