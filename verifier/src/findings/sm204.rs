//! SM204: a load or store of a slot with references that the machine code does not make.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM204",
    name: "missing-access",
    severity: Severity::Error,
    rank: 22,
    subject: Subject::MachineCode,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
The machine code does not load or store a slot with references as the CLIF does.

Each load and store of a slot that stack map entries are in must be in the code of
its instruction: an access of the same bytes, in the same direction, once. A load
may be part of an instruction that uses what it loads. And an access must be on the
same side of each call as in the CLIF, since the collector changes the slot there.

    store v0, v1                          ; CLIF: v1 is the address of ss0, at SP+16
    call fn1(), stack_map=[i64 @ ss0+0]

    0x14: mov [rsp+24], rdi               ; machine code: should be SP+16
    0x19: call fn1

The collector reads something else than the reference, or the function continues
with what was there before.

To mend it, emit each access where the CLIF has it, at the offset of the slot in the
final frame, and do not move it over a call.
";
