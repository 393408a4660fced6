//! The emitter: assigns model ids to the values of a function, and adds the edges of its blocks.
//!
//! A before function becomes a model of values, an after function a model of locations. The emitter
//! is generic over this difference.

use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use stackmap_verifier::model::{
    AfterBuilder, BeforeBuilder, Block, Location, LocationKind, Name, Value,
};

use super::LowerError;
use super::definitions::{Definitions, Id};
use super::edge_result::{EdgeResults, Passed};
use super::layout::Layout;
use crate::view::{Function, Role};

/// The builder of a model.
pub(super) trait Output {
    /// The id of a value of the function in the model.
    type Id: Id;

    /// Adds a value.
    fn value(&mut self, name: Name) -> Self::Id;

    /// Ends the block with edges: the target and the arguments of each.
    fn leave<'a>(&mut self, edges: impl IntoIterator<Item = (Block, &'a [Self::Id])>)
    where
        Self::Id: 'a;
}

impl Output for BeforeBuilder {
    type Id = Value;

    fn value(&mut self, name: Name) -> Value {
        BeforeBuilder::value(self, name)
    }

    fn leave<'a>(&mut self, edges: impl IntoIterator<Item = (Block, &'a [Value])>) {
        BeforeBuilder::leave(self, edges);
    }
}

impl Output for AfterBuilder {
    type Id = Location;

    fn value(&mut self, name: Name) -> Location {
        self.location(LocationKind::Value(name))
    }

    fn leave<'a>(&mut self, edges: impl IntoIterator<Item = (Block, &'a [Location])>) {
        AfterBuilder::leave(self, edges);
    }
}

/// A model that is being built of a function.
pub(super) struct Emitter<'l, 'f, F, B: Output> {
    pub(super) layout: &'l Layout<'f, F>,
    pub(super) builder: B,
    values: Definitions<B::Id>,
    /// The values that are computed from [what they receive](Self::received), by index.
    numbers: FxHashSet<u32>,
    received: Vec<Received<B::Id>>,
}

/// A number, and the id of the value that it is computed from.
#[derive(Clone, Copy)]
pub(super) struct Received<I> {
    pub(super) value: u32,
    pub(super) from: I,
}

impl<'l, 'f, F: Function, B: Output> Emitter<'l, 'f, F, B> {
    /// `numbers` lists values that are no references whatever flows into them, by index.
    pub(super) fn new(layout: &'l Layout<'f, F>, builder: B, numbers: &[u32]) -> Self {
        let values = Definitions::new(layout.view.value_bound());
        let numbers = numbers.iter().copied().collect();
        Emitter { layout, builder, values, numbers, received: Vec::new() }
    }

    /// Returns the id of a value that is used, aliases resolved.
    pub(super) fn used(&mut self, value: u32) -> B::Id {
        let value = self.layout.view.resolve(value);
        self.values.used(value, || self.builder.value(self.layout.value_name(value)))
    }

    /// Returns the id of a value that is defined here.
    pub(super) fn define(&mut self, value: u32) -> B::Id {
        self.values.define(value, || self.builder.value(self.layout.value_name(value)))
    }

    /// Defines the parameters of a block, which edges pass values to if it is entered by any.
    pub(super) fn params(&mut self, block: u32, is_entered: bool) -> SmallVec<[B::Id; 8]> {
        let params = self.layout.view.params(block);
        let ids = params.map(|param| match is_entered {
            true => self.receive(param),
            false => self.define(param),
        });
        ids.collect()
    }

    /// Returns the id of a result of an instruction with this role, which is defined here.
    pub(super) fn result(&mut self, result: u32, role: Role) -> B::Id {
        match role {
            Role::Forward { .. } => self.receive(result),
            Role::Safepoint | Role::Compute | Role::Jump | Role::Unknown | Role::Plain => {
                self.define(result)
            }
        }
    }

    /// Returns the id of a value that is defined here as a copy. A copy of a reference is a
    /// reference, and a number is none: so a number is computed, by an operation of its own, from
    /// what is defined here, and that has no other use. See [`Self::received`].
    fn receive(&mut self, value: u32) -> B::Id {
        if !self.numbers.contains(&value) {
            return self.define(value);
        }
        let name = format!("{}, as it is passed", self.layout.value_name(value));
        let from = self.builder.value(Name::Text(name.into()));
        self.received.push(Received { value, from });
        from
    }

    /// Takes the numbers that are to be computed now, if there are any.
    pub(super) fn received(&mut self) -> Vec<Received<B::Id>> {
        std::mem::take(&mut self.received)
    }

    /// Adds the values that a call defines on the edges out of a block.
    pub(super) fn define_on_edges(
        &mut self,
        block: u32,
        results: &EdgeResults,
    ) -> SmallVec<[B::Id; 4]> {
        if results.is_empty() {
            return SmallVec::new();
        }
        let block = self.layout.block_name(block);
        results.iter().map(|result| self.builder.value(result.name(&block))).collect()
    }

    /// Ends a block. `on_edges` lists the ids of `results`, and `enter` returns the model block
    /// that an edge to a block enters.
    ///
    /// # Errors
    ///
    /// Returns [`LowerError::NoSuchResult`] if an edge passes a result that is not in `results`.
    pub(super) fn leave(
        &mut self,
        terminator: F::Instruction,
        results: &EdgeResults,
        on_edges: &[B::Id],
        mut enter: impl FnMut(u32) -> Option<Block>,
    ) -> Result<(), LowerError> {
        let view = self.layout.view;
        let mut arguments: SmallVec<[B::Id; 8]> = SmallVec::new();
        let mut edges: SmallVec<[_; 4]> = SmallVec::new();
        for edge in view.edges(terminator) {
            let start = arguments.len();
            for argument in view.arguments(edge) {
                arguments.push(match Passed::from(argument) {
                    Passed::Value(value) => self.used(value),
                    Passed::Result(result) => {
                        let id = results.position(result).and_then(|i| on_edges.get(i));
                        *id.ok_or_else(|| self.layout.no_such_result(terminator))?
                    }
                });
            }
            if let Some(id) = enter(view.target(edge)) {
                edges.push((id, start, arguments.len()));
            }
        }
        let arguments = &arguments;
        self.builder.leave(edges.iter().map(|&(id, start, end)| (id, &arguments[start..end])));
        Ok(())
    }

    /// Returns the ids of those of these values that are defined, without duplicates, in order.
    pub(super) fn defined(&self, values: impl IntoIterator<Item = u32>) -> Vec<B::Id>
    where
        B::Id: Ord,
    {
        let defined = values.into_iter().filter_map(|value| self.values.defined(value));
        let mut defined: Vec<B::Id> = defined.collect();
        defined.sort_unstable();
        defined.dedup();
        defined
    }

    /// Finishes the model.
    ///
    /// # Errors
    ///
    /// Returns [`LowerError::UndefinedValue`] if a value was used but not defined.
    pub(super) fn finish(self) -> Result<(B, Definitions<B::Id>), LowerError> {
        match self.values.undefined() {
            Some(value) => Err(LowerError::UndefinedValue {
                program: self.layout.program,
                value: self.layout.value_name(value).to_string(),
            }),
            None => Ok((self.builder, self.values)),
        }
    }
}
