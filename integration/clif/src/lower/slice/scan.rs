//! The walk over both functions in step.

use super::super::across::Across;
use super::super::frame::has_same_type;
use super::super::layout::Layout;
use super::classes::Classes;
use super::kept::Kept;
use crate::types::TypeId;
use crate::view::{Access, Argument, Brief, Function, Role};

/// What remains of two functions.
#[derive(Debug)]
pub(super) struct Scan<I> {
    /// The values that remain.
    pub(super) classes: Classes,
    /// The instructions that remain of the before function.
    pub(super) before: Kept<I>,
    /// The instructions that remain of the after function.
    pub(super) after: Kept<I>,
    /// The number of reachable instructions of the after function that are left out.
    pub(super) left_out: usize,
    /// Whether a watched value lives across a safepoint.
    pub(super) any_lives_across: bool,
}

impl<I: Copy> Scan<I> {
    /// Walks over two functions with the same blocks, of which the first has no stack slots. Returns
    /// `None` if the functions differ in what is to be left out, in an edge, or in an unusual way.
    ///
    /// Cost: linear in both functions.
    pub(super) fn of<F: Function<Instruction = I>>(
        before: &Layout<'_, F>,
        after: &F,
        classes: Classes,
    ) -> Option<Self> {
        let blocks = before.view.block_bound();
        let mut walk = Walk {
            before: before.view,
            after,
            across: Across::new(before.view),
            scan: Scan {
                classes,
                before: Kept::new(blocks),
                after: Kept::new(blocks),
                left_out: 0,
                any_lives_across: false,
            },
            program_address: None,
            spiller_address: None,
        };
        before.view.blocks().try_for_each(|block| walk.params(block))?;
        for (block, id) in before.reachable() {
            walk.across.enter(id);
            walk.block(block)?;
        }
        walk.finish(before)
    }
}

struct Walk<'f, F: Function> {
    before: &'f F,
    after: &'f F,
    across: Across,
    scan: Scan<F::Instruction>,
    /// The type of the first address that the program uses.
    program_address: Option<TypeId>,
    /// The type of the first address of a slot.
    spiller_address: Option<TypeId>,
}

