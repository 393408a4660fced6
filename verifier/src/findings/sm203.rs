//! SM203: an emitted stack map that does not list what the CLIF lists.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM203",
    name: "wrong-map-entry",
    severity: Severity::Error,
    rank: 20,
    subject: Subject::MachineCode,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A call's emitted stack map does not list the places of its CLIF entries.

An entry's place is the offset of its slot from the stack pointer, as the frame was
laid out, plus the entry's offset in the slot. The map must list exactly these, with
the entries' types, and the size of the frame from which the runtime computes the
stack pointer.

    ss0 = explicit_slot 8                 ; at SP+16 in this frame
    call fn1(), stack_map=[i64 @ ss0+0]   ; CLIF

    0x21: a map of SP+24                  ; should be SP+16

The collector misses a reference, reads something else as one, or reads too many
bytes, or too few.

To mend it, compute each offset from the final frame layout, outgoing arguments
included, and keep each entry's type.
";
