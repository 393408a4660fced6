//! SM102: a stack map lists one place twice.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM102",
    name: "duplicate-entry",
    severity: Severity::Warning,
    rank: 11,
    subject: Subject::Slot,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A stack map lists the same bytes twice.

Most collectors do no harm with it. One that moves objects and updates each entry
in turn would read the second time what it wrote the first time.

    call fn1(), stack_map=[i32 @ ss0+0, i32 @ ss0+0]

It is a sign that two values were given one slot, or that one value was counted
twice.

To mend it, list each place once.
";
