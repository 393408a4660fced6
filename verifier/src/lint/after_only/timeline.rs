//! The program as one sequence of ticks, with the accesses of each location.
//!
//! The analyses ask two questions of a program: which access of this location in this block was
//! the last before a tick, and whether there was a safepoint in between. Both are answered by a
//! binary search.

use fixedbitset::FixedBitSet;

use super::accesses::{Access, Tick, last};
use super::program::{AfterOnly, Role};
use crate::model::{Action, After, Block, InstructionId, Location, Slot};
use crate::prove::cfg::Cfg;
use crate::prove::pair::{Overlaps, Point, validate_after};
use crate::prove::rows::Rows;
use crate::unsupported::Unsupported;

/// A program, checked and laid out.
pub(super) struct Timeline<'p> {
    pub(super) program: &'p AfterOnly,
    pub(super) cfg: Cfg,
    pub(super) overlaps: Overlaps,
    reachable: FixedBitSet,
    /// The reachable blocks, in order of their ids.
    pub(super) blocks: Vec<Block>,
    /// For each block, the tick of its start and the first tick after its end.
    spans: Vec<(Tick, Tick)>,
    /// For each tick, its block and, if the tick is an action, its point.
    places: Vec<(Block, Option<Point>)>,
    /// The safepoints.
    pub(super) safepoints: Vec<Tick>,
    /// The blocks with a safepoint.
    collecting: FixedBitSet,
    /// All accesses, by location.
    accesses: Rows<(Tick, Access)>,
    /// The accesses that write.
    writes: Rows<(Tick, Access)>,
    /// The safepoints with a root whose contents cannot be known, and the reason.
    uncertain: Vec<(Tick, Unsupported)>,
}

impl<'p> Timeline<'p> {
    /// Checks the program and lays it out.
    ///
    /// Cost: linear in the program, plus the sorting of cells.
    pub(super) fn new(program: &'p AfterOnly) -> Result<Self, Unsupported> {
        let after = program.after();
        validate_after(after)?;
        let cfg = Cfg::of_after(after);
        let reachable = cfg.reachable();
        let blocks: Vec<Block> = reachable.ones().map(Block::new).collect();
        let mut timeline = Timeline {
            program,
            cfg,
            overlaps: Overlaps::new(after),
            reachable,
            blocks,
            spans: vec![(0, 0); after.block_count()],
            places: Vec::new(),
            safepoints: Vec::new(),
            collecting: FixedBitSet::with_capacity(after.block_count()),
            accesses: Rows::default(),
            writes: Rows::default(),
            uncertain: Vec::new(),
        };
        timeline.lay_out()?;
        Ok(timeline)
    }

