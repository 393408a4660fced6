//! The properties of opcodes that the lowering needs, as defined by Cranelift.

use std::sync::LazyLock;

use cranelift_codegen::ir::Opcode;
use stackmap_clif::opcode::{self, Effect};
use stackmap_clif::view::Role;

/// The number of bytes accessed by loads that extend the value read, and by stores that write a
/// part of a value. Only `load` and `store` themselves move a whole value; the size of any other
/// access that is not listed is unknown.
const PARTIAL: [(Opcode, u32); 15] = [
    (Opcode::Uload8, 1),
    (Opcode::Sload8, 1),
    (Opcode::Istore8, 1),
    (Opcode::Uload16, 2),
    (Opcode::Sload16, 2),
    (Opcode::Istore16, 2),
    (Opcode::Uload32, 4),
    (Opcode::Sload32, 4),
    (Opcode::Istore32, 4),
    (Opcode::Uload8x8, 8),
    (Opcode::Sload8x8, 8),
    (Opcode::Uload16x4, 8),
    (Opcode::Sload16x4, 8),
    (Opcode::Uload32x2, 8),
    (Opcode::Sload32x2, 8),
];

/// Returns the number of bytes that a load or store other than `load` and `store` moves.
pub(crate) fn partial(opcode: Opcode) -> Option<u32> {
    let found = PARTIAL.iter().find(|(partial, _)| *partial == opcode);
    found.map(|(_, bytes)| *bytes)
}

/// A property of each opcode, by its number: it is looked up at every instruction.
struct Table<T>(Vec<T>);

impl<T: Copy> Table<T> {
    fn of(property: impl Fn(Opcode) -> T, unused: T) -> Self {
        let bound = Opcode::all().iter().map(|&opcode| opcode as usize + 1).max().unwrap_or(0);
        let mut table = vec![unused; bound];
        for &opcode in Opcode::all() {
            table[opcode as usize] = property(opcode);
        }
        Table(table)
    }

    fn get(&self, opcode: Opcode) -> T {
        self.0[opcode as usize]
    }
}

/// Returns the effect of an opcode on values, according to the text reader's table; `None` if that
/// table lacks the opcode.
pub(crate) fn effect(opcode: Opcode) -> Option<Effect> {
    static EFFECTS: LazyLock<Table<Option<Effect>>> = LazyLock::new(|| {
        let row = |opcode: Opcode| opcode::Opcode::lookup(&opcode.to_string());
        Table::of(|opcode| Effect::of(row(opcode)), None)
    });
    EFFECTS.get(opcode)
}

/// Returns the role of an opcode in the model.
pub(crate) fn role(opcode: Opcode) -> Role {
    static ROLES: LazyLock<Table<Role>> = LazyLock::new(|| Table::of(role_of, Role::Plain));
    ROLES.get(opcode)
}

fn role_of(opcode: Opcode) -> Role {
    let has_effect = opcode.is_terminator()
        || opcode.is_branch()
        || opcode.is_call()
        || opcode.is_return()
        || opcode.can_load()
        || opcode.can_store()
        || opcode.can_trap()
        || opcode.other_side_effects();
    if opcode.is_safepoint() {
        Role::Safepoint
    } else if opcode == Opcode::Jump {
        Role::Jump
    } else if has_effect {
        Role::Plain
    } else if opcode == Opcode::Bitcast {
        Role::Forward { first: 0 }
    } else if [Opcode::Select, Opcode::SelectSpectreGuard].contains(&opcode) {
        Role::Forward { first: 1 }
    } else {
        Role::Compute
    }
}
