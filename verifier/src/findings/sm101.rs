//! SM101: a root that nothing reads again.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM101",
    name: "dead-root",
    severity: Severity::Warning,
    rank: 10,
    subject: Subject::Slot,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A stack map lists a slot whose content nothing reads after the safepoint.

It is a reference and is kept up to date, so nothing goes wrong. But it keeps an
object alive for no one (unless it is null), and makes the map longer. A root that
nothing reads is often the shadow of something worse elsewhere: a value that was
overwritten before it was read, or a reload that reads the wrong slot.

    store v0, ss0
    call fn1(), stack_map=[i32 @ ss0+0]
    return                      ; v0 is not used again

Cranelift's spiller counts every edge argument as a use, so a value that is only
passed to a block parameter nobody reads ends up as a dead root.

With `--collector non-moving` a root that nothing reads may be needed: it keeps
the object for a copy that is used later, or by the call itself. Only others are
reported.

One finding stands for all safepoints that list the slot without need. Slots of the
program's own, which it may read by loads of its own, are not reported.

To mend it, compute liveness through block parameters, and list a slot only where
some path ahead reads it.
";
