//! The references that the types of a module show, by bytecode offset.
//!
//! A module is validated once more, and what each operator yields is kept where it is a reference
//! that Wasmtime must declare.

mod class;
mod names;
mod operators;
mod read;

pub(crate) use class::Class;

/// The references that a module's types show.
#[derive(Debug, Default)]
pub(crate) struct ModuleTypes {
    /// Whether references should be declared wherever the types show one.
    pub(crate) are_declared: bool,
    /// The defined functions, by their index among the defined functions.
    pub(crate) functions: Vec<FunctionTypes>,
    /// For each global that the module defines, the class of what it holds.
    pub(crate) globals: Vec<Class>,
}

/// The references that the types of one function show.
#[derive(Debug, Default)]
pub(crate) struct FunctionTypes {
    /// The class of each parameter.
    pub(crate) params: Vec<Class>,
    /// The operators that yield references, or what looks like one, in order of their offsets.
    pub(crate) yields: Vec<Yield>,
    /// The offsets of operators that transfer control, in order: code behind one is not its own.
    pub(crate) control: Vec<u32>,
    /// The operators that take what looks like a reference and is none, in order of their offsets.
    pub(crate) takes: Vec<Takes>,
    /// The offsets of operators that access objects in the collector's heap, in order.
    pub(crate) accesses: Vec<u32>,
}

impl FunctionTypes {
    /// Returns whether the function has parameters or operators that yield references.
    pub(crate) fn yields_references(&self) -> bool {
        self.yields(Class::Reference)
    }

    /// Returns whether the function has parameters or operators that yield what can only be null.
    pub(crate) fn yields_nulls(&self) -> bool {
        self.yields(Class::Null)
    }

    /// Returns whether the function has parameters, or operators that may yield, values of a class.
    fn yields(&self, class: Class) -> bool {
        let is_of_class = |yields: &Yield| match &yields.kind {
            YieldKind::Call(results) => results.contains(&class),
            YieldKind::One(result) => *result == class,
            YieldKind::Several | YieldKind::Catches(_) => true,
        };
        self.params.contains(&class) || self.yields.iter().any(is_of_class)
    }
}

/// An operator that takes what looks like a reference and is none, by its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Takes {
    /// The offset in the module.
    pub(crate) offset: u32,
    /// How many references it takes as well.
    pub(crate) references: usize,
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
    /// A call: the class of each result.
    Call(Vec<Class>),
    /// An operator with one result, which it makes or loads.
    One(Class),
    /// An operator with several results, of which some are references.
    Several,
    /// `try_table`: the catch clauses, in order.
    Catches(Vec<Catch>),
}

/// A catch clause.
#[derive(Debug)]
pub(crate) struct Catch {
    /// The class of each value of the exception that the clause yields.
    pub(crate) payload: Vec<Class>,
}
