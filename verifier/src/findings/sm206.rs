//! SM206: an instruction that reads a reference from before a call, or not the reload that it uses.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM206",
    name: "stale-copy",
    severity: Severity::Error,
    rank: 25,
    subject: Subject::MachineCode,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
The machine code reads a reference from before a call, and the CLIF does not.

During a call the collector may move the object. It updates the slots that the
stack map lists, and no registers and no other places of the frame: neither those
that the callee restores, nor those where the register allocator keeps values. So
after the call the reference is read from its slot again. In the machine code of an
instruction that uses this reload, something else is read: a reference from before
the call, or not the reload at all.

    call fn1(), stack_map=[i64 @ ss0+0]   ; CLIF
    v4 = load.i64 ss0
    v5 = iadd v4, v1

    0x19: call fn1                        ; machine code: rbx holds v0,
    0x1b: mov r12, [rsp]                  ; which was stored to ss0
    0x1f: lea rax, [rbx + rcx]

What a CLIF instruction itself uses is not judged here, whether or not a call
comes before: see SM003, or SM105 for addresses.

To mend it, look at what loads and registers were merged: a load of a slot after a
call is not what a load before it was, nor what was stored.
";
