//! A pair of functions, from text to model.

use stackmap_verifier::model::{Name, Value};
use thiserror::Error;

use crate::compiler::{Compiler, Practice};
use crate::declared::{Candidates, Contradiction, Declared, is_foreign};
use crate::exempt::{Exempt, Plan};
use crate::expected::{BadReferences, Counts, Source};
use crate::lower::{Comparison, Known, LowerError, Lowered, lower_knowing};
use crate::names::Names;
use crate::text::{SyntaxError, TextView, read_function, read_readable};
use crate::version::AtLeast;

/// A function's text and its position in the input.
#[derive(Clone, Copy, Debug)]
pub struct Text<'t> {
    /// The text.
    pub text: &'t str,
    /// The line number of its first line in the input.
    pub line: u32,
}

/// A pair, ready to be verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClifPair {
    /// The function's name, `%f` or `u0:3`.
    pub name: String,
    /// The result of comparing the two functions. If some declared references are
    /// [doubtful](Self::doubtful), it takes all values that may be declared to be declared.
    pub comparison: Comparison,
    /// The declared references that may not actually be declared: the log is of a version that
    /// prints all values up to the largest instead of the declared ones, or cannot be distinguished
    /// from such a log. A verdict holds only if it is the same with and without these.
    pub doubtful: Vec<Value>,
    /// The doubtful references that are named by a `;! declare` line which any program may have
    /// printed, if there is one.
    pub hinted: Option<Vec<Value>>,
    /// Whether a `;! declare` line decides which values are declared.
    pub rests_on_line: bool,
    /// How many references are expected, and how many of them are known, if anything but the
    /// declared values tells.
    pub expected: Option<Counts>,
    /// The values that need not be declared, by number.
    pub exempt: Exempt,
}

impl ClifPair {
    /// Returns the model of the pair, unless there is a difference that the spiller must not make.
    pub fn model(&self) -> Option<&Lowered> {
        match &self.comparison {
            Comparison::Pair(lowered) => Some(lowered),
            Comparison::Changed(_) => None,
        }
    }
}

/// The reason why a pair cannot be verified.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The before function cannot be parsed.
    #[error("before function: {0}")]
    Before(SyntaxError),
    /// The after function cannot be parsed.
    #[error("after function: {0}")]
    After(SyntaxError),
    /// The information about the declared values contradicts itself.
    #[error(transparent)]
    Declared(#[from] Contradiction),
    /// A `;! references` line does not apply to the function.
    #[error("{0}")]
    References(BadReferences),
    /// The two can be parsed, but nothing can be proved about them.
    #[error(transparent)]
    Unsupported(#[from] LowerError),
}

/// Reads and lowers a pair. `version` is what is known about the version of Cranelift that printed
/// it; what the text itself reveals is taken into account as well.
///
/// # Errors
///
/// Returns a [`ReadError`] if a function cannot be parsed, or if the two do not align.
pub fn read_pair(
    before: Text<'_>,
    after: Text<'_>,
    declared: &Declared,
    version: AtLeast,
) -> Result<ClifPair, ReadError> {
    read_pair_knowing(before, after, declared, &Knowledge { version, ..Knowledge::default() })
}

/// What is known of a pair of functions, beyond their texts and what is declared.
#[derive(Clone, Copy, Default)]
pub struct Knowledge<'k> {
    /// What is known of the version of Cranelift that printed it.
    pub version: AtLeast,
    /// What tells which values are references or null, if anything does.
    pub source: Option<&'k dyn Source>,
    /// What is known of the compiler, if anything is.
    pub compiler: Option<&'k Compiler>,
}

