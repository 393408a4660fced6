//! SM005: a root is not written on some path.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM005",
    name: "uninitialized-root",
    severity: Severity::Error,
    rank: 1,
    subject: Subject::Slot,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A stack map lists a slot that is not written on some path to the safepoint.

The collector reads whatever the stack happens to hold there, and takes it for a
pointer to an object.

    brif v9, block1, block2
    block1:
        store v0, ss0
        jump block3
    block2:
        jump block3
    block3:
        call fn1(), stack_map=[i32 @ ss0+0]   ; through block2, ss0 is garbage

This is so whether or not anything reads the slot again.

To mend it, spill the value on every path that leads to the safepoint, write null to
the slot on the others, or do not list it.
";
