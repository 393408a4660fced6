//! The properties of opcodes that the lowering needs, as defined by Cranelift.

use std::sync::LazyLock;

use super::codegen::ir::Opcode;
use super::support::clif::opcode::{self, Effect};
use super::support::clif::view::Role;

/// The properties of an opcode.
#[derive(Clone, Copy, Debug)]
pub struct Properties {
    /// The role in the model.
    pub role: Role,
    /// The effect on values, according to the text reader's table; `None` if that table lacks the
    /// opcode.
    pub effect: Option<Effect>,
    /// Whether the instruction ends a block.
    pub is_terminator: bool,
    /// Whether it may copy an operand, or derive an address from one.
    pub is_forwarding: bool,
    /// How the instruction names a stack slot.
    pub naming: Naming,
    /// The number of bytes that a load or store other than `load` and `store` moves; `None` if it
    /// is unknown.
    pub partial: Option<u32>,
    /// Whether all of the data but the operands are immediates that mean the same in every
    /// function.
    pub is_plain: bool,
}

/// How an instruction names a stack slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// It names none.
    Nothing,
    /// It takes its address.
    Address,
    /// It reads from it.
    Load,
    /// It writes its operand to it.
    Store,
}

impl Properties {
    /// Returns the properties of an opcode. They are looked up at every instruction.
    pub fn of(opcode: Opcode) -> &'static Properties {
        static ALL: LazyLock<Vec<Properties>> = LazyLock::new(|| {
            let number = |opcode: Opcode| opcode as usize;
            let bound = Opcode::all().iter().map(|&opcode| number(opcode) + 1).max();
            let unused = || Properties::new(Opcode::Nop);
            let mut all: Vec<Properties> = (0..bound.unwrap_or(0)).map(|_| unused()).collect();
            for &opcode in Opcode::all() {
                all[number(opcode)] = Properties::new(opcode);
            }
            all
        });
        &ALL[opcode as usize]
    }

    fn new(opcode: Opcode) -> Self {
        let name = opcode.to_string();
        let format = format!("{:?}", opcode.format());
        let role = role(opcode);
        let effect = Effect::of(opcode::Opcode::lookup(&name));
        let derives = role == Role::Compute && effect.is_some_and(Effect::derives);
        Properties {
            role,
            effect,
            is_terminator: opcode.is_terminator(),
            is_forwarding: derives || matches!(role, Role::Forward { .. } | Role::Unknown),
            naming: match name.as_str() {
                "stack_addr" => Naming::Address,
                "stack_load" => Naming::Load,
                "stack_store" => Naming::Store,
                _ => Naming::Nothing,
            },
            partial: partial(&name),
            is_plain: PLAIN.contains(&format.as_str()),
        }
    }
}

/// Formats that only some versions have, and that consist of operands, and of immediates, slots or
/// blocks that mean the same in every function.
const PLAIN: [&str; 9] = [
    "BinaryImm64",
    "IntCompareImm",
    "StackLoad",
    "StackStore",
    "DynamicStackLoad",
    "DynamicStackStore",
    "StackAddr",
    "DynamicStackAddr",
    "ExceptionHandlerAddress",
];

/// Returns the number of bytes accessed by loads that extend the value read, and by stores that
/// write a part of a value. Only `load` and `store` themselves move a whole value; the size of any
/// other access that is not listed is unknown.
fn partial(name: &str) -> Option<u32> {
    match name {
        "uload8" | "sload8" | "istore8" => Some(1),
        "uload16" | "sload16" | "istore16" => Some(2),
        "uload32" | "sload32" | "istore32" => Some(4),
        "uload8x8" | "sload8x8" | "uload16x4" | "sload16x4" | "uload32x2" | "sload32x2" => Some(8),
        _ => None,
    }
}

fn role(opcode: Opcode) -> Role {
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
