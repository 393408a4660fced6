//! SM103: two different spills reach one reload.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM103",
    name: "ambiguous-reload",
    severity: Severity::Warning,
    rank: 12,
    subject: Subject::Slot,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A reload reads what one value's spill wrote on one path, and another's on another.

Without the function before spilling nobody can say which of the two the program
means, so this is no proof of anything. A spiller that gives each value a slot of
its own while it is needed never does it; one that lets two live values share a slot
does, and then the reload reads the wrong one (SM001, which needs the function
before).

        store v0, ss0
        jump block1
    block1:
        v2 = load.i32 ss0           ; v0 the first time, then v1
        v1 = call fn1(v2), stack_map=[i32 @ ss0+0]
        store v1, ss0
        brif v9, block1, block2

A compiler that keeps a variable in one slot and stores to it on every assignment
does this on purpose.

It is said of reloads from slots that some stack map lists, and only where there is
no function before to compare with (after-only evidence).

To mend it, find out first: verify the pair, by giving the function before with a
`;! declare` line, or the log of the spiller.
";
