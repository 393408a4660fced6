//! SM208: a stack pointer that is not where the frame was laid out from.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM208",
    name: "moved-frame",
    severity: Severity::Error,
    rank: 24,
    subject: Subject::MachineCode,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
The stack pointer, or the frame pointer, is at another place when a call is made.

Slots are at fixed offsets from the stack pointer. The runtime computes what it is
at a call from the frame pointer and the size of the frame. So it must be that far
below the frame pointer at each safepoint, and both must be the same at all of them.

    0x0a: sub rsp, 32                     ; the frame: 32 bytes
    0x1f: call fn2                        ; takes 16 bytes of arguments with it
    0x24: call fn1                        ; should come behind `sub rsp, 16`

The collector reads and changes other places than the slots.

To mend it, restore the stack pointer behind each callee that takes its arguments
from the stack, and do not change it between the beginning and the end of the
function.
";
