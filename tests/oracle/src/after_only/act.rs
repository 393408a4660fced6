//! The effect of each action on the state of a run.

use std::collections::BTreeSet;

use stackmap_verifier::Collector;
use stackmap_verifier::after_only::{Making, Role};
use stackmap_verifier::model::{Action, Location, RootList};

use super::content::{Content, Held, Instance, Kind, Object, Seen};
use super::naive::{Moment, Naive, State};

impl<'p> Naive<'p> {
    /// Returns the states that may result from an action.
    pub(super) fn act(&mut self, moment: Moment, action: Action, mut state: State) -> Vec<State> {
        match action {
            Action::Use { operand, at } => {
                self.read(moment, at, &state);
                let role = self.program.role(moment.instruction, operand);
                if let Content::Holds(held) = &state.contents[at.index()]
                    && let Some(kind) = self.stale_use(role, &held.object)
                {
                    self.fail(moment, at, kind, true);
                }
                if role == Some(Role::Copied) && self.defines_declared(moment) {
                    self.receive(moment, at, &state);
                }
                vec![state]
            }
            Action::Define { at, .. } => self.define(moment, at, state),
            Action::Move { from, to } => {
                self.read(moment, from, &state);
                self.give(moment, from, to, &state);
                let content = self.moved(from, &mut state);
                self.write(&mut state, to, content);
                vec![state]
            }
            Action::Null { at } => {
                self.immovable.insert(at);
                let null = Content::holds(Object::new(state.fresh(), Making::Constant));
                self.write(&mut state, at, null);
                vec![state]
            }
            Action::Clobber { at } => {
                let instance = state.fresh();
                let mixed = Content::Nothing(instance, Kind::Mixed, Seen::default());
                self.write(&mut state, at, mixed);
                vec![state]
            }
            Action::Safepoint { roots } => {
                self.collect(moment, roots, &mut state);
                vec![state]
            }
        }
    }

    fn define(&mut self, moment: Moment, at: Location, mut state: State) -> Vec<State> {
        match self.program.making(moment.instruction) {
            Making::Constant | Making::Address => drop(self.immovable.insert(at)),
            Making::Computed | Making::Unknown => {}
        }
        let contents = self.results(moment, &mut state);
        let each = contents.into_iter().map(|content| {
            let mut state = state.clone();
            self.write(&mut state, at, content);
            state
        });
        each.collect()
    }

    /// Returns the content that a move copies. A value loaded from an uninitialized location is
    /// an ordinary value; so is one loaded from a slot whose address escapes, which may be an
    /// object.
    fn moved(&self, from: Location, state: &mut State) -> Content {
        let by = Some((from, self.program.is_float(from)));
        if self.escapes(from) {
            return Content::holds(Object::new(state.fresh(), Making::Unknown));
        }
        let held = match state.contents[from.index()].clone() {
            Content::Holds(held) => Held { by, ..*held },
            Content::Nothing(instance, _, seen) => {
                let object = Object::new(instance, Making::Constant);
                let (is_declared, was_float) = (false, false);
                let (is_claimed, was_left) = (false, false);
                Held { object, by, is_declared, was_float, is_claimed, was_left, seen }
            }
        };
        Content::Holds(Box::new(held))
    }

    /// Whether an instruction defines a declared value.
    fn defines_declared(&self, moment: Moment) -> bool {
        let actions = self.program.after().instruction(moment.instruction).actions;
        actions.iter().any(|action| match action {
            Action::Define { at, .. } => self.declared.contains(at),
            Action::Use { .. }
            | Action::Move { .. }
            | Action::Null { .. }
            | Action::Clobber { .. }
            | Action::Safepoint { .. } => false,
        })
    }

    /// A declared value receives the content of a location.
    pub(super) fn receive(&mut self, moment: Moment, at: Location, state: &State) {
        if let Content::Holds(held) = &state.contents[at.index()]
            && held.is_undeclared()
        {
            self.fail(moment, at, Kind::Undeclared, true);
        }
    }

    /// A slot whose address is used as a value counts as memory.
    fn give(&mut self, moment: Moment, from: Location, to: Location, state: &State) {
        if self.escapes(to)
            && let Content::Holds(held) = &state.contents[from.index()]
            && held.object.is_stale(false)
        {
            self.fail(moment, from, Kind::Stale, true);
        }
    }

    /// Whether a location is in a slot whose address is used as a value.
    pub(super) fn escapes(&self, at: Location) -> bool {
        let after = self.program.after();
        let slot = after.cell(at).and_then(|cell| after.slot(cell.slot));
        slot.is_some_and(|slot| slot.escapes.is_some())
    }

