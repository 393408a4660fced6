//! SM205: an instruction that accesses a slot with references, and should not.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM205",
    name: "foreign-access",
    severity: Severity::Error,
    rank: 23,
    subject: Subject::MachineCode,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
The machine code accesses a slot with references where the CLIF does not.

Slots that stack map entries are in belong to the CLIF: nothing but its own loads
and stores accesses them, and each accesses its bytes once. What the register
allocator spills, the arguments of calls and saved registers have their own parts of
the frame.

    ss0 = explicit_slot 8                 ; at SP+16 in this frame
    call fn1(), stack_map=[i64 @ ss0+0]   ; CLIF

    0x10: mov [rsp+16], rbx               ; machine code: a spill, over ss0
    0x19: call fn1

If it writes, the collector takes what was written for a reference. If it reads, it
may get a reference that the collector has changed instead of what was spilled.

To mend it, lay out the frame so that nothing else overlaps the slots.
";
