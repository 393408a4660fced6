//! The kinds of faults that are executed.

use stackmap_code_tests::{faults, instructions};

/// A kind of fault.
#[derive(Clone, Copy)]
pub enum Kind {
    /// In the tables.
    Tables(&'static faults::Kind),
    /// In the instructions.
    Instructions(&'static instructions::Kind),
}

impl Kind {
    /// Returns its name, in words.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Tables(kind) => kind.name,
            Kind::Instructions(kind) => kind.name,
        }
    }
}

/// Faults in what this collector does not read: it takes the stack pointer from the call, not from
/// the size of the frame, moves what is a reference whatever its type, and throws to a handler by its
/// number.
const NOT_READ: [&str; 4] =
    ["state another frame size", "retype an entry", "forget the types", "handle another tag"];

/// Returns all kinds of faults that are executed.
pub fn kinds() -> Vec<Kind> {
    let tables = faults::KINDS.iter().filter(|kind| !NOT_READ.contains(&kind.name));
    let instructions = instructions::KINDS.iter().map(Kind::Instructions);
    tables.map(Kind::Tables).chain(instructions).collect()
}