    fn collect(&mut self, moment: Moment, list: RootList, state: &mut State) {
        let after = self.program.after();
        let roots: BTreeSet<Location> = after.roots(list).iter().copied().collect();
        // Determined before any root is updated.
        let kept: BTreeSet<Instance> = match self.collector {
            Collector::Moving => BTreeSet::new(),
            Collector::NonMoving => {
                roots.iter().map(|root| state.contents[root.index()].instance()).collect()
            }
        };
        for &root in &roots {
            self.listed.entry(root).or_default().insert(moment.instruction);
            let content = &mut state.contents[root.index()];
            if let Content::Holds(held) = content {
                self.spilled.extend(held.by.map(|(by, _)| by));
            }
            let wrong = content.list(self.program.is_float_root(moment.instruction, root));
            if !self.escapes(root) {
                wrong.into_iter().for_each(|(kind, news)| self.fail(moment, root, kind, news));
            }
        }
        // It is unknown what a root in an escaping slot keeps.
        let is_known = !roots.iter().any(|&root| self.escapes(root));
        if self.collector == Collector::NonMoving && !is_known {
            return;
        }
        for (index, content) in state.contents.iter_mut().enumerate() {
            if !roots.contains(&Location::new(index)) {
                content.leave_behind(&kept);
            }
        }
    }

    fn read(&mut self, moment: Moment, at: Location, state: &State) {
        let cells = self.overlapping(at).chain([at]);
        for cell in cells.filter(|&cell| self.program.after().cell(cell).is_some()) {
            if let Content::Holds(held) = &state.contents[cell.index()]
                && let Some((by, _)) = held.by
            {
                self.reaching.entry((moment, cell)).or_default().insert(by);
            }
        }
    }

    /// Returns the other cells that share a byte with a cell.
    fn overlapping(&self, at: Location) -> impl Iterator<Item = Location> + use<'p> {
        let after = self.program.after();
        let others = after.locations().filter(move |&other| other != at);
        others.filter(move |&other| match (after.cell(at), after.cell(other)) {
            (Some(cell), Some(other)) => cell.overlaps(other),
            (_, _) => false,
        })
    }

    fn write(&self, state: &mut State, at: Location, content: Content) {
        state.contents[at.index()] = self.named(at, content);
        for other in self.overlapping(at) {
            let instance = state.fresh();
            state.contents[other.index()] =
                Content::Nothing(instance, Kind::Mixed, Seen::default());
        }
    }

    /// Returns the operands of an instruction in one role.
    fn operands(&self, moment: Moment, role: Role) -> Vec<Location> {
        let actions = self.program.after().instruction(moment.instruction).actions;
        let in_role = actions.iter().filter_map(|&action| match action {
            Action::Use { operand, at }
                if self.program.role(moment.instruction, operand) == Some(role) =>
            {
                Some(at)
            }
            Action::Use { .. }
            | Action::Define { .. }
            | Action::Move { .. }
            | Action::Null { .. }
            | Action::Clobber { .. }
            | Action::Safepoint { .. } => None,
        });
        in_role.collect()
    }

    /// Returns the objects in the operands of one role, as bases from which a result is
    /// derived.
    fn bases(&self, moment: Moment, role: Role, state: &State) -> BTreeSet<Object> {
        let operands = self.operands(moment, role).into_iter();
        let bases = operands.filter_map(|at| match &state.contents[at.index()] {
            Content::Holds(held) => Some(held.object.as_base()),
            Content::Nothing(..) => None,
        });
        bases.collect()
    }

    /// Returns the possible contents of a result.
    fn results(&self, moment: Moment, state: &mut State) -> Vec<Content> {
        let bases = self.bases(moment, Role::Offset, state);
        let copied: Vec<Content> = self
            .operands(moment, Role::Copied)
            .into_iter()
            .map(|copied| match state.contents[copied.index()].clone() {
                Content::Holds(held) => {
                    let object = held.object.with_bases(&bases);
                    Content::Holds(Box::new(Held { object, by: None, ..*held }))
                }
                Content::Nothing(instance, ..) => {
                    Content::holds(Object::new(instance, Making::Constant))
                }
            })
            .collect();
        if !copied.is_empty() {
            return copied;
        }
        let object = Object::new(state.fresh(), self.program.making(moment.instruction));
        let object = object.with_bases(&bases);
        let stays = self.collector == Collector::NonMoving
            && self.program.is_movable_load(moment.instruction)
            && self.program.making(moment.instruction) == Making::Unknown;
        vec![Content::holds(match stays {
            true => object.loaded_from(self.bases(moment, Role::Dereferenced, state)),
            false => object,
        })]
    }

    /// Returns the failure of using a value in a role, or of using a value derived from a stale
    /// one.
    fn stale_use(&self, role: Option<Role>, object: &Object) -> Option<Kind> {
        match role? {
            Role::Given => object.is_stale(false).then_some(Kind::Stale),
            Role::Dereferenced if object.is_stale(true) => Some(Kind::Stale),
            // If objects do not move, a reference that no root has kept is lost, not merely
            // outdated. An address that is live across a call is different: the compiler may
            // know that the call does not collect.
            Role::Dereferenced
                if self.collector == Collector::NonMoving && object.was_made_from_stale() =>
            {
                Some(Kind::Stale)
            }
            Role::Dereferenced => object.is_made_from_stale().then_some(Kind::StaleAddress),
            Role::Copied | Role::Offset | Role::Examined => None,
        }
    }
}
