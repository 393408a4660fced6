//! Numbers that become two references.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_oracle::program::Built;
use stackmap_verifier::model::{Block, Value};

/// Whether some value that is not declared reaches two declared parameters, directly or through
/// parameters that are not declared.
///
/// In the pair, each of these parameters makes the value a reference of its own, and at the
/// second one all copies are fresh again, since they are copies of a number. In the function
/// alone, which does not show conversions, the value is one reference from the first parameter
/// on.
pub(crate) fn is_converted_twice(built: &Built) -> bool {
    let declared: BTreeSet<Value> = built.declared.iter().copied().collect();
    let before = &built.before;
    let mut receivers: BTreeMap<Value, Vec<Value>> = BTreeMap::new();
    for edge in (0..before.block_count()).map(Block::new).flat_map(|block| before.edges(block)) {
        for (&param, &from) in before.params(edge.target).iter().zip(edge.arguments) {
            receivers.entry(from).or_default().push(param);
        }
    }
    let undeclared = receivers.keys().copied().filter(|value| !declared.contains(value));
    undeclared.into_iter().any(|value| {
        let (mut seen, mut work, mut conversions) = (BTreeSet::new(), vec![value], 0);
        while let Some(from) = work.pop() {
            for &to in receivers.get(&from).into_iter().flatten() {
                match declared.contains(&to) {
                    true => conversions += 1,
                    false if seen.insert(to) => work.push(to),
                    false => {}
                }
            }
        }
        conversions > 1
    })
}
