//! Values of the before function that live across a safepoint.

use fixedbitset::FixedBitSet;
use stackmap_verifier::model::Block;

use super::Unknown;
use super::layout::Layout;
use crate::view::{Function, Role};

/// The number of steps, for each instruction and block of the function, after which the search
/// gives up.
const PATIENCE: usize = 2;

/// Returns whether some of these values, given by index with aliases resolved, live across a
/// safepoint: whether a path leads from the definition of one through a safepoint to an operand or
/// edge argument that reads it. If that takes long to find out, returns true.
///
/// Cost: linear in the function.
pub(super) fn any_lives_across<F: Function>(
    layout: &Layout<'_, F>,
    values: &FixedBitSet,
    unknown: Unknown,
) -> bool {
    if values.is_clear() {
        return false;
    }
    let view = layout.view;
    let mut across = Across::new(view);
    let is_one = |value: &u32| values.contains(*value as usize);
    for (block, id) in layout.reachable() {
        across.enter(id);
        view.params(block).filter(is_one).for_each(|param| across.define(param));
        for instruction in view.instructions(block) {
            let operands = view.operands(instruction).map(|operand| view.resolve(operand));
            operands.filter(is_one).for_each(|operand| across.read(operand));
            across.performed(unknown.role(view.role(instruction)) == Role::Safepoint);
            view.results(instruction).filter(is_one).for_each(|result| across.define(result));
            let passed = view.edges(instruction).flat_map(|edge| view.arguments(edge));
            let passed = passed.filter_map(|passed| Some(view.resolve(passed.value()?)));
            passed.filter(is_one).for_each(|value| across.read(value));
        }
    }
    across.is_found(layout)
}

/// The search, as it walks over the function's blocks in any order, and over the instructions of
/// each in theirs. What it is told about are the values that are searched for; it need not be told
/// about others.
#[derive(Debug)]
pub(super) struct Across {
    /// The place where each value is defined.
    defined: Vec<Option<Place>>,
    /// For each block, its last safepoint.
    last_safepoints: Vec<Option<u32>>,
    /// The values that are read in another block than their own, with no safepoint before that in
    /// the block that reads them: the value and that block.
    distant: Vec<(u32, Block)>,
    /// Whether a value has been read that certainly lived across a safepoint.
    is_found: bool,
    /// The place of the walk.
    here: Place,
    /// The last safepoint in this block so far.
    last: Option<u32>,
}

/// A place in a function: the block, and the number of instructions performed before it in the
/// walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    block: Block,
    at: u32,
}

impl Across {
    /// Starts the search in a function.
    pub(super) fn new<F: Function>(view: &F) -> Self {
        Across {
            defined: vec![None; view.value_bound()],
            last_safepoints: vec![None; view.block_bound()],
            distant: Vec::new(),
            is_found: false,
            here: Place { block: Block::new(0), at: 0 },
            last: None,
        }
    }

    /// Enters the block at this position in the layout.
    pub(super) fn enter(&mut self, block: Block) {
        self.here.block = block;
        self.last = None;
    }

    /// Goes on behind the next instruction; `collects` says that it is a safepoint.
    pub(super) fn performed(&mut self, collects: bool) {
        self.here.at += 1;
        if collects {
            self.last = Some(self.here.at);
            if let Some(last) = self.last_safepoints.get_mut(self.here.block.index()) {
                *last = self.last;
            }
        }
    }

    /// Notes that a value is defined here.
    pub(super) fn define(&mut self, value: u32) {
        if let Some(place) = self.defined.get_mut(value as usize) {
            *place = Some(self.here);
        }
    }

    /// Notes that a value is read here, aliases resolved.
    pub(super) fn read(&mut self, value: u32) {
        let defined = self.defined.get(value as usize).copied().flatten();
        match (defined.filter(|place| place.block == self.here.block), self.last) {
            // It is defined behind a safepoint, or before it.
            (Some(place), Some(last)) => self.is_found |= place.at < last,
            (Some(_), None) => {}
            // What is not yet defined in the walk is defined in another block.
            (None, Some(_)) => self.is_found = true,
            (None, None) => self.distant.push((value, self.here.block)),
        }
    }

    /// Returns whether a value lives across a safepoint. Gives up, and returns true, if it takes
    /// more than a few steps for each instruction.
    pub(super) fn is_found<F: Function>(&mut self, layout: &Layout<'_, F>) -> bool {
        self.is_found || self.is_found_far_away(layout)
    }

    /// Returns whether there is a safepoint between the definition of a value and a distant block
    /// that reads it.
    fn is_found_far_away<F: Function>(&mut self, layout: &Layout<'_, F>) -> bool {
        self.distant.sort_unstable();
        self.distant.dedup();
        if self.distant.is_empty() {
            return false;
        }
        let cfg = layout.cfg();
        let mut patience = PATIENCE * (self.last_safepoints.len() + self.here.at as usize);
        let mut seen = FixedBitSet::with_capacity(self.last_safepoints.len());
        for of_value in self.distant.chunk_by(|(a, _), (b, _)| a == b) {
            let Some(home) = self.defined.get(of_value[0].0 as usize).copied().flatten() else {
                continue;
            };
            let mut visited: Vec<Block> = Vec::new();
            let mut work: Vec<Block> = of_value.iter().map(|&(_, block)| block).collect();
            while let Some(block) = work.pop() {
                for &(source, _) in cfg.predecessors(block) {
                    let last = self.last_safepoints[source.index()];
                    if last.is_some_and(|last| source != home.block || home.at < last) {
                        return true;
                    }
                    if source != home.block && !seen.put(source.index()) {
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
