//! The backward transfer function: the effect of a program step on a requirement.

use super::accesses::{Access, Tick};
use super::idle::Passing;
use super::keepers::{Keeper, Keepers};
use super::program::{Making, Role};
use super::question::{Moved, Want, Wrong};
use super::search::{Search, State};
use crate::model::{Block, InstructionId, Location, LocationKind};

/// The result of crossing safepoints.
enum Crossing {
    /// The effect on the copy is now known.
    Moved(Moved),
    /// The search continues before the last of these safepoints.
    Split,
}

impl Search<'_, '_> {
    /// Propagates a state backwards through the last access of its location, or of one of its
    /// keepers.
    pub(super) fn read_back(&mut self, index: usize) -> Option<(Wrong, Tick)> {
        if let Some(keeper) = self.latest_keeper(index) {
            self.step_keeper(index, keeper);
            return None;
        }
        let (block, state) = (self.nodes[index].block, &self.nodes[index].state);
        let (at, want) = (state.at, state.want);
        let access = self.timeline.last_access(at, block, state.before);
        let since = access.map_or(self.timeline.start(block), |(tick, _)| tick);
        let moved = match self.crossing(index, since) {
            Crossing::Moved(moved) => moved,
            Crossing::Split => return None,
        };
        let Some((_, access)) = access else {
            return self.enter(index, moved, None);
        };
        let moved = self.claimed(moved, at);
        if want == Want::Unboxed && self.is_boxed(at) {
            return Some((Wrong::Boxed, since));
        }
        match access {
            Access::Read => self.back(index, self.at(index, since, at, want, moved)),
            Access::Listed => match moved {
                // The collector has just updated the location, and its contents at that point
                // are a separate observation. Requirements about types still apply, since that
                // stack map may not treat it as an integer.
                Moved::No if !want.is_about_types() => {}
                Moved::No | Moved::Crossed | Moved::Spilled(_) | Moved::Declared(_) => {
                    self.back(index, self.at(index, since, at, want, moved));
                }
            },
            Access::Clobbered => {
                return (want == Want::Root).then_some((Wrong::Mixed, since));
            }
            Access::Null => {}
            Access::Unknown => return self.verdict(index, moved).map(|wrong| (wrong, since)),
            Access::Copied(from) => {
                if want == Want::Integer && self.timeline.program.is_float(from) {
                    return Some((Wrong::Float(from), since));
                }
                self.copied(index, since, from, moved);
            }
            Access::Passed(position) => {
                // The function's own parameters come from its caller, too.
                if block == Block::new(0)
                    && let Some(wrong) = self.verdict(index, moved)
                {
                    return Some((wrong, since));
                }
                return self.enter(index, moved, Some(position));
            }
            Access::Made(by) => return self.made(index, by, since, moved),
        }
        None
    }

    /// Whether a location holds a floating-point or vector value.
    fn is_boxed(&self, at: Location) -> bool {
        self.timeline.program.is_float(at) && !self.references.is_declared(at)
    }

    /// Returns the state of a node, applied to another location.
    pub(super) fn at(
        &self,
        index: usize,
        before: Tick,
        at: Location,
        want: Want,
        moved: Moved,
    ) -> State {
        State { before, at, want, moved, ..self.nodes[index].state.clone() }
    }

    /// Continues with the source of a copy.
    fn copied(&mut self, index: usize, before: Tick, from: Location, moved: Moved) {
        let State { at, want, .. } = self.nodes[index].state;
        if let Some(want) = want.of_source(self.references.is_declared(at)) {
            self.back(index, self.at(index, before, from, want, moved));
        }
    }

    /// Returns the failure for a value that may move, or `None` if no claim makes it a
    /// reference and it is not required to have one.
    fn verdict(&self, index: usize, moved: Moved) -> Option<Wrong> {
        let state = &self.nodes[index].state;
        match (state.want, moved.claim()) {
            (Want::Received, _) => (moved != Moved::No).then_some(Wrong::Undeclared),
            (Want::Number, claim) => claim.map(|claim| Wrong::InObject { claim }),
            (
                Want::Root
                | Want::Spilled
                | Want::Integer
                | Want::Unboxed
                | Want::Object
                | Want::Fresh
                | Want::Address
                | Want::Remade
                | Want::Derived,
                claim,
            ) => claim.map(|claim| Wrong::Stale { claim: state.loaded.unwrap_or(claim) }),
        }
    }

