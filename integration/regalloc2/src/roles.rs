//! The role of each operand of an instruction in the proof.
//!
//! Both programs number an instruction's uses and defs by the roles given here,
//! and so agree on which operand is which.

use regalloc2::{Function, Inst, Operand, OperandKind, OperandPos, PReg};

/// The role of an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A register outside the allocator's view
    /// ([`Operand::fixed_nonallocatable`]), which the instruction may read or
    /// write: what it holds is nobody's value.
    Untracked(PReg),
    /// Reads use number so-and-so of the operation.
    Use(u32),
    /// Writes def number so-and-so of the operation.
    Define(u32),
    /// Writes something that is no value: one of several defs of a vreg, but for
    /// the last.
    Overwrite,
}

/// Whether a safepoint defines a value early, before the collector runs. The model has two
/// operations for it: one of its early operands, and the safepoint, of its late ones.
pub(crate) fn is_split<F: Function>(function: &F, inst: Inst, is_safepoint: bool) -> bool {
    let mut operands = function.inst_operands(inst).iter();
    is_safepoint
        && operands.any(|operand| {
            operand.kind() == OperandKind::Def
                && operand.pos() == OperandPos::Early
                && operand.as_fixed_nonallocatable().is_none()
        })
}

/// The roles of an instruction's operands, in operand order. If it is split, uses and defs are
/// numbered by operation.
///
/// If the function [allows](Function::allow_multiple_vreg_defs) several defs
/// of a vreg in one instruction, "the semantics are as if the definition occurs
/// only once, and all defs will get the same alloc". The one that counts is the
/// last to be written; the places of the others are overwritten with something
/// unknown, which changes nothing if all are the same place.
///
/// Cost: linear in the operands; quadratic in the defs if they may repeat.
pub(crate) fn of<F: Function>(function: &F, inst: Inst, is_split: bool, roles: &mut Vec<Role>) {
    let operands = function.inst_operands(inst);
    let may_repeat = function.allow_multiple_vreg_defs();
    // Of early operands, and of late ones.
    let mut counts = [(0, 0); 2];
    roles.clear();
    roles.extend(operands.iter().enumerate().map(|(i, operand)| {
        let is_second = is_split && operand.pos() == OperandPos::Late;
        let (uses, defs) = &mut counts[usize::from(is_second)];
        match (operand.as_fixed_nonallocatable(), operand.kind()) {
            (Some(register), OperandKind::Use | OperandKind::Def) => Role::Untracked(register),
            (None, OperandKind::Use) => {
                *uses += 1;
                Role::Use(*uses - 1)
            }
            (None, OperandKind::Def) if may_repeat && is_repeated(operands, i) => Role::Overwrite,
            (None, OperandKind::Def) => {
                *defs += 1;
                Role::Define(*defs - 1)
            }
        }
    }));
}

/// Whether a def of the same vreg is written after the one at `i`.
fn is_repeated(operands: &[Operand], i: usize) -> bool {
    let order = |(at, operand): (usize, &Operand)| match operand.pos() {
        OperandPos::Early => (0, at),
        OperandPos::Late => (1, at),
    };
    let this = &operands[i];
    operands.iter().enumerate().any(|(j, other)| {
        other.kind() == OperandKind::Def
            && other.vreg() == this.vreg()
            && order((j, other)) > order((i, this))
    })
}
