//! Liveness of references, in the before program.
//!
//! Backwards, a may-analysis:
//!
//! ```text
//! live-out(b) = union over edges e from b of  live-in(target(e)) read back over e
//! live-in(b)  = (live-out(b) - defs(b)) + uses(b), the uses before any def
//! ```
//!
//! Read back over an edge, a live parameter is its argument. An argument of a
//! dead parameter is therefore not live: an edge argument is a copy, not a use.
//! Domain: sets of values that may be references, other than null. Bottom = the empty set; order:
//! inclusion; the solution is the least fixpoint.
//!
//! Recomputed here from the before program alone. The contents analysis does not
//! need it: it is the *statement* that a verified pair satisfies (every live
//! reference has a root of its own), which the tests check, and what findings
//! name when they say who else needs a slot.

use fixedbitset::FixedBitSet;

use crate::model::{Block, InstructionId, OperationId, Value};
use crate::prove::cfg::Cfg;
use crate::prove::pair::Pair;
use crate::prove::worklist::Worklist;

/// The references that are live at one point.
#[derive(Clone, Copy, Debug)]
pub struct Live<'l> {
    liveness: &'l Liveness<'l>,
    live: &'l FixedBitSet,
}

impl Live<'_> {
    /// Returns whether a value is live: it may be a reference, and is observed later on some path.
    pub fn contains(&self, value: Value) -> bool {
        let position = self.liveness.position.get(value.index()).copied().flatten();
        position.is_some_and(|i| self.live.contains(i))
    }
}

/// The references that are live at the end of each before block.
#[derive(Debug)]
pub struct Liveness<'p> {
    pair: &'p Pair<'p>,
    /// The values that may be references. Sets hold positions in this list.
    references: Vec<Value>,
    /// By value, its position in that list.
    position: Vec<Option<usize>>,
    live_out: Vec<FixedBitSet>,
}

impl<'p> Liveness<'p> {
    /// Solves for a pair's before program.
    ///
    /// Cost: blocks times references over the machine's word size, for each
    /// sweep.
    pub fn new(pair: &'p Pair<'p>) -> Self {
        let before = pair.before();
        let blocks = before.block_count();
        let values = (0..before.value_count()).map(Value::new);
        let references: Vec<Value> = values.filter(|&value| pair.is_movable(value)).collect();
        let mut position = vec![None; before.value_count()];
        for (i, value) in references.iter().enumerate() {
            position[value.index()] = Some(i);
        }
        let empty = FixedBitSet::with_capacity(references.len());
        let live_out = vec![empty.clone(); blocks];
        let mut liveness = Liveness { pair, references, position, live_out };
        let mut live_in = vec![empty; blocks];
        let graph = Cfg::of_before(before);
        let mut worklist = Worklist::new(graph.post_order(), blocks);
        while let Some(block) = worklist.pop() {
            let mut live = liveness.live_out[block.index()].clone();
            for edge in before.edges(block) {
                let params = before.params(edge.target);
                let behind = &live_in[edge.target.index()];
                live.union_with(&liveness.passed(behind, params, edge.arguments));
            }
            liveness.live_out[block.index()].clone_from(&live);
            for operation in before.operations(block).rev() {
                liveness.step(&mut live, operation);
            }
            // Parameters stay in: whoever reads this back over an edge needs to
            // know which of them are live.
            if live != live_in[block.index()] {
                live_in[block.index()] = live;
                for &(source, _) in graph.predecessors(block) {
                    worklist.push(source);
                }
            }
        }
        liveness
    }

    /// Returns what is live in front of an edge, if `behind` it these are.
    fn passed(&self, behind: &FixedBitSet, params: &[Value], arguments: &[Value]) -> FixedBitSet {
        let mut live = behind.clone();
        params.iter().for_each(|&param| self.define(&mut live, param));
        for (&param, &argument) in params.iter().zip(arguments) {
            if self.position[param.index()].is_some_and(|i| behind.contains(i)) {
                self.use_value(&mut live, argument);
            }
        }
        live
    }

    fn use_value(&self, live: &mut FixedBitSet, value: Value) {
        if let Some(i) = self.position[value.index()] {
            live.insert(i);
        }
    }

    fn define(&self, live: &mut FixedBitSet, value: Value) {
        if let Some(i) = self.position[value.index()] {
            live.set(i, false);
        }
    }

    fn step(&self, live: &mut FixedBitSet, id: OperationId) {
        let operation = self.pair.before().operation(id);
        operation.defs.iter().for_each(|&def| self.define(live, def));
        for &value in operation.uses {
            self.use_value(live, value);
        }
    }

    /// Returns the values that may be references, in id order.
    pub fn references(&self) -> &[Value] {
        &self.references
    }

    /// Visits the points of a block of *after* from its end to its start, with what is live there:
    /// first behind its last instruction, which is `None`, then in front of each instruction.
    /// Nothing is visited in a block that no path reaches.
    ///
    /// Cost: linear in the block, and in what is live for each of its points.
    pub fn visit(&self, block: Block, mut see: impl FnMut(Option<InstructionId>, Live<'_>)) {
        if !self.pair.reachable().contains(block.index()) {
            return;
        }
        let mut live = match self.pair.after().counterpart(block) {
            Some(counterpart) => self.live_out[counterpart.index()].clone(),
            None => self.live_on_edge(block),
        };
        see(None, Live { liveness: self, live: &live });
        let instructions: Vec<InstructionId> = self.pair.after().instructions(block).collect();
        for &id in instructions.iter().rev() {
            if let Some(operation) = self.pair.performed(id) {
                self.step(&mut live, operation);
            }
            see(Some(id), Live { liveness: self, live: &live });
        }
    }

    /// Returns what is live in a reachable block that the spiller put on an edge. Such blocks have
    /// one edge, and do not go round in circles.
    fn live_on_edge(&self, mut block: Block) -> FixedBitSet {
        while let Some(edge) = self.pair.edges(block).next() {
            let Some(target) = self.pair.after().counterpart(edge.target) else {
                block = edge.target;
                continue;
            };
            let mut behind = self.live_out[target.index()].clone();
            for operation in self.pair.before().operations(target).rev() {
                self.step(&mut behind, operation);
            }
            return self.passed(&behind, edge.before_params, edge.before_args);
        }
        FixedBitSet::with_capacity(self.references.len())
    }

    /// The references live across an operation, in id order: those observed
    /// behind it that it does not itself define.
    pub fn across(&self, block: Block, operation: OperationId) -> Vec<Value> {
        let mut live = self.live_out[block.index()].clone();
        for later in self.pair.before().operations(block).rev() {
            if later == operation {
                break;
            }
            self.step(&mut live, later);
        }
        for &def in self.pair.before().operation(operation).defs {
            self.define(&mut live, def);
        }
        live.ones().map(|i| self.references[i]).collect()
    }
}
