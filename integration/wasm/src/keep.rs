//! The functions whose texts are kept although they are verified.

use std::collections::BTreeSet;

use stackmap_report::{FunctionResult, Verdict};

use crate::judged::Judged;
use crate::order::order;

/// The functions whose texts are kept although they are verified; those of others are dropped once
/// they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep<'f> {
    /// None.
    #[default]
    Nothing,
    /// The first ones of each module, in the order of their numbers.
    First(usize),
    /// Those with these names, such as `u0:3`.
    Named(&'f [String]),
    /// All, however large they are.
    All,
}

/// The same, as threads share it.
#[derive(Clone, Debug)]
pub(crate) enum Keeper {
    Nothing,
    First(usize),
    Named(BTreeSet<String>),
    All,
}

impl From<Keep<'_>> for Keeper {
    fn from(keep: Keep<'_>) -> Self {
        match keep {
            Keep::Nothing => Keeper::Nothing,
            Keep::First(most) => Keeper::First(most),
            Keep::Named(names) => Keeper::Named(names.iter().cloned().collect()),
            Keep::All => Keeper::All,
        }
    }
}

impl Keeper {
    /// Returns whether the texts of a function are kept, as far as its name tells.
    pub(crate) fn keeps(&self, function: &str) -> bool {
        match self {
            Keeper::Nothing => false,
            Keeper::Named(names) => names.contains(function),
            Keeper::First(_) | Keeper::All => true,
        }
    }

    /// Returns the same for what becomes of functions, of which those with these names come first.
    pub(crate) fn among<'n>(&self, first: impl Iterator<Item = &'n String>) -> Keeper {
        match self {
            Keeper::First(_) => Keeper::Named(first.cloned().collect()),
            Keeper::Nothing | Keeper::Named(_) | Keeper::All => self.clone(),
        }
    }

    /// Returns the number of functions that are kept, if it is limited.
    pub(crate) fn most(&self) -> usize {
        match *self {
            Keeper::First(most) => most,
            Keeper::Nothing | Keeper::Named(_) | Keeper::All => usize::MAX,
        }
    }

    /// Drops, with `slim`, what is beyond the first functions, once there are twice as many.
    pub(crate) fn prune(&self, judged: &mut [Judged], is_last: bool, slim: impl Fn(&mut Judged)) {
        let Keeper::First(most) = *self else { return };
        let kept = judged.iter().filter(|judged| is_kept(judged)).count();
        if kept > most.saturating_mul(2) || (is_last && kept > most) {
            judged.sort_by_cached_key(|judged| order(&judged.result));
            let mut kept = 0;
            for judged in judged.iter_mut().filter(|judged| is_kept(judged)) {
                kept += 1;
                if kept > most {
                    slim(judged);
                }
            }
        }
    }
}

/// Returns whether a function has texts that would be dropped if it were not kept.
fn is_kept(judged: &Judged) -> bool {
    let FunctionResult { verdict, findings, texts, .. } = &judged.result;
    *verdict == Verdict::Verified && findings.is_empty() && texts.is_some()
}
