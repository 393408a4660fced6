//! The entries of blocks: the function's entry, and edges.

use std::iter;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::check::{Checked, Checker};
use super::reject::{Place, Rule, rejected};
use super::state::{State, is_always};
use super::{Claim, Entry, Fact, Otherwise};
use crate::model::{Block, Edge, EdgeIndex, Location, Value};

impl Checker<'_> {
    /// S1: when the function is entered, its parameters are defined, in places for values,
    /// and nothing else is known.
    pub(super) fn start(&self) -> Checked {
        let entry = Block::new(0);
        let at = Place::Block(entry);
        let expected = "both functions to begin in block 0, which is listed first";
        let first = self.blocks.first().filter(|first| first.block == entry);
        let first = first.ok_or_else(|| rejected(Rule::L1, at, expected, "another list"))?;
        if self.counterpart(entry) != Some(Some(entry)) {
            return Err(rejected(Rule::L1, at, expected, "another block counterpart"));
        }
        let (values, places) = (self.before.params(entry), self.after.params(entry));
        if values.len() != places.len() {
            let found = format!("{} of {}", places.len(), values.len());
            return Err(rejected(Rule::L1, at, "all parameters in both functions", found));
        }
        let mut state = State::default();
        for (&value, &place) in values.iter().zip(places) {
            self.inside(place, at)?;
            self.overwrite(&mut state, place);
            state.define(value, place);
            // R2, for what the caller passes.
            if is_always(&self.references, value) && !self.declared.contains(&value) {
                let expected = "a declared parameter, if it is always a reference";
                return Err(rejected(Rule::R2, Place::Value(value), expected, "an undeclared one"));
            }
        }
        self.claims(&state, Rule::S1, first, &FxHashMap::default(), &FxHashMap::default())
    }

    /// S2, and S1 with nothing moved: what is claimed of a block's start is known in front
    /// of an edge to it, read back over the parallel assignment, which has `moved`
    /// arguments to parameters of *after*, and has `meant` be the arguments of *before*.
    fn claims(
        &self,
        state: &State,
        rule: Rule,
        entry: &Entry,
        moved: &FxHashMap<Location, Location>,
        meant: &FxHashMap<Value, Value>,
    ) -> Checked {
        let at = Place::Block(entry.block);
        let value = |value: &Value| *meant.get(value).unwrap_or(value);
        if let Some(null) = entry.nulls.iter().find(|null| !state.is_null(value(null))) {
            let expected = format!("{null:?} to mean null");
            return Err(rejected(rule, at, expected, "nothing that says so"));
        }
        // A declared parameter makes its argument's instance a reference, unless that is null.
        let made = meant.iter().filter(|(param, _)| self.declared.contains(param));
        let made: SmallVec<[Value; 2]> = made.map(|(_, &argument)| argument).collect();
        for Claim { at: place, fact } in &entry.claims {
            let any = fact.otherwise == Otherwise::Reference;
            let made = made.iter().copied().filter(|_| any);
            let values = fact.values.iter().map(value).chain(made).collect();
            let wanted = Fact { values, otherwise: fact.otherwise };
            let source = *moved.get(place).unwrap_or(place);
            if !state.proves(&self.references, source, &wanted) {
                let expected = format!("{place:?} to hold {fact}");
                let found = state.described(&self.references, source);
                return Err(rejected(rule, at, expected, format!("{source:?} with {found}")));
            }
        }
        Ok(())
    }

    /// L3: an edge leads to a block whose counterpart is the target of the edge *before* takes, or
    /// to a split-edge block on that edge. Split-edge blocks on one edge follow each other in the
    /// list, so they end. Both programs assign all parameters at once: *after* to distinct
    /// locations that are no cells, from places for values (M1).
    pub(super) fn edge(
        &mut self,
        state: &State,
        place: usize,
        taken: (Block, EdgeIndex),
        Edge { target, arguments }: Edge<'_, Location>,
    ) -> Checked {
        let from = &self.blocks[place];
        let at = Place::Block(from.block);
        let elsewhere = |found: String| {
            let expected = format!("an edge to where {:?} of {:?} leads", taken.1, taken.0);
            rejected(Rule::L3, at, expected, found)
        };
        let listed = self.places.get(&target).copied();
        let next = listed.ok_or_else(|| elsewhere(format!("one to {target:?}, not listed")))?;
        let entry = &self.blocks[next];
        self.reached.insert(target);
        let exists = taken.0.index() < self.before.block_count();
        let meant = exists.then(|| self.before.edge(taken.0, taken.1)).flatten();
        let meant = meant.ok_or_else(|| elsewhere("no such edge".to_owned()))?;
        let counterpart = self.counterpart(target);
        let counterpart =
            counterpart.ok_or_else(|| elsewhere(format!("{target:?}, which is none")))?;
        let (values, passed) = match counterpart {
            Some(block) if block == meant.target => (self.before.params(block), meant.arguments),
            // A split-edge block. Those on one edge are listed in order, so the path through them
            // ends.
            None if entry.pending == Some(taken) && (from.pending.is_none() || place < next) => {
                (&[][..], &[][..])
            }
            Some(_) | None => return Err(elsewhere(format!("one to {target:?}"))),
        };
        let params = self.after.params(target);
        for &place in arguments.iter().chain(params) {
            self.inside(place, at)?;
        }
        let moved: FxHashMap<_, _> = iter::zip(params, arguments).map(|(&p, &a)| (p, a)).collect();
        let meant: FxHashMap<_, _> = iter::zip(values, passed).map(|(&p, &a)| (p, a)).collect();
        let distinct = (moved.len(), meant.len()) == (params.len(), values.len());
        let complete = (params.len(), values.len()) == (arguments.len(), passed.len());
        if !distinct || !complete || params.iter().any(|&at| self.cell(at).is_some()) {
            let expected = "one argument for each of distinct parameters, none of them a cell";
            return Err(rejected(Rule::L3, at, expected, format!("those of {target:?}")));
        }
        self.claims(state, Rule::S2, entry, &moved, &meant)?;
        for (&param, &argument) in values.iter().zip(passed) {
            self.flow(argument, param)?;
            // R2: what is always a reference or null is passed nothing but what is that.
            let always = |value| is_always(&self.references, value);
            let is_one = always(argument) || state.is_null(argument);
            if always(param) && !is_one && !self.declared.contains(&param) {
                let expected = "what is always a reference, or null, to be passed";
                let found = format!("{argument:?}");
                return Err(rejected(Rule::R2, Place::Value(param), expected, found));
            }
        }
        Ok(())
    }
}
