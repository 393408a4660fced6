//! References that `;! references` lines state: results of calls, and what is loaded from an alias
//! region.

use super::{BadReferences, Counts, Expectations, Mismatch, Reference};
use crate::ast::{Argument, Function, Instruction};
use crate::types::Type;

/// What a `;! references` line states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    pub(super) entity: Entity,
    /// What the line names, as written.
    pub(super) text: String,
    /// The line of the input, from 1.
    pub(super) line: u32,
}

/// The values that are references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Entity {
    /// Results of calls of a function; all if no positions are given.
    Callee {
        /// The number in `fn0`.
        number: u32,
        /// The positions among the results, from 0.
        positions: Vec<usize>,
    },
    /// Results of calls, direct or not, with a signature; all if no positions are given.
    Signature {
        /// The number in `sig0`.
        number: u32,
        /// The positions among the results, from 0.
        positions: Vec<usize>,
    },
    /// What is loaded from an alias region as this type.
    Region {
        /// The number in `region0`.
        number: u32,
        /// The type.
        r#type: Type,
    },
}

impl Stated {
    /// Returns the number of the line in its input, from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Returns what the line names, as written: `fn3 0`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the references of a function that the line is about.
    ///
    /// # Errors
    ///
    /// Returns [`BadReferences`] if the function does not have what the line names.
    pub(crate) fn references(
        &self,
        function: &Function<'_>,
    ) -> Result<Expectations, BadReferences> {
        let values = match &self.entity {
            Entity::Callee { number, positions } => {
                let name = format!("fn{number}");
                let is_of = |call: &Instruction<'_>| call.callee() == Some(&*name);
                self.results(function, &name, positions, is_of)?
            }
            Entity::Signature { number, positions } => {
                let name = format!("sig{number}");
                let callees = function.callees_of(&name);
                let is_of = |call: &Instruction<'_>| match call.callee() {
                    Some(callee) => callees.contains(callee),
                    None => call.signature() == Some(&*name),
                };
                self.results(function, &name, positions, is_of)?
            }
            Entity::Region { number, r#type } => {
                let name = format!("region{number}");
                self.declaration(function, &name)?;
                let loads = function.instructions.iter();
                let loads = loads.filter(|load| load.loads_from() == Some(&*name));
                let results = loads.flat_map(|load| load.results.of(&function.value_pool));
                let is_of_type = |&&value: &&u32| function.value(value).r#type == Some(*r#type);
                results.filter(is_of_type).copied().collect()
            }
        };
        Ok(self.found(&values))
    }

    /// Returns the results at `positions` of all calls that `is_of` accepts.
    fn results(
        &self,
        function: &Function<'_>,
        name: &str,
        positions: &[usize],
        is_of: impl Fn(&Instruction<'_>) -> bool,
    ) -> Result<Vec<u32>, BadReferences> {
        self.declaration(function, name)?;
        let count = function.result_count(name).unwrap_or(0);
        if count == 0 || positions.iter().any(|&position| position >= count) {
            return Err(self.bad(Mismatch::Results(count)));
        }
        let is_named = |position| positions.is_empty() || positions.contains(&position);
        let calls = function.instructions.iter().filter(|instruction| is_of(instruction));
        let results = calls.flat_map(|call| call_results(function, call));
        Ok(results.filter(|&(position, _)| is_named(position)).map(|(_, value)| value).collect())
    }

    fn declaration(&self, function: &Function<'_>, name: &str) -> Result<(), BadReferences> {
        let declared = function.declaration(name).map(|_| ());
        declared.ok_or_else(|| self.bad(Mismatch::Undeclared))
    }

    fn bad(&self, what: Mismatch) -> BadReferences {
        BadReferences { line: self.line, entity: self.text.clone(), what }
    }

    fn found(&self, values: &[u32]) -> Expectations {
        let what = match self.entity {
            Entity::Callee { number, .. } => format!("a result of `fn{number}`"),
            Entity::Signature { number, .. } => format!("a result of a call of `sig{number}`"),
            Entity::Region { number, .. } => format!("loaded from `region{number}`"),
        };
        let reason = format!("{what} (`;! references` on line {})", self.line);
        let reference = |&value: &u32| Reference { value, reason: reason.clone() };
        Expectations {
            references: values.iter().map(reference).collect(),
            counts: Counts { expected: values.len(), resolved: values.len() },
            ..Expectations::default()
        }
    }
}

/// Returns the results of a call with their positions. A result that a `try_call` passes along an
/// edge is the parameter that receives it.
pub fn call_results<'f>(
    function: &'f Function<'_>,
    call: &Instruction<'_>,
) -> impl Iterator<Item = (usize, u32)> + 'f {
    let direct = call.results.of(&function.value_pool).iter().copied().enumerate();
    let edges = call.edges.of(&function.edge_pool).iter();
    let passed = edges.flat_map(|edge| {
        let params = function.block(edge.target).map(|block| block.params).unwrap_or_default();
        let params = params.of(&function.value_pool);
        edge.arguments.of(&function.argument_pool).iter().zip(params)
    });
    let on_edges = passed.filter_map(|(argument, &param)| match argument {
        Argument::Return(position) => Some((*position as usize, param)),
        Argument::Value(_) | Argument::Exception(_) => None,
    });
    direct.chain(on_edges)
}
