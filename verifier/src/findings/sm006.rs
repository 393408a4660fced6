//! SM006: a root holds a reference that an earlier safepoint did not update.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM006",
    name: "stale-root",
    severity: Severity::Error,
    rank: 7,
    subject: Subject::Slot,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A stack map lists a slot that an earlier safepoint's map did not.

At the earlier safepoint the collector moved the object and updated its roots, but
not this slot. At the later one it reads the slot, and follows a pointer to where
the object was.

    store v0, ss0
    call fn1()                            ; ss0 is not listed: its copy goes stale
    call fn2(), stack_map=[i32 @ ss0+0]   ; the collector follows a stale pointer

This is so whether or not anything reads the slot again.

To mend it, list the slot at every safepoint between the spill and the last
safepoint that lists it, or spill the value again in between.
";