impl<F: Function> Walk<'_, F> {
    /// Compares the header of a block.
    fn params(&mut self, block: u32) -> Option<()> {
        let (mine, theirs) = (self.before.params(block), self.after.params(block));
        let is_same = self.before.has_same(mine, self.after, theirs)
            && self.before.is_cold(block) == self.after.is_cold(block);
        self.before.params(block).for_each(|param| {
            self.scan.classes.define(param);
        });
        is_same.then_some(())
    }

    fn block(&mut self, block: u32) -> Option<()> {
        let (before, after) = (self.before, self.after);
        before.params(block).for_each(|param| self.define(param));
        let mut theirs = after.instructions(block);
        let mut ended = false;
        for mine in before.instructions(block) {
            if ended {
                return None;
            }
            let brief = before.brief(mine);
            ended = brief.is_terminator;
            let remains = self.read(mine, brief)?;
            loop {
                let other = theirs.next()?;
                if !remains && self.is_same(mine, other) {
                    self.scan.left_out += 1;
                    break;
                }
                if !self.is_inserted(other)? {
                    self.keep(mine, other, ended)?;
                    break;
                }
                self.insert(other)?;
            }
        }
        self.scan.before.end(block);
        self.scan.after.end(block);
        theirs.next().is_none().then_some(())
    }

    /// Visits an instruction of the before function. Returns whether it belongs to the slice: it
    /// runs the collector, ends a block, or reads or defines a value in the slice.
    fn read(&mut self, mine: F::Instruction, brief: Brief) -> Option<bool> {
        let view = self.before;
        let collects = brief.role == Role::Safepoint;
        let mut remains = collects || brief.is_terminator;
        for operand in view.operands(mine) {
            remains |= self.observe(operand);
        }
        if self.program_address.is_none() && brief.role != Role::Jump {
            let address = view.address_operand(mine).and_then(|n| view.operands(mine).nth(n));
            self.program_address = address.and_then(|address| view.type_of(address));
        }
        self.across.performed(collects);
        for result in view.results(mine) {
            self.define(result);
            remains |= self.scan.classes.is_kept(view, result);
        }
        if brief.is_terminator {
            let passed = view.edges(mine).flat_map(|edge| view.arguments(edge));
            for value in passed.filter_map(Argument::value) {
                self.observe(value);
            }
        }
        // The program has no slots that an instruction could name.
        let is_usual = brief.role != Role::Unknown && !brief.names_slot;
        is_usual.then_some(remains)
    }

    /// Returns whether two instructions without edges are the same.
    fn is_same(&self, mine: F::Instruction, other: F::Instruction) -> bool {
        let (before, after) = (self.before, self.after);
        let is_alias = |operand| self.scan.classes.is_alias(operand);
        before.is_same(mine, after, other)
            && (!before.operands(mine).any(is_alias)
                || same(before.operands(mine), after.operands(other), |a, b| self.is_one(a, b)))
    }

    /// Notes that a value is read, and returns whether it is in the slice.
    fn observe(&mut self, value: u32) -> bool {
        let original = self.scan.classes.resolved(self.before, value);
        let (is_kept, is_watched) = self.scan.classes.read(original);
        if is_watched {
            self.across.read(original);
        }
        is_kept
    }

    fn define(&mut self, value: u32) {
        if self.scan.classes.define(value) {
            self.across.define(value);
        }
    }

    /// Returns whether the spiller inserted an instruction, by the rule of the frame condition
    /// (`Frame::inserted_access`) for a program without slots; `None` if it is unusual.
    fn is_inserted(&self, other: F::Instruction) -> Option<bool> {
        let view = self.after;
        let mut results = view.results(other).map(|result| !self.before.defines(result));
        if let Some(is_new) = results.next() {
            return results.all(|other| other == is_new).then_some(is_new);
        }
        Some(match view.access(other) {
            Some(Access::Store { address: Some(address), .. }) => {
                let address = view.operands(other).nth(address);
                address.is_some_and(|value| !self.before.defines(view.resolve(value)))
            }
            Some(Access::Store { address: None, .. }) => true,
            Some(Access::Address | Access::Load { .. }) | None => false,
        })
    }

    /// Adds an instruction of the spiller to the slice.
    fn insert(&mut self, other: F::Instruction) -> Option<()> {
        let view = self.after;
        let is_usual = !view.is_terminator(other)
            && view.operands(other).all(|operand| self.scan.classes.is_kept(view, operand));
        let r#type = view.results(other).next().and_then(|result| view.type_of(result));
        // What has the type that addresses have need not be asked whether it is one.
        if r#type.is_some()
            && r#type != self.spiller_address
            && view.access(other) == Some(Access::Address)
        {
            if self.spiller_address.is_some() {
                return None;
            }
            self.spiller_address = r#type;
        }
        self.scan.after.push(other);
        is_usual.then_some(())
    }

    /// Adds an instruction of each function to the slice, after comparing what is left out of them.
    /// `leaves` says whether that of the before function ends its block.
    fn keep(&mut self, mine: F::Instruction, other: F::Instruction, leaves: bool) -> Option<()> {
        let (before, after) = (self.before, self.after);
        let passes_same =
            || same(before.edges(mine), after.edges(other), |a, b| self.passes_same(a, b));
        let is_same = before.has_same(before.results(mine), after, after.results(other))
            && same(before.operands(mine), after.operands(other), |a, b| self.agree(a, b))
            && (!leaves || passes_same());
        self.scan.before.push(mine);
        self.scan.after.push(other);
        is_same.then_some(())
    }

    /// Returns whether a value of the before function and one of the after function stand for the
    /// same, and say that they have one type.
    fn is_one(&self, a: u32, b: u32) -> bool {
        let classes = &self.scan.classes;
        classes.resolved(self.before, a) == classes.resolved(self.after, b)
            && has_same_type(self.before, a, self.after, b)
    }

    /// Returns whether two operands are both in the slice, or else the same.
    fn agree(&self, a: u32, b: u32) -> bool {
        let classes = &self.scan.classes;
        match (classes.is_kept(self.before, a), classes.is_kept(self.after, b)) {
            (true, true) => true,
            (false, false) => self.is_one(a, b),
            (true, false) | (false, true) => false,
        }
    }

    /// Returns whether two edges enter the same block, and pass the same to parameters that are not
    /// in the slice, and values in the slice to others.
    fn passes_same(&self, a: F::Edge, b: F::Edge) -> bool {
        let (before, after) = (self.before, self.after);
        let target = before.target(a);
        let mut params = before.params(target);
        let classes = &self.scan.classes;
        let fits = |a: Argument, b: Argument| {
            let Some(param) = params.next() else { return false };
            match (a, b) {
                (Argument::Value(a), Argument::Value(b)) if classes.is_kept(before, param) => {
                    classes.is_kept(before, a) && classes.is_kept(after, b)
                }
                (Argument::Value(a), Argument::Value(b)) => self.is_one(a, b),
                (a, b) => a == b,
            }
        };
        let is_same =
            after.target(b) == target && same(before.arguments(a), after.arguments(b), fits);
        is_same && params.next().is_none()
    }

    fn finish(mut self, before: &Layout<'_, F>) -> Option<Scan<F::Instruction>> {
        let are_addresses_alike = self.program_address.is_none()
            || self.spiller_address.is_none()
            || self.program_address == self.spiller_address;
        let is_usual = are_addresses_alike && self.scan.classes.all_are_defined();
        self.scan.any_lives_across = self.across.is_found(before);
        is_usual.then_some(self.scan)
    }
}

/// Returns whether two lists have the same length, and `fits` holds for each pair of items.
fn same<T>(
    mine: impl Iterator<Item = T>,
    mut other: impl Iterator<Item = T>,
    mut fits: impl FnMut(T, T) -> bool,
) -> bool {
    for a in mine {
        if !other.next().is_some_and(|b| fits(a, b)) {
            return false;
        }
    }
    other.next().is_none()
}
