//! The places at which a program reads what must not be stale.

use super::defects::Observation;
use super::failures::Observer;
use super::program::Role;
use super::question::Want;
use crate::model::{Action, Block, Location};
use crate::prove::pair::Point;

impl Observer<'_, '_> {
    /// Returns all observations, in the order of the input.
    pub(super) fn observations(&self) -> Vec<Observation> {
        let mut all: Vec<Observation> = Vec::new();
        for (tick, point, action) in self.timeline.actions() {
            let mut observe = |at, want| all.push((tick, point, at, want));
            match action {
                Action::Use { operand, at } => {
                    self.of_operand(point, operand, at).into_iter().for_each(|w| observe(at, w));
                }
                Action::Move { from, to } => {
                    if self.timeline.escapes(to) && self.references.may_be_copy(from) {
                        // It is assumed to be stored to memory.
                        observe(from, Want::Fresh);
                    }
                }
                Action::Safepoint { .. } => {
                    let roots = self.timeline.roots(tick).iter();
                    let known = roots.filter(|&&root| !self.timeline.escapes(root));
                    known.for_each(|&root| observe(root, Want::Root));
                }
                Action::Define { .. } | Action::Null { .. } | Action::Clobber { .. } => {}
            }
        }
        if self.references.any_declared() {
            all.extend(self.received());
            all.sort_by_key(|&(tick, ..)| tick);
        }
        all
    }

    fn of_operand(&self, point: Point, operand: u32, at: Location) -> Option<Want> {
        let (want, matters) = match self.timeline.program.role(point.instruction, operand)? {
            Role::Dereferenced => (Want::Address, self.references.may_be_derived(at)),
            Role::Given => (Want::Fresh, self.references.may_be_copy(at)),
            Role::Copied => {
                (Want::Received, self.made(point).any(|to| self.references.is_declared(to)))
            }
            Role::Offset | Role::Examined => return None,
        };
        matters.then_some(want)
    }

    /// Returns the observations of edge arguments that declared parameters receive. A block with
    /// edges that has no instruction has no place for a label, and is left out.
    fn received(&self) -> impl Iterator<Item = Observation> + '_ {
        self.timeline.blocks.iter().flat_map(|&block| {
            let point = self.exit(block);
            let tick = self.timeline.end(block);
            let mut passed: Vec<Location> = self.passed(block).map(|(from, _)| from).collect();
            passed.sort_unstable();
            passed.dedup();
            let observed = point.into_iter().flat_map(move |point| {
                passed.clone().into_iter().map(move |at| (tick, point, at, Want::Received))
            });
            observed.collect::<Vec<Observation>>()
        })
    }

    /// Returns the point at which the edges of a block are reported.
    fn exit(&self, block: Block) -> Option<Point> {
        let instruction = self.timeline.after().instructions(block).next_back()?;
        Some(Point { block, instruction, action: u32::MAX })
    }

    /// Returns the edge arguments that declared parameters receive, with the parameter.
    fn passed(&self, block: Block) -> impl Iterator<Item = (Location, Location)> + '_ {
        self.timeline.after().edges(block).flat_map(|edge| {
            let params = self.timeline.after().params(edge.target).iter().copied();
            let passed = edge.arguments.iter().copied().zip(params);
            passed.filter(|&(_, to)| self.references.is_declared(to))
        })
    }

    /// Returns the results of the instruction at a point.
    fn made(&self, point: Point) -> impl Iterator<Item = Location> + '_ {
        let actions = self.timeline.after().instruction(point.instruction).actions.iter();
        actions.filter_map(|&action| match action {
            Action::Define { at, .. } => Some(at),
            Action::Use { .. }
            | Action::Move { .. }
            | Action::Null { .. }
            | Action::Clobber { .. }
            | Action::Safepoint { .. } => None,
        })
    }

    /// Returns the declared value that receives what is read at an observation of the kind
    /// [`Want::Received`].
    pub(super) fn receiver(&self, point: Point, at: Location) -> Option<Location> {
        match self.exit(point.block) == Some(point) {
            true => self.passed(point.block).find(|&(from, _)| from == at).map(|(_, to)| to),
            false => self.made(point).find(|&to| self.references.is_declared(to)),
        }
    }
}