    /// Propagates a state backwards through the instruction that produced the location's
    /// contents.
    fn made(
        &mut self,
        index: usize,
        by: InstructionId,
        since: Tick,
        moved: Moved,
    ) -> Option<(Wrong, Tick)> {
        let want = self.nodes[index].state.want;
        let timeline = self.timeline;
        let mut copies = false;
        for (tick, from) in timeline.operands(by, since, Role::Copied) {
            copies = true;
            self.copied(index, tick, from, moved);
        }
        if want.goes_through_offsets() {
            // The sources of a number are not covered by the claim on the number.
            let moved = if want == Want::Number { Moved::Crossed } else { moved };
            for (tick, from) in timeline.operands(by, since, Role::Offset) {
                self.copied(index, tick, from, moved);
            }
        }
        // A copy is judged by its source.
        let wrong = if copies { None } else { self.result(index, by, since, moved) };
        wrong.map(|wrong| (wrong, since))
    }

    /// Returns the failure for a result that is not a copy.
    fn result(
        &mut self,
        index: usize,
        by: InstructionId,
        since: Tick,
        moved: Moved,
    ) -> Option<Wrong> {
        let State { at, want, .. } = self.nodes[index].state;
        let nature = self.timeline.program.nature(by);
        match nature.making {
            Making::Constant => None,
            Making::Address if want == Want::Number => Some(Wrong::InFrame),
            Making::Address => (want == Want::Spilled && !self.references.is_declared(at))
                .then_some(Wrong::NoObject),
            Making::Computed => {
                if want == Want::Object && !self.references.is_declared(at) {
                    self.ask_what_it_is_made_from(index, by, since);
                }
                // A root may hold a tagged number, but no address is derived from one.
                match moved {
                    Moved::Declared(_) => self.verdict(index, moved),
                    Moved::Spilled(_) if want.is_dereference() => self.verdict(index, moved),
                    Moved::Spilled(_) | Moved::Crossed | Moved::No => None,
                }
            }
            Making::Unknown => {
                let is_kept = nature.is_movable_load && self.keeping.is_some();
                match is_kept && want.is_about_safepoints() {
                    true => self.ask_where_it_is_loaded_from(index, by, since, moved),
                    false => return self.verdict(index, moved),
                }
                None
            }
        }
    }

    /// Continues with the operands that this result of the root's definition is computed from,
    /// to find whether it is an address in an object (derived from a reference), in the frame,
    /// or of code.
    fn ask_what_it_is_made_from(&mut self, index: usize, by: InstructionId, since: Tick) {
        let timeline = self.timeline;
        for (tick, from) in timeline.operands(by, since, Role::Offset) {
            self.back(index, self.at(index, tick, from, Want::Number, Moved::Crossed));
        }
    }

    /// Continues with the address of a load from unchanging memory. Under a collector that does
    /// not move objects, such memory keeps its contents, so the load could be repeated at any
    /// time. The loaded value is lost only with the object that contains the memory, if there
    /// is one.
    fn ask_where_it_is_loaded_from(
        &mut self,
        index: usize,
        by: InstructionId,
        since: Tick,
        moved: Moved,
    ) {
        let Some(claim) = moved.claim() else { return };
        let loaded = self.nodes[index].state.loaded.or(Some(claim));
        let timeline = self.timeline;
        for (tick, from) in timeline.operands(by, since, Role::Dereferenced) {
            let state = self.at(index, tick, from, Want::Derived, Moved::Crossed);
            self.back(index, State { loaded, ..state });
        }
    }

    /// Continues at the end of each predecessor: with the argument, if the location is a
    /// parameter.
    fn enter(
        &mut self,
        index: usize,
        moved: Moved,
        position: Option<usize>,
    ) -> Option<(Wrong, Tick)> {
        let block = self.nodes[index].block;
        let State { at, want, loaded, ref keepers, .. } = self.nodes[index].state;
        let has_keepers = !keepers.is_empty();
        let timeline = self.timeline;
        if block == Block::new(0) && position.is_none() {
            let since = timeline.start(block);
            match timeline.after().location(at) {
                LocationKind::Value(_) if want == Want::Received => return None,
                LocationKind::Value(_) => return Some((Wrong::Undefined, since)),
                LocationKind::Cell(_) | LocationKind::Register(_) => {
                    if want == Want::Root {
                        return Some((Wrong::Uninitialized, since));
                    }
                }
            }
        }
        if position.is_none() && !has_keepers {
            if moved == Moved::No && self.skip(index) {
                return None;
            }
            self.pass(index, Passing { at, want, moved, loaded }, block);
            return None;
        }
        let declared = self.references.is_declared(at);
        let want = if position.is_some() { want.of_source(declared)? } else { want };
        for (source, edge) in timeline.predecessors(block) {
            let at = position.map_or(Some(at), |at| timeline.argument((source, edge), at));
            let Some(at) = at else { continue };
            let keepers = self.keepers_before(index, (source, edge));
            let state = self.at(index, timeline.end(source), at, want, moved);
            self.leave(index, (source, edge), State { keepers, ..state });
        }
        None
    }