/// [`read_pair`], with whatever else is known of the pair.
///
/// # Errors
///
/// As [`read_pair`].
pub fn read_pair_knowing(
    before: Text<'_>,
    after: Text<'_>,
    declared: &Declared,
    knowledge: &Knowledge<'_>,
) -> Result<ClifPair, ReadError> {
    let Knowledge { version, source, compiler } = *knowledge;
    let mut names = Names::default();
    let mut before =
        read_function(before.text, before.line, &mut names).map_err(ReadError::Before)?;
    let mut after = read_readable(after.text, after.line, &mut names).map_err(ReadError::After)?;
    let version = version.max(AtLeast::of_pair(&before, &after));
    let is_of_others = version == AtLeast::UNKNOWN
        && declared.is_all_that_is_known()
        && is_foreign(&before, &after, declared.values(), &names);
    let as_listed = is_of_others.then(|| declared.as_listed());
    let declared = as_listed.as_ref().unwrap_or(declared);
    declared.check(version)?;
    let is_told = source.is_some_and(|source| source.looks_for_references())
        || !declared.references().is_empty();
    let told = source.map(|source| {
        let listed = declared.values().iter().filter_map(|&number| names.values.index(number));
        let listed: Vec<u32> = listed.map(|value| before.resolve(value)).collect();
        source.references(&before, &listed)
    });
    let mut expected = told.unwrap_or_default();
    for stated in declared.references() {
        expected.extend(stated.references(&before).map_err(ReadError::References)?);
    }
    let exempt = expected.exempt.by_number(&names);
    let plan = Plan::of(&expected.exempt, &before, &mut names);
    plan.apply(&mut before);
    plan.apply(&mut after);
    let view = |function| TextView::new(function, &names, version.prints_try_call_maps());
    let practice = compiler.map_or_else(Practice::default, |compiler| compiler.practice(&after));
    let (before_view, after_view) = (view(&before), view(&after).with_practice(&practice));
    let candidates = Candidates::of(declared, version, &before_view, &names);
    let known = Known {
        declared: &candidates.possible,
        expected: &expected.references,
        numbers: &expected.exempt.numbers,
        only_declared: compiler.is_some_and(|compiler| compiler.only_declared),
    };
    let comparison = lower_knowing(&before_view, &after_view, &known);
    // CLIF that no Cranelift prints may be the work of a spiller: the comparison reports it, but
    // the function is never accepted as correct.
    if let Some(error) = after.invalid.clone()
        && !matches!(comparison, Ok(Comparison::Changed(_)))
    {
        return Err(ReadError::After(error));
    }
    let mut comparison = comparison?;
    if let Comparison::Pair(lowered) = &mut comparison {
        lowered.moves_nothing = compiler.is_some_and(|compiler| compiler.moves_nothing);
    }
    let (doubtful, hinted) = match &comparison {
        Comparison::Pair(lowered) => {
            let number = |value| match lowered.before.value_name(value) {
                Name::Numbered(_, number) => Some(number),
                Name::Text(_) => None,
            };
            let is_certain =
                |value| number(value).is_some_and(|number| candidates.is_certain(number, &names));
            let declared = lowered.declared.iter().copied();
            let doubtful: Vec<Value> = declared.filter(|&value| !is_certain(value)).collect();
            let hinted = candidates.hinted(&doubtful, number, &names);
            (doubtful, hinted)
        }
        Comparison::Changed(_) => (Vec::new(), None),
    };
    Ok(ClifPair {
        name: before.name.to_owned(),
        comparison,
        doubtful,
        hinted,
        rests_on_line: declared.rests_on_line(version),
        expected: is_told.then_some(expected.counts),
        exempt,
    })
}

/// Returns whether the after function was made from the before function, as far as can be
/// determined without knowing which values are declared.
pub(crate) fn aligns(before: Text<'_>, after: Text<'_>) -> bool {
    match read_pair(before, after, &Declared::exactly([]), AtLeast::UNKNOWN) {
        Ok(pair) => pair.model().is_some(),
        Err(
            ReadError::Before(_)
            | ReadError::After(_)
            | ReadError::Declared(_)
            | ReadError::References(_),
        ) => false,
        Err(ReadError::Unsupported(_)) => true,
    }
}
