//! SM001: two references needed at the same time have one slot.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM001",
    name: "shared-slot",
    severity: Severity::Error,
    rank: 0,
    subject: Subject::Slot,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
Two references that are needed at the same time were given one stack slot.

Spilling the second overwrites the first while the program still needs it. A
later reload of the first then reads the second: the program goes on with the
wrong object, and the collector keeps the wrong object alive.

    block0:
        v0 = call fn0()
        store v0, ss0           ; v0 lives in ss0
        jump block1
    block1:
        v2 = load ss0           ; 2nd iteration: this is v1
        call fn1(v2)
        v1 = call fn0()
        store v1, ss0           ; v1 is put in ss0 too, but the loop needs v0 again
        brif v1, block1, block2

This is the bug Cranelift shipped until 0.132 (wasmtime issue 13461, fixed by PR
13498): its spiller let a slot go at a definition inside a loop although a value
from outside the loop needed it on the next iteration. Neither value need be live
at a safepoint together with the other; the proof is about what slots hold.

The finding names both values, the slot, where each is spilled, the safepoint
whose map lists the slot, where each value is used next, and a path on which the
first is lost. If the path goes around a loop, the back edge is marked.

To mend it, give the two values slots of their own. In a spiller that frees slots
while it walks backwards, reserve the slots of all values that are live out of a
block before walking it.
";
