//! What the reader knows about each opcode.
//!
//! CLIF text is self-describing enough that an opcode nobody here has heard of
//! can be read: its value operands are observed, its results defined. What the
//! text does not say is kept in a table: which opcodes end a block, run the
//! collector, touch stack slots, and what type their results have. The table is
//! the union over all versions that have stack maps; the in-memory front end
//! tests it against Cranelift's own opcode predicates.

mod control;
mod effect;
mod format;
mod table;

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

pub use control::{Control, TypeSet};
pub use effect::Effect;
pub use format::{Format, Operand};

use crate::types::Type;
use crate::view::Role;

/// What an instruction is to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Computes its results from its operands and does nothing else.
    Compute,
    /// `bitcast`: gives its operand, bit for bit.
    Bitcast,
    /// Looks at operand 0 and gives one of the others, bit for bit: `select`.
    Select,
    /// Does something the verifier need not know: traps, fences, atomics...
    Other,
    /// Not in the table.
    Unknown,
    /// Takes the address of a stack slot.
    StackAddr,
    /// `stack_load`: the slot itself is an operand.
    StackLoad,
    /// `stack_store`.
    StackStore,
    /// Reads memory at an address. With `Some(n)`, reads n bytes and extends
    /// them; otherwise the whole result.
    Load(Option<u32>),
    /// Writes memory at an address. With `Some(n)`, only the low n bytes of the
    /// operand.
    Store(Option<u32>),
    /// Names a block without branching to it.
    NamesBlock,
    /// `call`.
    Call,
    /// `call_indirect`.
    CallIndirect,
    /// `stack_switch`: continues elsewhere and may come back. To Cranelift's
    /// safepoint pass it is a call.
    Switch,
    /// `try_call`: a call that ends its block.
    TryCall,
    /// `try_call_indirect`.
    TryCallIndirect,
    /// `return_call`: a call that does not come back.
    ReturnCall,
    /// `return_call_indirect`.
    ReturnCallIndirect,
    /// `jump`.
    Jump,
    /// `brif`.
    Branch,
    /// `br_table`.
    BranchTable,
    /// `return`, or a trap that is always taken.
    Exit,
}

impl Class {
    /// Whether it is the last instruction of its block.
    pub fn is_terminator(self) -> bool {
        match self {
            Class::TryCall
            | Class::TryCallIndirect
            | Class::ReturnCall
            | Class::ReturnCallIndirect
            | Class::Jump
            | Class::Branch
            | Class::BranchTable
            | Class::Exit => true,
            Class::Compute
            | Class::Bitcast
            | Class::Select
            | Class::Other
            | Class::Unknown
            | Class::StackAddr
            | Class::StackLoad
            | Class::StackStore
            | Class::Load(_)
            | Class::Store(_)
            | Class::NamesBlock
            | Class::Call
            | Class::CallIndirect
            | Class::Switch => false,
        }
    }

    /// What it is to the verifier.
    pub fn role(self) -> Role {
        match self {
            Class::Compute | Class::StackAddr | Class::NamesBlock => Role::Compute,
            Class::Bitcast => Role::Forward { first: 0 },
            Class::Select => Role::Forward { first: 1 },
            Class::Call
            | Class::CallIndirect
            | Class::Switch
            | Class::TryCall
            | Class::TryCallIndirect => Role::Safepoint,
            Class::Jump => Role::Jump,
            Class::Unknown => Role::Unknown,
            Class::Other
            | Class::StackLoad
            | Class::StackStore
            | Class::Load(_)
            | Class::Store(_)
            | Class::ReturnCall
            | Class::ReturnCallIndirect
            | Class::Branch
            | Class::BranchTable
            | Class::Exit => Role::Plain,
        }
    }

    /// Whether it has edges to other blocks.
    pub fn is_branch(self) -> bool {
        match self {
            Class::TryCall
            | Class::TryCallIndirect
            | Class::Jump
            | Class::Branch
            | Class::BranchTable => true,
            Class::ReturnCall
            | Class::ReturnCallIndirect
            | Class::Exit
            | Class::Compute
            | Class::Bitcast
            | Class::Select
            | Class::Other
            | Class::Unknown
            | Class::StackAddr
            | Class::StackLoad
            | Class::StackStore
            | Class::Load(_)
            | Class::Store(_)
            | Class::NamesBlock
            | Class::Call
            | Class::CallIndirect
            | Class::Switch => false,
        }
    }
}

