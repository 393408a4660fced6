//! Classes of instructions.

/// The role of an instruction in the verifier's model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Computes its results from its operands and has no other effect.
    Compute,
    /// Like `Compute`, and the result is a bit-for-bit copy of one of the operands from number
    /// `first` on.
    Forward {
        /// The first operand that the result may be a copy of; earlier operands are only examined.
        first: u8,
    },
    /// A call that returns: the collector may run.
    Safepoint,
    /// Transfers control without any other effect: `jump`.
    Jump,
    /// The effect is unknown: it may run the collector, or return one of its operands.
    Unknown,
    /// Anything else.
    Plain,
}

/// The class of an instruction, which determines how it is read and lowered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Computes its results from its operands and does nothing else.
    Compute,
    /// `bitcast`: returns its operand, bit for bit.
    Bitcast,
    /// Examines operand 0 and returns one of the others, bit for bit: `select`.
    Select,
    /// Has an effect that the verifier need not model: traps, fences, atomics...
    Other,
    /// Not in the table.
    Unknown,
    /// Takes the address of a stack slot.
    StackAddr,
    /// `stack_load`: the slot itself is an operand.
    StackLoad,
    /// `stack_store`.
    StackStore,
    /// Reads memory at an address. With `Some(n)`, reads n bytes and extends them; otherwise reads
    /// the whole result.
    Load(Option<u32>),
    /// Writes memory at an address. With `Some(n)`, writes only the low n bytes of the operand.
    Store(Option<u32>),
    /// Names a block without branching to it.
    NamesBlock,
    /// `call`.
    Call,
    /// `call_indirect`.
    CallIndirect,
    /// `stack_switch`: continues on another stack and may return. Cranelift's safepoint pass treats
    /// it as a call.
    Switch,
    /// `try_call`: a call that ends its block.
    TryCall,
    /// `try_call_indirect`.
    TryCallIndirect,
    /// `return_call`: a call that does not return.
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
    /// Returns whether the instruction is the last of its block.
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

    /// Returns whether the instruction is a call, of any kind.
    pub fn is_call(self) -> bool {
        match self {
            Class::Call
            | Class::CallIndirect
            | Class::TryCall
            | Class::TryCallIndirect
            | Class::ReturnCall
            | Class::ReturnCallIndirect => true,
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
            | Class::Switch
            | Class::Jump
            | Class::Branch
            | Class::BranchTable
            | Class::Exit => false,
        }
    }

    /// Returns the role of the instruction in the verifier's model.
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

    /// Returns whether the instruction has edges to other blocks.
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
