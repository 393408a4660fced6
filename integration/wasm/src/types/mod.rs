//! The references that the types of a module show, by bytecode offset.
//!
//! A module is validated once more, and what each operator yields is kept where it is a reference
//! that Wasmtime must declare.

mod class;
mod names;
mod operators;
mod read;

/// The references that a module's types show.
#[derive(Debug, Default)]
pub(crate) struct ModuleTypes {
    /// The defined functions, by their index among the defined functions.
    pub(crate) functions: Vec<FunctionTypes>,
    /// For each global that the module defines, whether it holds references.
    pub(crate) globals: Vec<bool>,
}

/// The references that the types of one function show.
#[derive(Debug, Default)]
pub(crate) struct FunctionTypes {
    /// For each parameter, whether it is a reference.
    pub(crate) params: Vec<bool>,
    /// The operators that yield references, or what looks like one, in order of their offsets.
    pub(crate) yields: Vec<Yield>,
    /// The offsets of operators that transfer control, in order: code behind one is not its own.
    pub(crate) control: Vec<u32>,
    /// The offsets of operators that access objects in the collector's heap, in order.
    pub(crate) accesses: Vec<u32>,
}

impl FunctionTypes {
    /// Returns whether the function has parameters or operators that yield references.
    pub(crate) fn yields_references(&self) -> bool {
        let is_reference = |yields: &Yield| match &yields.kind {
            YieldKind::Call(results) => results.contains(&true),
            YieldKind::NoPointer => false,
            YieldKind::One | YieldKind::Several | YieldKind::Catches(_) => true,
        };
        self.params.contains(&true) || self.yields.iter().any(is_reference)
    }
}

/// An operator that yields references, or what looks like one.
#[derive(Debug)]
pub(crate) struct Yield {
    /// The offset in the module, which is the source location of its code.
    pub(crate) offset: u32,
    /// Its name in the text format, `struct.get`.
    pub(crate) operator: String,
    pub(crate) kind: YieldKind,
}

/// The kinds of operators that yield references, or what looks like one.
#[derive(Debug)]
pub(crate) enum YieldKind {
    /// A call: for each result, whether it is a reference.
    Call(Vec<bool>),
    /// An operator with one result, a reference that it makes or loads.
    One,
    /// An operator with one result, an `i31ref` or what can only be null.
    NoPointer,
    /// An operator with several results, of which some are references.
    Several,
    /// `try_table`: the catch clauses, in order.
    Catches(Vec<Catch>),
}

/// A catch clause.
#[derive(Debug)]
pub(crate) struct Catch {
    /// For each value of the exception that the clause yields, whether it is a reference.
    pub(crate) payload: Vec<bool>,
}
