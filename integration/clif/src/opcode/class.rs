//! Classes of instructions.

/// What an instruction is to the verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Computes its results from its operands and has no other effect.
    Compute,
    /// The same, and the result is one of the operands from number `first` on, bit for
    /// bit.
    Forward {
        /// The first operand that the result may be: those before are only looked at.
        first: u8,
    },
    /// A call that comes back: the collector may run.
    Safepoint,
    /// Passes control on without doing anything else: `jump`.
    Jump,
    /// Nobody knows: it may run the collector, or give one of its operands.
    Unknown,
    /// Anything else.
    Plain,
}

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
