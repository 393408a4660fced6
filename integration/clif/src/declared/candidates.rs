//! The values of a function that may be declared, and those that must be.

use rustc_hash::FxHashSet;

use super::Declared;
use crate::liveness::Reachable;
use crate::names::Names;
use crate::version::AtLeast;
use crate::view::Function;

/// The values of a function that may be declared references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidates {
    /// The indices of the values that may be declared, as listed: some are aliases.
    pub(crate) possible: Vec<u32>,
    /// The indices of the values that are certainly declared, with aliases resolved; `None` if all
    /// are.
    certain: Option<FxHashSet<u32>>,
    /// The indices of the values named by a `;! declare` line that any program may have printed,
    /// with aliases resolved; `None` if there is no such line.
    hinted: Option<FxHashSet<u32>>,
}

impl Candidates {
    /// Returns the candidates that the record gives for the function before, whose text is of at
    /// least this version. Values that the function does not mention are left out.
    ///
    /// The set of certainly declared values does not depend on what the spiller did: a spiller that
    /// spills an undeclared value is wrong.
    pub(crate) fn of<F: Function>(
        declared: &Declared,
        version: AtLeast,
        before: &F,
        names: &Names,
    ) -> Candidates {
        let index = |number: &u32| names.values.index(*number);
        let listed: Vec<u32> = declared.values().iter().filter_map(index).collect();
        if declared.is_exact(version) {
            return Candidates { possible: listed, certain: None, hinted: None };
        }
        let hinted = declared.hint().map(|named| {
            named.iter().filter_map(index).map(|value| before.resolve(value)).collect()
        });
        let largest = declared.largest().as_ref().and_then(index);
        let mut certain: FxHashSet<u32> =
            largest.map(|value| before.resolve(value)).into_iter().collect();
        let Some((used, reachable)) = evidence(declared, before, names) else {
            return Candidates { possible: listed, certain: Some(certain), hinted };
        };
        certain.extend(&used);
        let may_be = |&value: &u32| {
            let original = before.resolve(value);
            // Declared aliases and unused values leave no trace in the spiller's messages.
            original != value || certain.contains(&original) || !reachable.uses(original)
        };
        let possible = listed.into_iter().filter(may_be).collect();
        Candidates { possible, certain: Some(certain), hinted }
    }

    /// Returns whether the value with this number is certainly declared.
    pub(crate) fn is_certain(&self, number: u32, names: &Names) -> bool {
        let Some(certain) = &self.certain else { return true };
        names.values.index(number).is_some_and(|index| certain.contains(&index))
    }

    /// Returns those of `values` that are named by a `;! declare` line which any program may have
    /// printed; `None` if there is no such line. `number` maps a value to its number.
    pub(crate) fn hinted<V: Copy>(
        &self,
        values: &[V],
        number: impl Fn(V) -> Option<u32>,
        names: &Names,
    ) -> Option<Vec<V>> {
        let hinted = self.hinted.as_ref()?;
        let index = |value| names.values.index(number(value)?);
        let is_named = |value: &V| index(*value).is_some_and(|index| hinted.contains(&index));
        Some(values.iter().copied().filter(is_named).collect())
    }
}

/// Returns the indices of the values of which the spiller found a use, and the part of the function
/// that it examined; `None` if the logged messages are incomplete, or belong to another function.
fn evidence<F: Function>(
    declared: &Declared,
    before: &F,
    names: &Names,
) -> Option<(FxHashSet<u32>, Reachable)> {
    let liveness = declared.liveness.as_deref()?;
    let reachable = Reachable::of(before);
    if !liveness.is_complete(&reachable, names) {
        return None;
    }
    let index = |&number: &u32| names.values.index(number).filter(|&value| reachable.uses(value));
    let used: Option<FxHashSet<u32>> = liveness.used().iter().map(index).collect();
    Some((used?, reachable))
}
