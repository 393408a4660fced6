//! Faults in the bytes of code.

use cranelift_codegen::CompiledCode;
use cranelift_codegen::isa::TargetIsa;
use stackmap_oracle::dice::Dice;

use super::decoded::{self, roots};
use super::place::Place;
use super::pulley;

/// The instruction sets for which there are faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    X64,
    Pulley,
}

impl Set {
    /// Returns that of a target, if there are faults for it.
    pub(super) fn of(isa: &dyn TargetIsa) -> Option<Set> {
        match isa.name() {
            "x64" => Some(Set::X64),
            "pulley64" => Some(Set::Pulley),
            _ => None,
        }
    }
}

/// Some code, and the instruction set that it is of.
pub(super) struct Code<'c> {
    pub(super) set: Set,
    pub(super) code: &'c CompiledCode,
}

/// Changes some code, if there is a place for it.
pub(super) type Inject = fn(&Code<'_>, &mut Dice<'_>) -> Option<Vec<u8>>;

/// Returns the code, the accesses of places that stack maps list, and the other accesses.
fn split<'c>(code: &Code<'c>) -> (&'c [u8], Vec<Place>, Vec<Place>) {
    let roots = roots(code.code);
    let bytes = code.code.buffer.data();
    let places = match code.set {
        Set::X64 => decoded::places(bytes),
        Set::Pulley => pulley::accesses(code.code),
    };
    let (of_roots, others) = places.into_iter().partition(|place| roots.contains(&place.offset));
    (bytes, of_roots, others)
}

fn pick(mut accesses: Vec<Place>, dice: &mut Dice<'_>, is: fn(&Place) -> bool) -> Option<Place> {
    accesses.retain(is);
    let count = accesses.len();
    (count > 0).then(|| accesses.swap_remove(dice.below(count)))
}

/// Returns a place of a root other than this one.
fn other_root(code: &Code<'_>, dice: &mut Dice<'_>, offset: u32) -> Option<u32> {
    let roots: Vec<u32> = roots(code.code).into_iter().filter(|&root| root != offset).collect();
    dice.pick(&roots)
}

pub(super) fn drop_load(code: &Code<'_>, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, roots, _) = split(code);
    Some(pick(roots, dice, |access| access.is_load)?.without(bytes))
}

pub(super) fn drop_store(code: &Code<'_>, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, roots, _) = split(code);
    Some(pick(roots, dice, |access| access.is_store)?.without(bytes))
}

pub(super) fn redirect_load(code: &Code<'_>, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, roots, _) = split(code);
    let access = pick(roots, dice, |access| access.is_load)?;
    access.at(bytes, other_root(code, dice, access.offset)?)
}

/// A root is loaded into a register that nothing uses.
pub(super) fn reload_elsewhere(code: &Code<'_>, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, roots, _) = split(code);
    let loads = roots.into_iter().filter_map(|access| access.elsewhere(bytes));
    dice.pick(&loads.collect::<Vec<_>>())
}

pub(super) fn redirect_store(code: &Code<'_>, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, roots, _) = split(code);
    let access = pick(roots, dice, |access| access.is_store)?;
    access.at(bytes, other_root(code, dice, access.offset)?)
}

pub(super) fn shift_access(code: &Code<'_>, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, roots, _) = split(code);
    let by = dice.pick(&[1, 4, 8, 16])?;
    let access = pick(roots, dice, |_| true)?;
    access.at(bytes, access.offset + by)
}

pub(super) fn foreign_store(code: &Code<'_>, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, _, others) = split(code);
    let access = pick(others, dice, |access| access.is_store)?;
    access.at(bytes, other_root(code, dice, access.offset)?)
}

pub(super) fn foreign_load(code: &Code<'_>, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, _, others) = split(code);
    let access = pick(others, dice, |access| access.is_load)?;
    access.at(bytes, other_root(code, dice, access.offset)?)
}

/// A store that overlaps a root and what is below it.
pub(super) fn overlapping_store(code: &Code<'_>, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let (bytes, _, others) = split(code);
    let access = pick(others, dice, |access| access.is_store && access.size > 1)?;
    let root = other_root(code, dice, access.offset)?;
    access.at(bytes, root.checked_sub(access.size / 2)?)
}

/// The instruction that lowers the stack pointer is lost: that in front of all calls, or behind one
/// that takes arguments from the stack.
pub(super) fn lose_stack(code: &Code<'_>, dice: &mut Dice<'_>) -> Option<Vec<u8>> {
    let mut found = match code.set {
        Set::X64 => decoded::not_lowered(code.code),
        Set::Pulley => pulley::not_lowered(code.code),
    };
    let count = found.len();
    (count > 0).then(|| found.swap_remove(dice.below(count)))
}
