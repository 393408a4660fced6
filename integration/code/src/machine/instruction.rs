//! What one machine instruction does, as far as addresses of the frame depend on it.

/// A register. Its parts have the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Register(pub(crate) u16);

/// One machine instruction.
#[derive(Clone, Debug)]
pub(crate) struct Instruction {
    /// Its offset in the code.
    pub(crate) start: u32,
    /// The offset behind it.
    pub(crate) end: u32,
    pub(crate) control: Control,
    /// The accesses of memory, without that of the return address by a call.
    pub(crate) accesses: Vec<Access>,
    /// The registers whose content it uses other than as the address of an access.
    pub(crate) reads: Vec<Register>,
    /// The registers that it writes, and what with. All are written at once. For a call these are
    /// the registers of arguments that it copies, not what the callee writes.
    pub(crate) writes: Vec<(Register, Source)>,
    /// What its accesses write, if one does.
    pub(crate) stored: Source,
    /// From where to where it copies, if it computes nothing. A part of a register stands for the
    /// register.
    pub(crate) copied: Option<(Operand, Operand)>,
    /// The two registers of which it computes the difference or the exclusive or, and nothing else.
    /// If both hold the same, that is zero, whatever they hold.
    pub(crate) difference: Option<[Register; 2]>,
}

/// An operand that is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operand {
    Register(Register),
    /// What the only access is of.
    Memory,
}

/// Where control goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    /// To the next instruction.
    Next,
    /// To an offset in the code, or outside of it.
    Jump(u64),
    /// To an offset in the code, or to the next instruction.
    Branch(u64),
    /// To an address that a register or memory holds.
    Indirect,
    /// To a function, which returns to the next instruction.
    Call,
    /// To the caller.
    Return,
    /// Nowhere.
    Trap,
}

/// An access of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Access {
    pub(crate) address: Address,
    /// The number of bytes.
    pub(crate) size: u32,
    pub(crate) reads: bool,
    pub(crate) writes: bool,
}

/// The address of an access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    /// The sum of a register and a constant.
    Offset(Register, i64),
    /// The sum of two registers and a constant; one may be multiplied.
    Sum(Register, Register),
    /// It depends on no register that can hold an address of the frame, such as an address in the
    /// code.
    Elsewhere,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The sum of a register and a constant, in full width.
    Offset(Register, i64),
    /// The sum of two registers, in full width.
    Sum(Register, Register),
    /// A number, in full width.
    Constant(i64),
    /// What the first access reads, in full width.
    Loaded,
    /// A result computed from the registers and memory that are read.
    Computed,
}

/// Whether memory is read or written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Direction {
    Read,
    Write,
}

impl Instruction {
    /// Returns by how much it changes a register, if that is all it does.
    pub(crate) fn moves(&self, register: Register) -> Option<i64> {
        match (&self.writes[..], self.accesses.is_empty()) {
            (&[(written, Source::Offset(from, by))], true) => {
                (written == register && from == register).then_some(by)
            }
            (_, _) => None,
        }
    }
}

impl Access {
    /// Returns whether it reads, writes, or both.
    pub(crate) fn directions(self) -> impl Iterator<Item = Direction> {
        let reads = self.reads.then_some(Direction::Read);
        let writes = self.writes.then_some(Direction::Write);
        reads.into_iter().chain(writes)
    }
}
