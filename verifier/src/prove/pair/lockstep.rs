//! Two programs that do the same along every path.

use fixedbitset::FixedBitSet;

use super::activity::Activity;
use super::not_a_pair::NotAPair;
use super::overlap::Overlaps;
use super::step::{Binding, PairEdge, Point, Step};
use super::{align, ssa, validate};
use crate::model::{
    Action, After, Before, Block, Edge, EdgeIndex, InstructionId, Location, OperationId,
    OperationKind, SlotOwner, Value,
};
use crate::prove::cfg::{Cfg, Dominators};
use crate::unsupported::Unsupported;

/// The two programs in lockstep, checked to be that.
#[derive(Debug)]
pub struct Lockstep<'a> {
    before: &'a Before,
    after: &'a After,
    /// Without the null constants, which are no references.
    declared: FixedBitSet,
    /// The results of null operations.
    constants: FixedBitSet,
    cfg: Cfg,
    reachable: FixedBitSet,
    post_order: Vec<Block>,
    dominators: Dominators,
    /// By after instruction, the operation that it performs.
    performs: Vec<Option<OperationId>>,
    /// By after edge, in the order of the graph's rows.
    bindings: Vec<Binding>,
    overlaps: Overlaps,
    activity: Activity,
}

impl<'a> Lockstep<'a> {
    /// Checks that `after` performs `before`, and puts the two together. The slots are not
    /// looked at.
    pub(super) fn new(
        before: &'a Before,
        declared: impl IntoIterator<Item = Value>,
        after: &'a After,
    ) -> Result<Self, NotAPair> {
        validate::before(before)?;
        validate::after(after)?;
        let mut declared_set = FixedBitSet::with_capacity(before.value_count());
        for value in declared {
            if value.index() >= before.value_count() {
                let what = format!("declared {value:?}");
                return Err(Unsupported::dangling("before", what, Block::new(0)).into());
            }
            declared_set.insert(value.index());
        }
        let mut constants = FixedBitSet::new();
        if !before.nulls().is_empty() {
            constants.grow(before.value_count());
            constants.extend(before.nulls().iter().map(|null| null.index()));
            declared_set.difference_with(&constants);
        }
        let cfg = Cfg::of_after(after);
        let reachable = cfg.reachable();
        let post_order = cfg.post_order();
        validate::counterpart(before, after, &post_order)?;
        let dominators = Dominators::new(&cfg, &post_order);
        let mut activity = Activity::new(after);
        let aligned = align::operations(before, after, &post_order, &mut activity)
            .and_then(|performs| Ok((performs, align::edges(before, after, &cfg, &post_order)?)));
        let Ok((performs, bindings)) = aligned else {
            return Err(NotAPair::Wrong);
        };
        ssa::check(before, after, &dominators)?;
        Ok(Lockstep {
            before,
            after,
            declared: declared_set,
            constants,
            cfg,
            reachable,
            post_order,
            dominators,
            performs,
            bindings,
            overlaps: Overlaps::new(after),
            activity,
        })
    }

