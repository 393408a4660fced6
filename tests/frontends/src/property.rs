//! The property that must hold of any mutant.

use std::sync::LazyLock;

use cranelift_codegen::ir::Function;
use stackmap_oracle::dice::Dice;

use crate::base::{Base, all, generated};
use crate::harmless::explanation;
use crate::mutate::memory::{Pool, Subject};
use crate::mutate::text;
use crate::trial::{Side, Trial};
use crate::verdict::FrontEnds;

static BASES: LazyLock<Vec<Base>> = LazyLock::new(all);

static POOL: LazyLock<Pool> = LazyLock::new(|| {
    let memories = BASES.iter().filter_map(|base| base.memory.as_ref());
    Pool::new(memories.flat_map(|(before, after)| [before, after]))
});

/// Makes up to three changes in a pair, in text or in memory. The bytes choose the changes and
/// the pair, which is one of this crate's or made by a spiller from a random function.
///
/// # Errors
///
/// The oddity of the mutant, if nothing explains it.
pub fn frontends(bytes: &[u8]) -> Result<(), String> {
    let mut dice = Dice::new(bytes);
    let base = match dice.chance(50) {
        true => generated(&mut dice),
        false => Some(BASES[dice.below(BASES.len())].clone()),
    };
    let Some(base) = base else { return Ok(()) };
    let changes = dice.between(1, 3);
    let trial = match &base.memory {
        Some(functions) if dice.chance(40) || !base.has_text => {
            in_memory(&mut dice, &base, functions, changes)
        }
        Some(_) | None => Some(in_text(&mut dice, &base, changes)),
    };
    let Some((trial, shown)) = trial else { return Ok(()) };
    let unexplained: Vec<String> =
        trial.oddities().into_iter().filter(|odd| explanation(odd).is_none()).collect();
    match unexplained.is_empty() {
        true => Ok(()),
        false => Err(format!("{}: {unexplained:?}\n{trial}\n{shown}", base.name)),
    }
}

fn side(dice: &mut Dice<'_>) -> Side {
    if dice.chance(70) { Side::After } else { Side::Before }
}

fn in_text(dice: &mut Dice<'_>, base: &Base, changes: usize) -> (Trial, String) {
    let (mut before, mut after) = (base.before.clone(), base.after.clone());
    for _ in 0..changes {
        let text = match side(dice) {
            Side::Before => &mut before,
            Side::After => &mut after,
        };
        let changes = text::changes(text);
        *text = changes[dice.below(changes.len())].apply(text);
    }
    (Trial::of_text(FrontEnds::REAL, base, &before, &after), format!("{before}{after}"))
}

fn in_memory(
    dice: &mut Dice<'_>,
    base: &Base,
    (before, after): &(Function, Function),
    changes: usize,
) -> Option<(Trial, String)> {
    let (mut before, mut after) = (before.clone(), after.clone());
    let mut shown = String::new();
    for _ in 0..changes {
        let function = match side(dice) {
            Side::Before => &mut before,
            Side::After => &mut after,
        };
        let subject = Subject::new(function, &POOL);
        let change = &subject.changes[dice.below(subject.changes.len())];
        *function = subject.apply(change)?;
        shown.push_str(&format!("{change}\n"));
    }
    Some((Trial::of_functions(FrontEnds::REAL, &before, &base.declared, &after), shown))
}