    /// Whether a safepoint between a tick and the state leaves the location behind.
    fn crossing(&mut self, index: usize, from: Tick) -> Crossing {
        let State { before, at, want, moved, .. } = self.nodes[index].state;
        if moved != Moved::No || !want.is_about_safepoints() {
            return Crossing::Moved(moved);
        }
        let Some(safepoint) = self.timeline.safepoints_between(from, before).next() else {
            return Crossing::Moved(Moved::No);
        };
        if self.is_rough && self.keeping.is_some() {
            // What roots keep is found by an exact search.
            self.is_given_up = true;
            return Crossing::Split;
        }
        if let Some(keeping) = &mut self.keeping {
            let is_certain = !self.timeline.is_uncertain(safepoint);
            let keepers = keeping.keepers(self.timeline, safepoint, at);
            let may_be_kept = !is_certain || !keepers.is_empty() || want == Want::Remade;
            if is_certain && may_be_kept {
                self.cross(index, safepoint, keepers);
            }
            if may_be_kept {
                // If it was kept here, the safepoint before may have left it behind.
                self.back(index, self.at(index, safepoint, at, want, Moved::No));
                return Crossing::Split;
            }
        }
        self.nodes[index].crossed = Some(safepoint);
        Crossing::Moved(Moved::Crossed)
    }

    /// Returns the claim on a copy that was left behind: it is certainly stale if the location
    /// is claimed to be a reference.
    fn claimed(&self, moved: Moved, at: Location) -> Moved {
        match moved {
            Moved::No | Moved::Declared(_) => moved,
            Moved::Crossed | Moved::Spilled(_) if self.references.is_declared(at) => {
                Moved::Declared(at)
            }
            Moved::Crossed if self.references.is_claimed(at) => Moved::Spilled(at),
            Moved::Crossed | Moved::Spilled(_) => moved,
        }
    }
}

/// Keepers, read back.
impl Search<'_, '_> {
    /// The keeper that was written last, if that was in this block and behind what
    /// happened to the location: it is read back first.
    fn latest_keeper(&self, index: usize) -> Option<usize> {
        let (block, state) = (self.nodes[index].block, &self.nodes[index].state);
        let latest = (0..).zip(&state.keepers).max_by_key(|(_, keeper)| keeper.from);
        let (number, keeper) = latest?;
        let own = self.timeline.settled(state.at, block, state.before);
        // Parameters are read back together, by edges.
        let start = self.timeline.start(block) + 1;
        (keeper.from > own.max(start)).then_some(number)
    }

    fn step_keeper(&mut self, index: usize, number: usize) {
        let block = self.nodes[index].block;
        let timeline = self.timeline;
        let Keeper { at, from } = self.nodes[index].state.keepers[number];
        // Of a choice, each operand is tried.
        let mut sources: Vec<Option<Keeper>> = Vec::new();
        let source = |at, before| Keeper::new(timeline, at, block, before);
        match timeline.last_write(at, block, from) {
            Some((tick, Access::Copied(from))) => sources.push(Some(source(from, tick))),
            Some((tick, Access::Made(by))) => {
                let copied = timeline.operands(by, tick, Role::Copied);
                sources.extend(copied.map(|(tick, from)| Some(source(from, tick))));
            }
            Some((
                _,
                Access::Passed(_)
                | Access::Null
                | Access::Unknown
                | Access::Clobbered
                | Access::Listed
                | Access::Read,
            ))
            | None => {}
        }
        if sources.is_empty() {
            // It holds something of its own.
            sources.push(None);
        }
        for source in sources {
            let mut state = self.nodes[index].state.clone();
            state.keepers.remove(number);
            state.keepers.extend(source);
            tidy(&mut state.keepers);
            self.back(index, state);
        }
    }

    /// The keepers at the end of the block that an edge leaves.
    fn keepers_before(
        &self,
        index: usize,
        (source, edge): (Block, crate::model::EdgeIndex),
    ) -> Keepers {
        let (block, timeline) = (self.nodes[index].block, self.timeline);
        let end = timeline.end(source);
        let keepers = self.nodes[index].state.keepers.iter().filter_map(|keeper| {
            let at = match timeline.last_write(keeper.at, block, keeper.from) {
                Some((_, Access::Passed(position))) => {
                    timeline.argument((source, edge), position)?
                }
                Some(_) | None => keeper.at,
            };
            Some(Keeper::new(timeline, at, source, end))
        });
        let mut keepers: Keepers = keepers.collect();
        tidy(&mut keepers);
        keepers
    }
}

fn tidy(keepers: &mut Keepers) {
    keepers.sort_unstable();
    keepers.dedup();
}