    /// The before program.
    pub fn before(&self) -> &'a Before {
        self.before
    }

    /// The after program.
    pub fn after(&self) -> &'a After {
        self.after
    }

    /// The after program's control-flow graph, the one executions follow.
    pub fn cfg(&self) -> &Cfg {
        &self.cfg
    }

    /// Returns the blocks that some path reaches. Other blocks are not checked.
    pub fn reachable(&self) -> &FixedBitSet {
        &self.reachable
    }

    /// The reachable blocks in post-order.
    pub fn post_order(&self) -> &[Block] {
        &self.post_order
    }

    /// Whether the value was declared to be a reference, and is not a null constant.
    pub fn is_declared(&self, value: Value) -> bool {
        self.declared.contains(value.index())
    }

    /// The declared values that are no null constants.
    pub(crate) fn declared(&self) -> &FixedBitSet {
        &self.declared
    }

    /// The null constants: the results of null operations.
    pub(crate) fn null_constants(&self) -> &FixedBitSet {
        &self.constants
    }

    /// Whether null is made anywhere, by the program or by the spiller.
    pub(crate) fn has_null(&self) -> bool {
        self.activity.has_null || !self.constants.is_clear()
    }

    /// Whether any safepoint is reachable.
    pub fn has_safepoint(&self) -> bool {
        !self.activity.collecting.is_clear()
    }

    /// Summaries of the reachable blocks.
    pub(super) fn activity(&self) -> &Activity {
        &self.activity
    }

    /// The dominator tree of the reachable blocks.
    pub(crate) fn dominators(&self) -> &Dominators {
        &self.dominators
    }

    /// Whether anything can write the location anywhere: a cell or a register, and
    /// not an SSA value.
    pub(crate) fn is_storage(&self, at: Location) -> bool {
        self.activity.storage.contains(at.index())
    }

    /// The locations that are cells or registers.
    pub(crate) fn storage(&self) -> &FixedBitSet {
        &self.activity.storage
    }

    /// The reachable blocks with a safepoint.
    pub(crate) fn collecting_blocks(&self) -> &FixedBitSet {
        &self.activity.collecting
    }

    /// The reachable blocks with a safepoint or a write to storage.
    pub(crate) fn storing_blocks(&self) -> &FixedBitSet {
        &self.activity.storing
    }

    /// Whether no two cells overlap, and nothing enters the function but its caller. A
    /// cell may reach out of its slot: then nothing writes it.
    pub(crate) fn is_simple(&self) -> bool {
        self.overlaps.is_empty() && self.cfg.predecessors(Block::new(0)).is_empty()
    }

    /// The before operation an after instruction performs.
    pub fn performed(&self, instruction: InstructionId) -> Option<OperationId> {
        self.performs[instruction.index()]
    }

    /// The other cells that share bytes with this one.
    pub fn overlapping(&self, location: Location) -> &[Location] {
        self.overlaps.of(location)
    }

    /// The cells that share bytes.
    pub(crate) fn overlaps(&self) -> &Overlaps {
        &self.overlaps
    }

    /// A block's steps, in order.
    pub fn steps(&self, block: Block) -> impl DoubleEndedIterator<Item = (Point, Step)> + '_ {
        self.after.instructions(block).flat_map(move |id| self.steps_of(block, id))
    }

    /// Visits a block's steps in order, until one fails. What [`Lockstep::steps`] does,
    /// without an iterator's bookkeeping.
    pub(crate) fn visit<E>(
        &self,
        block: Block,
        mut visit: impl FnMut(Step) -> Result<(), E>,
    ) -> Result<(), E> {
        for id in self.after.instructions(block) {
            for (_, step) in self.steps_of(block, id) {
                visit(step)?;
            }
        }
        Ok(())
    }

    /// The steps of one of a block's instructions, in order.
    pub fn steps_of(
        &self,
        block: Block,
        instruction: InstructionId,
    ) -> impl DoubleEndedIterator<Item = (Point, Step)> + '_ {
        let operation = self.performed(instruction).map(|id| self.before.operation(id));
        let (uses, defs) = operation.map_or((&[][..], &[][..]), |o| (o.uses, o.defs));
        let is_null = operation.is_some_and(|o| o.kind == OperationKind::Null);
        let actions = self.after.instruction(instruction).actions;
        actions.iter().enumerate().map(move |(i, &action)| {
            // `align::difference` checked that both indices are in range.
            let step = match action {
                Action::Use { operand, at } => Step::Observe { value: uses[operand as usize], at },
                Action::Define { result, at } => {
                    let value = defs[result as usize];
                    match is_null {
                        true => Step::Null { value: Some(value), at },
                        false => Step::Define { value, at },
                    }
                }
                Action::Move { from, to } => Step::Move { from, to },
                Action::Null { at } => Step::Null { value: None, at },
                Action::Clobber { at } => Step::Clobber { at },
                Action::Safepoint { roots } => Step::Safepoint { roots },
            };
            let action = u32::try_from(i).unwrap_or(u32::MAX);
            (Point { block, instruction, action }, step)
        })
    }

    /// Whether the location is a cell of a slot that the before program has too.
    pub(crate) fn is_programs_own(&self, location: Location) -> bool {
        if !self.activity.has_foreign_cell {
            return false;
        }
        let slot = self.after.cell(location).and_then(|cell| self.after.slot(cell.slot));
        slot.is_some_and(|slot| slot.owner == SlotOwner::Program)
    }

    /// The definitions of the function's entry: its parameters, in both programs.
    pub fn entry_definitions(&self) -> impl Iterator<Item = (Value, Location)> + '_ {
        let entry = Block::new(0);
        let values = self.before.params(entry).iter().copied();
        values.zip(self.after.params(entry).iter().copied())
    }

    /// A block's outgoing edges, in order.
    pub fn edges(&self, block: Block) -> impl Iterator<Item = PairEdge<'_>> {
        let first = self.cfg.edge_number(block, EdgeIndex::new(0));
        let bindings = self.bindings.get(first..).unwrap_or_default().iter();
        self.after.edges(block).zip(bindings).map(|(edge, &binding)| self.pair_edge(edge, binding))
    }

    /// One outgoing edge.
    pub fn edge(&self, block: Block, edge: EdgeIndex) -> Option<PairEdge<'_>> {
        let binding = *self.bindings.get(self.cfg.edge_number(block, edge))?;
        Some(self.pair_edge(self.after.edge(block, edge)?, binding))
    }

    fn pair_edge<'s>(&'s self, edge: Edge<'s, Location>, binding: Binding) -> PairEdge<'s> {
        let completed = match binding {
            Binding::Pending => None,
            Binding::Completes(block, position) => self.before.edge(block, position),
        };
        PairEdge {
            target: edge.target,
            after_params: self.after.params(edge.target),
            after_args: edge.arguments,
            before_params: completed.map_or(&[], |e| self.before.params(e.target)),
            before_args: completed.map_or(&[], |e| e.arguments),
            is_pending: binding == Binding::Pending,
        }
    }
}
