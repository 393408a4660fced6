//! Checks CLIF files: with `;! declare` lines, the functions are run through Cranelift's spiller;
//! without, each function is checked by itself.

use stackmap_clif::after_only::lower_text;
use stackmap_clif::ast::Function;
use stackmap_clif::declared::Declared;
use stackmap_clif::limits::check_numbers;
use stackmap_clif::names::Names;
use stackmap_clif::pair::{Knowledge, Text, read_pair_knowing};
use stackmap_clif::text::{Functions, Unreadable};
use stackmap_clif::version::AtLeast;
use stackmap_cranelift::spill::{self, SpillError, Spilled};
use stackmap_report::{Evidence, FunctionResult, Listing, Part, Reason};
use stackmap_verifier::verify_after_only;

use crate::checked::{Checked, Model, Program};
use crate::how::How;
use crate::pair::{check_pair, unsupported};

/// Checks every function of a file.
pub(crate) fn check(input: &str, text: &str, how: &How) -> Vec<Checked> {
    if !spill::is_wanted(text) {
        return after_only(input, text, how);
    }
    if let Err(error) = check_numbers(text) {
        let line = Some(error.line);
        let reason = Reason { line, ..Reason::new(error.to_string()) };
        return vec![FunctionResult::error(None, reason).into()];
    }
    match spill::run(text) {
        Ok(functions) if functions.is_empty() => vec![no_function().into()],
        Ok(functions) => functions
            .into_iter()
            .map(|spilled| match spilled {
                Ok(spilled) => check_spilled(input, &spilled, how),
                Err(error) => spill_error(error).into(),
            })
            .collect(),
        Err(error) => vec![spill_error(error).into()],
    }
}

fn no_function() -> FunctionResult {
    FunctionResult::error(None, Reason::new("holds no function"))
}

fn spill_error(error: SpillError) -> FunctionResult {
    let SpillError { line, function, what } = error;
    let reason = Reason { text: what.to_string(), line: Some(line), column: None };
    FunctionResult::error(function, reason)
}

/// Verifies the text that Cranelift prints of the two functions, so that findings have line
/// numbers. The front end for functions in memory builds the same model; tests verify this.
pub(crate) fn check_spilled(input: &str, spilled: &Spilled, how: &How) -> Checked {
    let (before, after) = (spilled.before_text(), spilled.after_text());
    let declared: Vec<u32> = spilled.declared.iter().map(|value| value.as_u32()).collect();
    let after = Part::new(format!("{input} (after spilling)"), after);
    let before = Part::new(format!("{input} (before spilling)"), before).behind(&after);
    let version = AtLeast::minor(LINKED_MINOR);
    let compiler = Some(&how.compiler);
    let pair = read_pair_knowing(
        Text { text: &before.text, line: before.first_line },
        Text { text: &after.text, line: after.first_line },
        &Declared::exactly(declared).with_references(spilled.references.clone()),
        &Knowledge { version, compiler, ..Knowledge::default() },
    );
    let listing = Listing { after, before: Some(before) };
    check_pair(spilled.name.clone(), pair, listing, how)
}

/// The minor version of the Cranelift that is linked.
pub(crate) const LINKED_MINOR: u32 = 135;

/// Checks functions without their before functions.
pub(crate) fn after_only(input: &str, text: &str, how: &How) -> Vec<Checked> {
    let mut functions = Functions::new(text, 1);
    let mut read = Vec::new();
    loop {
        let mut names = Names::default();
        let Some(function) = functions.next(&mut names) else { break };
        read.push((function, names));
    }
    // A version bound implied by one function holds for the whole file.
    let versions = read.iter().filter_map(|(function, _)| function.as_ref().ok());
    let shown = versions.map(AtLeast::of_function).max();
    let version = shown.max(how.version).unwrap_or(AtLeast::UNKNOWN);
    let behind = text.match_indices('\n').map(|(end, _)| end + 1);
    let lines: Vec<usize> = std::iter::once(0).chain(behind).collect();
    let mut starts: Vec<u32> = read.iter().map(|(function, _)| first_line(function)).collect();
    starts.push(u32::MAX);
    let ends = starts.split_off(1);
    let checked: Vec<Checked> = read
        .into_iter()
        .zip(ends)
        .map(|((function, names), end)| match function {
            Ok(function) => {
                let text = between(text, &lines, function.origin.line, end);
                check_after_only((input, text), (&function, &names), version, how)
            }
            Err(unreadable) => syntax_error(unreadable).into(),
        })
        .collect();
    match checked.is_empty() {
        true => vec![no_function().into()],
        false => checked,
    }
}

/// Returns the line in which a function begins, or could not be read.
fn first_line(function: &Result<Function<'_>, Unreadable<'_>>) -> u32 {
    match function {
        Ok(function) => function.origin.line,
        Err(unreadable) => unreadable.error.line,
    }
}

/// Returns the lines from `first` up to `end`, both from 1, without what is behind the last brace in
/// them. `lines` are the offsets at which lines begin.
fn between<'t>(text: &'t str, lines: &[usize], first: u32, end: u32) -> &'t str {
    let offset = |line: u32| lines.get(line.saturating_sub(1) as usize).copied();
    let range = offset(first).unwrap_or(text.len())..offset(end).unwrap_or(text.len());
    let lines = text.get(range).unwrap_or_default();
    lines.rfind('}').map_or(lines, |brace| &lines[..=brace])
}

fn check_after_only(
    (input, text): (&str, &str),
    (function, names): (&Function<'_>, &Names),
    version: AtLeast,
    how: &How,
) -> Checked {
    let name = function.name.to_owned();
    let part = Part { first_line: function.origin.line, ..Part::new(input, text) };
    let listing = Listing::from(part);
    match lower_text(function, names, &[], version, &how.compiler) {
        Ok(function) => {
            let report = verify_after_only(&function.program, &function.declared, &how.options);
            let result = FunctionResult::new(name, Evidence::AfterOnly, report, listing);
            let program = || Program::Alone(Box::new(function));
            let model = how.keep.then(|| Model { program: program(), options: how.options });
            Checked { model, ..result.into() }
        }
        Err(error) => {
            let reason = Reason::at(unsupported(&error), error.origin().unwrap_or(function.origin));
            FunctionResult::unsupported(name, Evidence::AfterOnly, reason).of_texts(listing).into()
        }
    }
}

fn syntax_error(unreadable: Unreadable<'_>) -> FunctionResult {
    let Unreadable { name, error } = unreadable;
    let (line, column) = (Some(error.line), Some(error.column));
    let reason = Reason { text: error.what.to_string(), line, column };
    FunctionResult::error(name.map(str::to_owned), reason)
}
