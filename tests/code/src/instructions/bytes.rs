//! Faults in the bytes of x86-64 code.

use cranelift_codegen::CompiledCode;
use iced_x86::{Mnemonic, OpKind, Register};
use stackmap_oracle::dice::Dice;

use super::decoded::{Access, accesses, instructions, roots, without};

/// Changes some code, if there is a place for it.
pub(super) type Inject = fn(&CompiledCode, &mut Dice<'_>) -> Option<Vec<u8>>;

/// Returns the code, the accesses of places that stack maps list, and the other accesses.
fn split(code: &CompiledCode) -> (&[u8], Vec<Access>, Vec<Access>) {
    let roots = roots(code);
    let bytes = code.buffer.data();
    let (of_roots, others) =
        accesses(bytes).into_iter().partition(|access| roots.contains(&access.offset));
    (bytes, of_roots, others)
}

fn pick(mut accesses: Vec<Access>, dice: &mut Dice<'_>, is: fn(&Access) -> bool) -> Option<Access> {
    accesses.retain(is);
    let count = accesses.len();
    (count > 0).then(|| accesses.swap_remove(dice.below(count)))
}

/// Returns a place of a root other than this one.
fn other_root(code: &CompiledCode, dice: &mut Dice<'_>, offset: u32) -> Option<u32> {
    let roots: Vec<u32> = roots(code).into_iter().filter(|&root| root != offset).collect();
    dice.pick(&roots)
}

pub(super) fn drop_load(code: &CompiledCode, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, roots, _) = split(code);
    Some(pick(roots, dice, |access| access.is_load)?.without(bytes))
}

pub(super) fn drop_store(code: &CompiledCode, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, roots, _) = split(code);
    Some(pick(roots, dice, |access| access.is_store)?.without(bytes))
}

pub(super) fn redirect_load(code: &CompiledCode, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, roots, _) = split(code);
    let access = pick(roots, dice, |access| access.is_load)?;
    access.at(bytes, other_root(code, dice, access.offset)?)
}

/// A root is loaded into a register that nothing uses.
pub(super) fn reload_elsewhere(code: &CompiledCode, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, roots, _) = split(code);
    let loads = roots.into_iter().filter_map(|access| access.elsewhere(bytes));
    dice.pick(&loads.collect::<Vec<_>>())
}

pub(super) fn redirect_store(code: &CompiledCode, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, roots, _) = split(code);
    let access = pick(roots, dice, |access| access.is_store)?;
    access.at(bytes, other_root(code, dice, access.offset)?)
}

pub(super) fn shift_access(code: &CompiledCode, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, roots, _) = split(code);
    let by = dice.pick(&[1, 4, 8, 16])?;
    let access = pick(roots, dice, |_| true)?;
    access.at(bytes, access.offset + by)
}

pub(super) fn foreign_store(code: &CompiledCode, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, _, others) = split(code);
    let access = pick(others, dice, |access| access.is_store)?;
    access.at(bytes, other_root(code, dice, access.offset)?)
}

pub(super) fn foreign_load(code: &CompiledCode, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, _, others) = split(code);
    let access = pick(others, dice, |access| access.is_load)?;
    access.at(bytes, other_root(code, dice, access.offset)?)
}

/// A store that overlaps a root and what is below it.
pub(super) fn overlapping_store(code: &CompiledCode, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, _, others) = split(code);
    let access = pick(others, dice, |access| access.is_store && access.size > 1)?;
    let root = other_root(code, dice, access.offset)?;
    access.at(bytes, root.checked_sub(access.size / 2)?)
}

/// The instruction that allocates again what a callee took from the stack is lost.
pub(super) fn lose_stack(code: &CompiledCode, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let bytes = code.buffer.data();
    let calls: Vec<u64> =
        code.buffer.user_stack_maps().iter().map(|(at, _, _)| u64::from(*at)).collect();
    let last = calls.iter().max().copied()?;
    let lowers = |instruction: &iced_x86::Instruction| {
        instruction.mnemonic() == Mnemonic::Sub
            && instruction.op0_register() == Register::RSP
            && instruction.op1_kind() != OpKind::Register
            && instruction.ip() < last
    };
    let all: Vec<_> = instructions(bytes).map(|(instruction, _)| instruction).collect();
    let found: Vec<_> = all.into_iter().filter(lowers).collect();
    Some(without(bytes, &dice.pick(&found)?))
}
