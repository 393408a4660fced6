//! Records that no published Cranelift wrote.
//!
//! Cranelift 0.119 to 0.131 lists all values up to the largest where it should list the declared
//! ones, so a set that may be of these versions is not known. Another program that writes the same
//! records, or a test written by hand, lists what is declared. Such a pair is taken for one if both
//! of its writers differ from those versions:
//!
//! * The *printer*: each of them writes a comment with the constant behind an instruction that
//!   uses the result of an `iconst`, and one is missing.
//! * The *spiller*: each of them inserts only spills and reloads of declared values, all of which
//!   are listed, whichever version it is. Here it makes a constant, or spills a value that is not
//!   listed: it writes null to a root.
//!
//! The first alone is not enough. Comments may be lost on the way, and then a set with its gaps
//! filled would be taken as it is listed: a right pair would seem to lose the integers in it
//! (violated), and a wrong one that spills an integer would seem to be right (verified). With the
//! second, one of the published spillers is excluded, whatever happened to its output. What is left
//! is a changed Cranelift of these versions that initialises roots, and whose comments were lost;
//! such a log has to say its version.

use crate::ast::{Definition, Function, Instruction};
use crate::names::Names;
use crate::opcode::Class;

/// Returns whether neither the printer nor the spiller of a pair is that of a published Cranelift,
/// where `listed` holds the numbers of the listed values.
pub(crate) fn is_foreign(
    before: &Function<'_>,
    after: &Function<'_>,
    listed: &[u32],
    names: &Names,
) -> bool {
    let is_printed_by_others = before.hides_constants || after.hides_constants;
    let is_spilled_by_others = |instruction: &Instruction<'_>| {
        makes_constant(before, after, instruction)
            || spills_unlisted(before, after, instruction, listed, names)
    };
    is_printed_by_others && after.instructions.iter().any(is_spilled_by_others)
}

/// Returns whether an instruction of the after function makes a constant that the before function
/// does not have.
fn makes_constant(
    before: &Function<'_>,
    after: &Function<'_>,
    instruction: &Instruction<'_>,
) -> bool {
    let mut results = instruction.results.of(&after.value_pool).iter();
    instruction.name == "iconst"
        && results.all(|&result| before.value(result).definition == Definition::Missing)
}

/// Returns whether an instruction of the after function spills a value that is not listed, under
/// any of its names.
fn spills_unlisted(
    before: &Function<'_>,
    after: &Function<'_>,
    instruction: &Instruction<'_>,
    listed: &[u32],
    names: &Names,
) -> bool {
    let is_of_slot = instruction.slot.is_some_and(|slot| before.slot(slot).is_none());
    let spilled = instruction.operands.of(&after.value_pool).first();
    let is_store = instruction.opcode.class == Class::StackStore;
    let Some(&spilled) = spilled.filter(|_| is_store && is_of_slot) else { return false };
    let mut listed = listed.iter().filter_map(|&number| names.values.index(number));
    !listed.any(|value| before.resolve(value) == after.resolve(spilled))
}
