//! SM009: a reference flows into a value nobody declared.

use super::{Code, Finding};
use crate::explain::{Instance, Moment, Story};
use crate::model::{Location, Value};

pub(super) const CODE: &str = "SM009";
pub(super) const NAME: &str = "undeclared-reference";
pub(super) const EXPLAIN: &str = "\
A reference is passed to a value that was not declared to be one, and that value is
needed after a safepoint.

The spiller knows of the values it was told of. A block parameter that receives a
reference, or a `select` of references, is a reference as well; if nobody declares
it, it is neither spilled nor listed, and what it holds after the safepoint is a
dangling pointer.

    ;! declare v0
    block0(v0: i32):
        jump block1(v0)
    block1(v1: i32):            ; v1 is a reference, but not declared
        call fn1()
        call fn2(v1)

The spiller did what it was asked; its caller asked for too little. Code that
declares values as it makes them misses the parameters that SSA construction
inserts (wasmtime PRs 10456 and 13449 were two such holes).

To mend it, declare the value, or the variable it belongs to.
";

/// `value`, undeclared, held a reference at `safepoint` and is observed at `at`.
pub(crate) struct UndeclaredReference {
    pub(crate) value: Value,
    pub(crate) instance: Instance,
    pub(crate) safepoint: Moment,
    pub(crate) at: Location,
}

impl UndeclaredReference {
    pub(crate) fn finding(self, story: &Story<'_>) -> Finding {
        let value = story.value(self.value);
        let received = story.received(self.value, self.safepoint);
        let primary = story.label(
            story.failure.point(),
            format!(
                "{value} is read from {}, a copy from before the safepoint",
                story.location(self.at)
            ),
        );
        let crossed = story.label_at(
            self.safepoint,
            format!(
                "{value} is live across this safepoint, but nobody declared it to be a reference"
            ),
        );
        let secondary = vec![received.1.clone(), crossed.clone()];
        let events = vec![
            story.defined(self.instance),
            received,
            (self.safepoint, crossed),
            (story.end(), primary.clone()),
        ];
        Finding {
            code: Code::UndeclaredReference,
            message: format!("{value} receives a reference but is not declared to be one"),
            slot: None,
            values: vec![story.bare_value(self.value)],
            safepoint: story.point(self.safepoint).map(|point| story.site(point)),
            primary,
            secondary,
            witness: story.witness(events),
            notes: Vec::new(),
            help: "declare this value, or the variable it belongs to, as needing stack maps",
        }
    }
}