    pub(super) fn after(&self) -> &'p After {
        self.program.after()
    }

    fn lay_out(&mut self) -> Result<(), Unsupported> {
        let mut accesses: Vec<(Location, Tick, Access)> = Vec::new();
        for block in self.blocks.clone() {
            let start = self.tick(block, None);
            for (position, &param) in self.after().params(block).iter().enumerate() {
                accesses.push((param, start, Access::Passed(position)));
            }
            for instruction in self.after().instructions(block) {
                let actions = self.after().instruction(instruction).actions;
                for (action, &what) in (0..).zip(actions) {
                    let point = Point { block, instruction, action };
                    let tick = self.tick(block, Some(point));
                    self.action(point, what, tick, &mut accesses)?;
                }
            }
            let end = self.tick(block, None);
            self.spans[block.index()] = (start, end);
        }
        let locations = self.after().location_count();
        let accesses = accesses.iter().map(|&(at, tick, access)| (at.index(), (tick, access)));
        let writes = accesses.clone().filter(|(_, (_, access))| access.is_write());
        self.writes = Rows::sorted(locations, writes);
        self.accesses = Rows::sorted(locations, accesses);
        Ok(())
    }

    fn tick(&mut self, block: Block, point: Option<Point>) -> Tick {
        self.places.push((block, point));
        Tick::try_from(self.places.len() - 1).unwrap_or(Tick::MAX)
    }

    fn action(
        &mut self,
        point: Point,
        action: Action,
        tick: Tick,
        accesses: &mut Vec<(Location, Tick, Access)>,
    ) -> Result<(), Unsupported> {
        match action {
            Action::Use { operand, at } => {
                let Some(_) = self.program.role(point.instruction, operand) else {
                    let what = format!("operand {operand} of {:?}", point.instruction);
                    return Err(Unsupported::dangling("after", what, point.block));
                };
                self.read(at, tick, accesses);
            }
            Action::Define { at, .. } => {
                self.write(at, tick, Access::Made(point.instruction), accesses);
            }
            Action::Move { from, to } => {
                self.check_access(point.block, from)?;
                self.check_access(point.block, to)?;
                self.read(from, tick, accesses);
                let known = self.escape(from).is_none();
                let access = if known { Access::Copied(from) } else { Access::Unknown };
                self.write(to, tick, access, accesses);
            }
            Action::Null { at } => self.write(at, tick, Access::Null, accesses),
            Action::Clobber { at } => self.write(at, tick, Access::Clobbered, accesses),
            Action::Safepoint { roots } => {
                self.safepoints.push(tick);
                self.collecting.insert(point.block.index());
                for &root in self.after().roots(roots) {
                    if let Some((slot, origin)) = self.escape(root) {
                        let slot = self.after().slots()[slot.index()].name.to_string();
                        let escapes = Unsupported::SlotEscapes { slot, origin };
                        self.uncertain.push((tick, escapes));
                    }
                    accesses.push((root, tick, Access::Listed));
                }
            }
        }
        Ok(())
    }

    fn read(&self, at: Location, tick: Tick, accesses: &mut Vec<(Location, Tick, Access)>) {
        accesses.push((at, tick, Access::Read));
        accesses.extend(self.overlaps.of(at).iter().map(|&other| (other, tick, Access::Read)));
    }

    fn write(
        &self,
        at: Location,
        tick: Tick,
        access: Access,
        accesses: &mut Vec<(Location, Tick, Access)>,
    ) {
        accesses.push((at, tick, access));
        accesses.extend(self.overlaps.of(at).iter().map(|&other| (other, tick, Access::Clobbered)));
    }

    /// Whether the location is in a slot whose address is used as a value.
    pub(super) fn escapes(&self, at: Location) -> bool {
        self.escape(at).is_some()
    }

    /// Returns the slot of a cell whose address is used as a value, and the origin of that use.
    fn escape(&self, at: Location) -> Option<(Slot, crate::model::Origin)> {
        let slot = self.after().cell(at)?.slot;
        Some((slot, self.after().slot(slot)?.escapes?))
    }

    fn check_access(&self, block: Block, at: Location) -> Result<(), Unsupported> {
        let Some(cell) = self.after().cell(at) else { return Ok(()) };
        match self.after().slot(cell.slot) {
            Some(slot) if cell.end() <= u64::from(slot.size) && cell.size > 0 => Ok(()),
            Some(_) | None => Err(Unsupported::OutsideSlot {
                cell: self.after().display_location(at).to_string(),
                block: self.after().block_name(block).to_string(),
            }),
        }
    }

    /// Returns the tick of a block's start.
    pub(super) fn start(&self, block: Block) -> Tick {
        self.spans[block.index()].0
    }

    /// Returns the tick of a block's end, which follows all of its accesses.
    pub(super) fn end(&self, block: Block) -> Tick {
        self.spans[block.index()].1
    }

    /// Returns the block of a tick.
    pub(super) fn block(&self, tick: Tick) -> Block {
        self.places[tick as usize].0
    }

    /// Returns the action of a tick, or `None` for the start or end of a block.
    pub(super) fn point(&self, tick: Tick) -> Option<Point> {
        self.places[tick as usize].1
    }

    /// Returns all actions, with their ticks.
    pub(super) fn actions(&self) -> impl Iterator<Item = (Tick, Point, Action)> + '_ {
        (0..).zip(&self.places).filter_map(|(tick, &(_, point))| {
            let point = point?;
            let actions = self.after().instruction(point.instruction).actions;
            Some((tick, point, actions[point.action as usize]))
        })
    }

    /// Returns the reachable edges into a block, each as its source and its index there.
    pub(super) fn predecessors(
        &self,
        block: Block,
    ) -> impl Iterator<Item = (Block, crate::model::EdgeIndex)> + '_ {
        let edges = self.cfg.predecessors(block).iter().copied();
        edges.filter(|(source, _)| self.reachable.contains(source.index()))
    }

    /// Returns the argument that an edge passes at a position.
    pub(super) fn argument(
        &self,
        (source, edge): (Block, crate::model::EdgeIndex),
        position: usize,
    ) -> Option<Location> {
        self.after().edge(source, edge)?.arguments.get(position).copied()
    }

    /// Returns all accesses of a location, in the order of ticks.
    pub(super) fn accesses(&self, at: Location) -> &[(Tick, Access)] {
        self.accesses.of(at.index())
    }

    /// Returns all writes to a location, in the order of ticks.
    pub(super) fn writes(&self, at: Location) -> &[(Tick, Access)] {
        self.writes.of(at.index())
    }

    /// Returns the number of ticks.
    pub(super) fn tick_count(&self) -> usize {
        self.places.len()
    }

    /// Returns the number of accesses of all locations.
    pub(super) fn access_count(&self) -> usize {
        self.accesses.items().len()
    }

    /// Returns the number, among all accesses, of the first access of a location that is not
    /// before a block.
    pub(super) fn access_number(&self, at: Location, block: Block) -> usize {
        let start = self.start(block);
        let first = self.accesses(at).partition_point(|&(tick, _)| tick < start);
        self.accesses.range(at.index()).start + first
    }

    /// Returns the accesses of a location, grouped by block.
    pub(super) fn by_block(
        &self,
        at: Location,
    ) -> impl Iterator<Item = (Block, &[(Tick, Access)])> + '_ {
        let rows = self.accesses(at).chunk_by(|&(a, _), &(b, _)| self.block(a) == self.block(b));
        rows.filter_map(|row| Some((self.block(row.first()?.0), row)))
    }

    /// Returns the accesses of a location in a block.
    pub(super) fn accesses_in(&self, at: Location, block: Block) -> &[(Tick, Access)] {
        let accesses = self.accesses(at);
        let (start, end) = self.spans[block.index()];
        let first = accesses.partition_point(|&(tick, _)| tick < start);
        let last = accesses.partition_point(|&(tick, _)| tick <= end);
        &accesses[first..last]
    }

    /// Whether some root of a safepoint is in a slot whose address is used as a value.
    pub(super) fn is_uncertain(&self, safepoint: Tick) -> bool {
        self.uncertain.binary_search_by_key(&safepoint, |&(tick, _)| tick).is_ok()
    }

    /// Returns the reason why the contents of some root cannot be known, if there is such a
    /// root.
    pub(super) fn uncertain(&self) -> Option<&Unsupported> {
        self.uncertain.first().map(|(_, reason)| reason)
    }

    /// Whether some safepoint lists the location.
    pub(super) fn is_root(&self, at: Location) -> bool {
        self.accesses(at).iter().any(|&(_, access)| access == Access::Listed)
    }

    /// Returns the last access of a location in a block before a tick.
    pub(super) fn last_access(
        &self,
        at: Location,
        block: Block,
        before: Tick,
    ) -> Option<(Tick, Access)> {
        last(self.accesses(at), self.start(block), before)
    }

    /// Returns the last write to a location in a block before a tick.
    pub(super) fn last_write(
        &self,
        at: Location,
        block: Block,
        before: Tick,
    ) -> Option<(Tick, Access)> {
        last(self.writes(at), self.start(block), before)
    }

    /// Returns the first tick of a block from which on, up to another tick, a location is not
    /// written.
    pub(super) fn settled(&self, at: Location, block: Block, before: Tick) -> Tick {
        self.last_write(at, block, before).map_or(self.start(block), |(tick, _)| tick + 1)
    }

    /// Returns the safepoints after one tick and before another, the last one first.
    pub(super) fn safepoints_between(
        &self,
        from: Tick,
        to: Tick,
    ) -> impl Iterator<Item = Tick> + '_ {
        let first = self.safepoints.partition_point(|&tick| tick <= from);
        let last = self.safepoints.partition_point(|&tick| tick < to);
        self.safepoints[first.min(last)..last].iter().rev().copied()
    }

    /// Whether a block contains a safepoint.
    pub(super) fn has_safepoint(&self, block: Block) -> bool {
        self.collecting.contains(block.index())
    }

    /// Returns the roots of a safepoint.
    pub(super) fn roots(&self, safepoint: Tick) -> &'p [Location] {
        let point = self.point(safepoint);
        let action = point.map(|point| {
            let actions = self.after().instruction(point.instruction).actions;
            actions[point.action as usize]
        });
        match action {
            Some(Action::Safepoint { roots }) => self.after().roots(roots),
            Some(
                Action::Use { .. }
                | Action::Define { .. }
                | Action::Move { .. }
                | Action::Null { .. }
                | Action::Clobber { .. },
            )
            | None => &[],
        }
    }

    /// Returns the operands of the instruction that a tick belongs to.
    pub(super) fn used_with(&self, tick: Tick) -> impl Iterator<Item = Location> + '_ {
        let point = self.point(tick);
        let actions = point.map(|point| self.after().instruction(point.instruction).actions);
        actions.unwrap_or_default().iter().filter_map(|&action| match action {
            Action::Use { at, .. } => Some(at),
            Action::Define { .. }
            | Action::Move { .. }
            | Action::Null { .. }
            | Action::Clobber { .. }
            | Action::Safepoint { .. } => None,
        })
    }

    /// Returns the operands that an instruction uses in a role, with the tick of each use.
    pub(super) fn operands(
        &self,
        instruction: InstructionId,
        made: Tick,
        role: Role,
    ) -> impl Iterator<Item = (Tick, Location)> + '_ {
        // The actions of an instruction, including `made`, have consecutive ticks.
        let done = self.point(made).map_or(0, |point| point.action);
        let actions = self.after().instruction(instruction).actions;
        (made - done..).zip(actions).filter_map(move |(tick, &action)| match action {
            Action::Use { operand, at }
                if self.program.role(instruction, operand) == Some(role) =>
            {
                Some((tick, at))
            }
            Action::Use { .. }
            | Action::Define { .. }
            | Action::Move { .. }
            | Action::Null { .. }
            | Action::Clobber { .. }
            | Action::Safepoint { .. } => None,
        })
    }
}
