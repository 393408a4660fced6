//! Values of the before function that live across a safepoint.

use fixedbitset::FixedBitSet;
use stackmap_verifier::cfg::Cfg;
use stackmap_verifier::model::{Before, Block, OperationId, OperationKind, Value};

/// The number of steps, for each operation and block of the function, after which the search
/// gives up.
const PATIENCE: usize = 2;

/// Returns whether some of these values live across a safepoint: whether a path leads from the
/// definition of one through a safepoint to an operand or edge argument that reads it. If that
/// takes long to find out, returns true.
///
/// Cost: linear in the function.
pub(super) fn any_lives_across(before: &Before, values: &FixedBitSet) -> bool {
    if values.is_clear() {
        return false;
    }
    let mut across = Across {
        before,
        values,
        defined: vec![None; before.value_count()],
        last_safepoints: vec![None; before.block_count()],
        distant: Vec::new(),
    };
    (0..before.block_count()).for_each(|block| across.define(Block::new(block)));
    let found = (0..before.block_count()).any(|block| across.read(Block::new(block)));
    found || across.is_found_far_away()
}

struct Across<'b> {
    before: &'b Before,
    values: &'b FixedBitSet,
    /// For each of the values, its block, and the operation that defines it if it is no parameter.
    defined: Vec<Option<(Block, Option<OperationId>)>>,
    /// For each block, its last safepoint.
    last_safepoints: Vec<Option<OperationId>>,
    /// The values that are read in another block than their own, with no safepoint before that in
    /// the block that reads them: the value and that block.
    distant: Vec<(Value, Block)>,
}

impl Across<'_> {
    fn contains(&self, value: Value) -> bool {
        self.values.contains(value.index())
    }

    fn define(&mut self, block: Block) {
        for &param in self.before.params(block) {
            self.defined[param.index()] = Some((block, None));
        }
        for id in self.before.operations(block) {
            let operation = self.before.operation(id);
            if operation.kind == OperationKind::Safepoint {
                self.last_safepoints[block.index()] = Some(id);
            }
            for &def in operation.defs.iter().filter(|def| self.values.contains(def.index())) {
                self.defined[def.index()] = Some((block, Some(id)));
            }
        }
    }

    /// Returns whether the block reads a value that certainly lived across a safepoint, and notes
    /// those for which that depends on other blocks.
    fn read(&mut self, block: Block) -> bool {
        let before = self.before;
        let mut last = None;
        for id in before.operations(block) {
            let operation = before.operation(id);
            if operation.uses.iter().any(|&value| self.crosses(value, block, last)) {
                return true;
            }
            if operation.kind == OperationKind::Safepoint {
                last = Some(id);
            }
        }
        // Edge arguments are copied after a call that ends the block.
        let mut arguments = before.edges(block).flat_map(|edge| edge.arguments);
        arguments.any(|&value| self.crosses(value, block, last))
    }

    /// Returns whether a value that is read here certainly lived across a safepoint. `last` is the
    /// last safepoint before that in the block.
    fn crosses(&mut self, value: Value, block: Block, last: Option<OperationId>) -> bool {
        if !self.contains(value) {
            return false;
        }
        match (self.defined[value.index()], last) {
            (Some((home, definition)), Some(last)) if home == block => definition < Some(last),
            (Some((home, _)), None) if home == block => false,
            (Some(_), Some(_)) => true,
            (Some(_), None) => {
                self.distant.push((value, block));
                false
            }
            (None, _) => false,
        }
    }

    /// Returns whether there is a safepoint between the definition of a value and a distant block
    /// that reads it.
    fn is_found_far_away(&mut self) -> bool {
        self.distant.sort_unstable();
        self.distant.dedup();
        if self.distant.is_empty() {
            return false;
        }
        let before = self.before;
        let blocks = before.block_count();
        let targets = |block| before.edges(Block::new(block)).map(|edge| edge.target);
        let cfg = Cfg::new((0..blocks).map(targets));
        let mut patience = PATIENCE * (blocks + before.operation_count());
        let mut seen = FixedBitSet::with_capacity(blocks);
        for of_value in self.distant.chunk_by(|(a, _), (b, _)| a == b) {
            let Some((home, definition)) = self.defined[of_value[0].0.index()] else { continue };
            let mut work: Vec<Block> = of_value.iter().map(|&(_, block)| block).collect();
            let mut visited: Vec<Block> = Vec::new();
            while let Some(block) = work.pop() {
                for &(source, _) in cfg.predecessors(block) {
                    let last = self.last_safepoints[source.index()];
                    if last.is_some() && (source != home || definition < last) {
                        return true;
                    }
                    if source != home && !seen.put(source.index()) {
                        visited.push(source);
                        work.push(source);
                    }
                    patience = patience.saturating_sub(1);
                }
            }
            if patience == 0 {
                return true;
            }
            visited.iter().for_each(|block| seen.set(block.index(), false));
        }
        false
    }
}
