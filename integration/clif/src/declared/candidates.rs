//! Which values of a function may be declared, and which certainly are.

use rustc_hash::FxHashSet;

use super::Declared;
use crate::liveness::Reachable;
use crate::names::Names;
use crate::version::AtLeast;
use crate::view::Function;

/// Which values of a function may be declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidates {
    /// The indices of values that may be, as they were declared: some are aliases.
    pub(crate) possible: Vec<u32>,
    /// The indices of those that certainly are, aliases resolved; `None` if all are.
    certain: Option<FxHashSet<u32>>,
    /// The indices of those that a `;! declare` line names which any program may have
    /// printed, aliases resolved; `None` if there is no such line.
    hinted: Option<FxHashSet<u32>>,
}

impl Candidates {
    /// What the record says of the function before, whose text is of at least this
    /// version. Values it does not mention are left out.
    ///
    /// What certainly is declared does not depend on what the spiller did: one that
    /// spills a value it was not told of is wrong.
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
            // An alias may be declared without a trace, and so may what is not used.
            original != value || certain.contains(&original) || !reachable.uses(original)
        };
        let possible = listed.into_iter().filter(may_be).collect();
        Candidates { possible, certain: Some(certain), hinted }
    }

    /// Whether the value with this number is certainly declared.
    pub(crate) fn is_certain(&self, number: u32, names: &Names) -> bool {
        let Some(certain) = &self.certain else { return true };
        names.values.index(number).is_some_and(|index| certain.contains(&index))
    }

    /// Those of these values that a `;! declare` line names which any program may have
    /// printed; `None` if there is no such line. `number` tells a value's number.
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

/// The indices of values whose use the spiller found, and what it looked at; `None`
/// if what it logged is not all there, or is of another function.
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
