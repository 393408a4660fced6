//! SM004: an observation sees another value than the before program does.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM004",
    name: "wrong-value",
    severity: Severity::Error,
    rank: 8,
    subject: Subject::Value,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
An instruction reads another value than the one the program means.

The before program uses `v0`; on some path the rewritten program reads a place
that holds something else there: a slot into which `v0` was never put, one that
was overwritten, or one that nothing has written yet.

    store v0, ss0
    store v1, ss1
    call fn1(), stack_map=[i32 @ ss0+0, i32 @ ss1+0]
    v2 = load ss1
    call fn2(v2)                ; before: call fn2(v0)

The labels name what is read and where it came from. If the place was overwritten
by another reference that is needed as well, the finding is SM001 instead.

To mend it, reload from the slot that holds the value on every path.
";
