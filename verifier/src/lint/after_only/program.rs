//! The *after* program alone: the role of each operand, and the kind of each result.

use crate::model::{After, InstructionId, Location};

/// The role of an operand in an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Reads or writes memory at it, or calls it.
    Dereferenced,
    /// Stores it to memory, passes it to a call, or returns it.
    Given,
    /// The results are copies of it, or may be.
    Copied,
    /// The results are it plus or minus something, or it in another width: if it
    /// is the address of an object, so are they.
    Offset,
    /// Anything that does not depend on where an object is: a comparison, a test
    /// of tag bits, a branch.
    Examined,
}

/// The kind of an instruction's results, disregarding operands that they copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Making {
    /// Something that no collector moves: a constant, the address of static data.
    Constant,
    /// The address of something in this frame or of code, and so of no object.
    Address,
    /// Computed from the operands alone. In a root it may be a tagged number.
    Computed,
    /// Anything else: loaded, returned by a call.
    Unknown,
}

/// The properties of an instruction that are not part of its actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nature {
    pub(super) making: Making,
    /// Whether it loads from memory that is taken to be unchanging, so that an
    /// optimizer may do it earlier or later.
    pub(super) is_movable_load: bool,
    roles: (u32, u32),
}

/// The *after* program, with the properties of its instructions that can be determined without
/// the *before* program.
///
/// [`Action::Use`](crate::model::Action::Use) reads operand number `operand` of
/// the instruction, and
/// [`Action::Define`](crate::model::Action::Define) writes one of its results. A
/// whole value that is written to a cell or read from one is an
/// [`Action::Move`](crate::model::Action::Move). A cell that is read otherwise, in
/// part say, is an operand that is [`Role::Examined`]. The counterparts of blocks and
/// what the instructions perform means nothing here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AfterOnly {
    after: After,
    known: AfterOnlyBuilder,
}

impl AfterOnly {
    /// The program itself.
    pub fn after(&self) -> &After {
        &self.after
    }

    /// Returns the properties of an instruction. An instruction that was never described has
    /// unknown results and no operand roles.
    pub(super) fn nature(&self, instruction: InstructionId) -> Nature {
        let unknown = Nature { making: Making::Unknown, is_movable_load: false, roles: (0, 0) };
        self.known.natures.get(instruction.index()).copied().unwrap_or(unknown)
    }

    /// Returns the roles of an instruction's operands, in order.
    pub(super) fn roles(&self, nature: Nature) -> &[Role] {
        let (start, len) = nature.roles;
        self.known.roles.get(start as usize..(start + len) as usize).unwrap_or(&[])
    }

    /// Returns the kind of an instruction's results, disregarding operands that they copy.
    pub fn making(&self, instruction: InstructionId) -> Making {
        self.nature(instruction).making
    }

    /// Whether an instruction loads from memory that is taken to be unchanging.
    pub fn is_movable_load(&self, instruction: InstructionId) -> bool {
        self.nature(instruction).is_movable_load
    }

    /// Whether a value is of a floating-point or vector type.
    pub fn is_float(&self, at: Location) -> bool {
        self.known.floats.binary_search(&at).is_ok()
    }

    /// Whether an instruction's stack map gives a root a floating-point or vector type.
    pub fn is_float_root(&self, instruction: InstructionId, root: Location) -> bool {
        self.known.float_roots.binary_search(&(instruction, root)).is_ok()
    }

    /// Returns the role of one operand, or `None` if the operand was never described.
    pub fn role(&self, instruction: InstructionId, operand: u32) -> Option<Role> {
        self.roles(self.nature(instruction)).get(operand as usize).copied()
    }
}

/// Builds the part of an [`AfterOnly`] that an [`After`] does not have, in step
/// with the [`AfterBuilder`](crate::model::AfterBuilder) that builds that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AfterOnlyBuilder {
    natures: Vec<Nature>,
    roles: Vec<Role>,
    /// These two are sorted when finished.
    floats: Vec<Location>,
    float_roots: Vec<(InstructionId, Location)>,
}

impl AfterOnlyBuilder {
    /// An empty program.
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins the next instruction. `is_movable_load` says that it loads from
    /// memory that is taken to be unchanging, and may be done earlier or later.
    pub fn instruction(&mut self, making: Making, is_movable_load: bool) {
        let start = u32::try_from(self.roles.len()).unwrap_or(u32::MAX);
        self.natures.push(Nature { making, is_movable_load, roles: (start, 0) });
    }

    /// Adds an operand to the current instruction.
    pub fn operand(&mut self, role: Role) {
        if let Some(nature) = self.natures.last_mut() {
            self.roles.push(role);
            nature.roles.1 += 1;
        }
    }

    /// Records that a value is of a floating-point or vector type.
    pub fn float(&mut self, at: Location) {
        self.floats.push(at);
    }

    /// Records that the stack map of the current instruction gives a root a floating-point or
    /// vector type.
    pub fn float_root(&mut self, root: Location) {
        if let Some(current) = self.natures.len().checked_sub(1) {
            self.float_roots.push((InstructionId::new(current), root));
        }
    }

    /// The finished program.
    pub fn finish(mut self, after: After) -> AfterOnly {
        self.floats.sort_unstable();
        self.floats.dedup();
        self.float_roots.sort_unstable();
        self.float_roots.dedup();
        AfterOnly { after, known: self }
    }
}
