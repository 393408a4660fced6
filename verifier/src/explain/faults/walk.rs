//! The walk through both programs in lockstep.

use std::collections::VecDeque;

use super::fault::{Change, Fault, FaultKind, Faults, Wanted};
use super::split_edge::{End, SplitEdges};
use crate::model::{Action, After, Before, Block, EdgeIndex, InstructionId};
use crate::prove::cfg::Cfg;
use crate::prove::pair::{difference, misplaced, only_moves};

impl Faults {
    /// Walks both programs. Every id in them must exist.
    ///
    /// Cost: linear in the size of both.
    pub(crate) fn find(before: &Before, after: &After) -> Faults {
        let cfg = &Cfg::of_after(after);
        let faults = Faults::none(after.block_count());
        let split_edges = SplitEdges::new(after.block_count());
        let mut walk = Walk { before, after, cfg, faults, split_edges, due: VecDeque::new() };
        walk.run();
        // A block is walked once, and its instructions in order.
        walk.faults.list.sort_by_key(|fault| fault.block);
        walk.faults
    }
}

struct Walk<'p> {
    before: &'p Before,
    after: &'p After,
    cfg: &'p Cfg,
    faults: Faults,
    split_edges: SplitEdges,
    due: VecDeque<Block>,
}

/// The two programs diverge here, and the rest of the path is not checked.
struct Stop;

impl Walk<'_> {
    fn run(&mut self) {
        let entry = Block::new(0);
        let parameters = (self.before.params(entry).len(), self.after.params(entry).len());
        if self.after.counterpart(entry) != Some(entry) {
            return self.changed(entry, Change::Entry);
        }
        if parameters.0 != parameters.1 {
            return self.changed(entry, Change::EntryParameters);
        }
        self.due.push_back(entry);
        while let Some(block) = self.due.pop_front() {
            // Whether the walk continues is determined by the worklist.
            let _ = self.block(block);
        }
    }

    fn fault(&mut self, block: Block, kind: FaultKind) {
        self.faults.list.push(Fault { block, kind });
    }

    fn changed(&mut self, block: Block, change: Change) {
        self.fault(block, FaultKind::Changed(change));
    }

    fn part(&mut self, block: Block, change: Change) -> Result<(), Stop> {
        self.changed(block, change);
        Err(Stop)
    }

    fn block(&mut self, block: Block) -> Result<(), Stop> {
        let counterpart = self.after.counterpart(block);
        self.instructions(block, counterpart)?;
        let edges = self.after.edges(block);
        match counterpart {
            Some(counterpart) if self.before.edges(counterpart).len() != edges.len() => {
                self.part(block, Change::EdgeCount)
            }
            Some(counterpart) => {
                for i in 0..edges.len() {
                    let edge = EdgeIndex::new(i);
                    self.follow(block, edge, (counterpart, edge));
                }
                Ok(())
            }
            None => self.split_edge(block),
        }
    }

    fn instructions(&mut self, block: Block, counterpart: Option<Block>) -> Result<(), Stop> {
        let (before, after) = (self.before, self.after);
        let mut operations = counterpart.map(|b| before.operations(b)).into_iter().flatten();
        for id in after.instructions(block) {
            let instruction = after.instruction(id);
            if instruction.performs {
                let Some(operation) = operations.next() else {
                    return self.part(block, Change::Added(id));
                };
                let performed = before.operation(operation);
                if let Some(how) = difference(&performed, instruction.actions) {
                    return self.part(block, Change::Differs(id, operation, how));
                }
            } else if only_moves(instruction.actions) {
                self.accesses(block, id, instruction.actions);
            } else {
                return self.part(block, Change::Computes(id));
            }
        }
        match operations.next() {
            Some(operation) => self.part(block, Change::Missing(operation)),
            None => Ok(()),
        }
    }

    fn accesses(&mut self, block: Block, id: InstructionId, actions: &[Action]) {
        for &action in actions {
            for (at, why) in misplaced(self.after, action) {
                self.fault(block, FaultKind::Access(id, at, why));
            }
        }
    }

    /// Enters a block by an edge.
    fn reach(&mut self, by: (Block, EdgeIndex), block: Block) {
        let known = &mut self.faults.came_by[block.index()];
        if block.index() != 0 && known.is_none() {
            *known = Some(by);
            self.due.push_back(block);
        } else if self.after.counterpart(block).is_none() {
            self.faults.shared_split_edge.get_or_insert(block);
        }
    }

    /// Goes on along an edge of a block with a counterpart, if that leads where `wanted` does.
    fn follow(&mut self, from: Block, edge: EdgeIndex, wanted: Wanted) {
        let Some(&target) = self.cfg.successors(from).get(edge.index()) else { return };
        match self.split_edges.end(self.after, self.cfg, target) {
            End::Block(end) if self.leads_to(wanted, end) => self.reach((from, edge), target),
            End::Block(end) => self.changed(from, Change::Elsewhere(end, wanted)),
            End::Circle => self.changed(from, Change::Circle(target, wanted)),
            // This fault is reported at the split-edge block.
            End::Astray => self.reach((from, edge), target),
        }
    }

    fn leads_to(&self, (from, edge): Wanted, end: Block) -> bool {
        let meant = self.before.edge(from, edge).map(|edge| edge.target);
        meant.is_some() && meant == self.after.counterpart(end)
    }

    /// Leaves a split-edge block, by its only edge.
    fn split_edge(&mut self, block: Block) -> Result<(), Stop> {
        let &[next] = self.cfg.successors(block) else {
            return self.part(block, Change::Astray);
        };
        self.reach((block, EdgeIndex::new(0)), next);
        Ok(())
    }
}
