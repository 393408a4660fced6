//! SM011: an inserted access of a place that is not the spiller's.

use super::rule::{Rule, Severity, Subject};
use super::{Code, Finding, Label};

pub(super) const RULE: Rule = Rule {
    code: "SM011",
    name: "misplaced-access",
    severity: Severity::Error,
    rank: 16,
    subject: Subject::Slot,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A spill or reload accesses memory that it must not, or accesses it in a wrong way.

What a spiller inserts may store to and load from slots of its own: whole values,
inside the slot, through an address that is defined there, with a type of the same
class and size, and in the byte order and the alias region of the other accesses of
the same bytes.

    ss0 = explicit_slot 8
    store v0, ss0+4             ; an i64: bytes 4..12 of 8

    ss1 = explicit_slot 8       ; a slot that the program has before spilling, too
    store v0, ss1               ; overwrites what the program keeps there

The access overwrites or reads what is not the spiller's, or an optimizer that
believes what it says of itself will move or merge it with others.

To mend it, access the spiller's own slots only, each cell as a whole and always in
the same way.
";

/// Creates the finding that an inserted access of `slot` is one that a spiller may not make:
/// `primary` is the access, and `secondary` are the sites it conflicts with, which may be in
/// *before*. The slot is empty if it is not known.
pub fn misplaced_access(
    message: String,
    slot: String,
    primary: Label,
    secondary: Vec<Label>,
) -> Finding {
    Finding {
        code: Code::MisplacedAccess,
        message,
        slot: (!slot.is_empty()).then_some(slot),
        location: None,
        values: Vec::new(),
        safepoint: None,
        primary,
        secondary,
        witness: Vec::new(),
        notes: Vec::new(),
        help: "access only slots that the spiller made, inside their bounds and each cell as a \
               whole",
    }
}