/// How the types of the results follow from the controlling type: the one that
/// is printed after the opcode, or else the type of one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Derived {
    /// The same type.
    Same,
    /// The same type, then an `i8` flag.
    Flagged,
    /// What a comparison gives.
    Truthy,
    /// The type of one lane.
    Lane,
    /// Twice the lanes, half as wide.
    Split,
    /// Half the lanes, twice as wide.
    Merge,
    /// Two results of half the width.
    Halves,
    /// One of double width.
    Double,
    /// The vector behind a dynamic one.
    Vector,
}

/// What is known about an opcode's results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Results {
    /// There are none.
    None,
    /// What the callee's signature returns.
    Signature,
    /// One, always of this type.
    Fixed(Type),
    /// Derived from the controlling type.
    Of(Derived),
    /// Anything: the opcode is unknown.
    Unknown,
}

/// One opcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Opcode {
    /// Its name in CLIF; empty if it is not in the table.
    pub name: &'static str,
    /// What it is.
    pub class: Class,
    /// What stands behind it; `None` if nobody knows.
    pub format: Option<Format>,
    /// Its controlling type.
    pub control: Control,
    /// Its results.
    pub results: Results,
}

static UNKNOWN: Opcode = Opcode {
    name: "",
    class: Class::Unknown,
    format: None,
    control: Control::Unknown,
    results: Results::Unknown,
};

/// The table by name. Every instruction that is read is looked up.
static BY_NAME: LazyLock<FxHashMap<&'static str, &'static Opcode>> =
    LazyLock::new(|| table::OPCODES.iter().map(|opcode| (opcode.name, opcode)).collect());

impl Opcode {
    /// The opcode of this name, or one of class [`Class::Unknown`].
    pub fn lookup(name: &str) -> &'static Opcode {
        BY_NAME.get(name).copied().unwrap_or(&UNKNOWN)
    }

    /// Whether it has a controlling type.
    pub fn is_typed(&self) -> bool {
        matches!(self.control, Control::Printed(_) | Control::Operand(..))
    }

    /// Whether its controlling type is always printed.
    pub fn prints_type(&self) -> bool {
        matches!(self.control, Control::Printed(_))
    }

    /// The name of a type that it works on.
    pub fn example(&self) -> &'static str {
        let names = ["i32", "i64", "i32x4", "f32", "r64"];
        let set = match self.control {
            Control::Printed(set) | Control::Operand(_, set) => Some(set),
            Control::None | Control::Unknown => None,
        };
        let is_in =
            |name: &&str| set.zip(Type::parse(name)).is_some_and(|(set, t)| set.contains(t));
        names.into_iter().find(is_in).unwrap_or("i32")
    }

    /// How many results it has; `None` if that is not the opcode's to say.
    pub fn result_count(&self) -> Option<usize> {
        match self.results {
            Results::None => Some(0),
            Results::Fixed(_) => Some(1),
            Results::Of(Derived::Flagged | Derived::Halves) => Some(2),
            Results::Of(_) => Some(1),
            Results::Signature | Results::Unknown => None,
        }
    }

    /// The types of the results, given the controlling type.
    pub fn result_type(&self, control: Option<Type>, result: usize) -> Option<Type> {
        match (self.results, result) {
            (Results::Fixed(fixed), 0) => Some(fixed),
            (Results::Of(derived), _) => derive(derived, control?, result),
            (Results::None | Results::Signature | Results::Fixed(_) | Results::Unknown, _) => None,
        }
    }
}

fn derive(derived: Derived, control: Type, result: usize) -> Option<Type> {
    match (derived, result) {
        (Derived::Same | Derived::Flagged, 0) => Some(control),
        (Derived::Flagged, 1) => Some(Type::I8),
        (Derived::Truthy, 0) => Some(control.as_truthy()),
        (Derived::Lane, 0) => Some(control.lane_of()),
        (Derived::Split, 0) => control.split_lanes(),
        (Derived::Merge, 0) => control.merge_lanes(),
        (Derived::Halves, 0 | 1) => control.half_width(),
        (Derived::Double, 0) => control.double_width(),
        (Derived::Vector, 0) => control.dynamic_to_vector(),
        (
            Derived::Same
            | Derived::Flagged
            | Derived::Truthy
            | Derived::Lane
            | Derived::Split
            | Derived::Merge
            | Derived::Halves
            | Derived::Double
            | Derived::Vector,
            _,
        ) => None,
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
