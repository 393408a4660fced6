//! SM010: something differs that is not the spiller's to change.

use super::rule::{Rule, Severity, Subject};
use super::{Code, Finding, Label};

pub(super) const RULE: Rule = Rule {
    code: "SM010",
    name: "changed-program",
    severity: Severity::Error,
    rank: 15,
    subject: Subject::Instruction,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
After spilling, something of the program itself is missing, added or different.

A spiller adds slots of its own, whole loads and stores of them, entries of stack
maps, and blocks on edges that it splits; and it reads operands where a reload put
them. All else is the program's: its instructions and their order, its edges, its
declarations, its own slots and the map entries on these.

    brif v0, block1, block2     ; before
    brif v0, block2, block1     ; after: the arms are exchanged

    v2 = iadd v0, v1            ; before
    v2 = isub v0, v1            ; after: another instruction

Such a function does something else than the program, whatever its stack maps say;
nothing more is examined of it.

To mend it, find what changes the function between these two points: only the
spiller may, and only by what is listed above.
";

/// Creates the finding that *after* is a different program than *before*: `primary` is the site
/// of the difference in *after*, and `secondary` are the sites it is compared with, which may
/// be in *before*.
pub fn changed_program(message: String, primary: Label, secondary: Vec<Label>) -> Finding {
    Finding {
        code: Code::ChangedProgram,
        message,
        slot: None,
        location: None,
        values: Vec::new(),
        safepoint: None,
        primary,
        secondary,
        witness: Vec::new(),
        notes: Vec::new(),
        help: "leave the program as it is: add only slots, their accesses and map entries, and \
               blocks on split edges",
    }
}
