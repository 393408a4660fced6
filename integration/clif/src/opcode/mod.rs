//! The reader's knowledge about each opcode.
//!
//! CLIF text is self-describing enough that an unknown opcode can be read: its value operands are
//! observed, its results defined. The facts that the text does not state are kept in a table: which
//! opcodes end a block, run the collector or access stack slots, and the types of their results.
//! The table is the union over all versions that have stack maps; the in-memory front end tests it
//! against Cranelift's own opcode predicates.

mod class;
mod control;
mod effect;
mod entry;
mod format;
mod results;
mod table;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

pub use class::{Class, Role};
pub use control::{Control, TypeSet};
pub(crate) use effect::ATOMICS;
pub use effect::Effect;
pub use entry::Opcode;
pub use format::{Format, Operand};
pub use results::{Derived, Results};

static UNKNOWN: Opcode = Opcode {
    name: "",
    class: Class::Unknown,
    format: None,
    control: Control::Unknown,
    results: Results::Unknown,
};

/// The table by name. Every instruction that is read is looked up here.
static BY_NAME: LazyLock<FxHashMap<&'static str, &'static Opcode>> =
    LazyLock::new(|| table::OPCODES.iter().map(|opcode| (opcode.name, opcode)).collect());

impl Opcode {
    /// Returns the opcode of this name, or one of class [`Class::Unknown`].
    pub fn lookup(name: &str) -> &'static Opcode {
        BY_NAME.get(name).copied().unwrap_or(&UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_each_opcode_once_and_in_order() {
        assert!(table::OPCODES.windows(2).all(|pair| pair[0].name < pair[1].name));
    }

    #[test]
    fn an_unknown_opcode_is_neither_call_nor_branch() {
        let opcode = Opcode::lookup("iadd_of_the_future");
        assert_eq!(opcode.class, Class::Unknown);
        assert!(!opcode.class.is_terminator() && opcode.class.role() == Role::Unknown);
    }
}
