//! Checks pairs of functions in the text form that any compiler can write.

use rayon::prelude::*;
use stackmap_pair_text::{FunctionText, Pair, ReadError, functions};
use stackmap_report::{Evidence, FunctionResult, Listing, Part, Reason};
use stackmap_verifier::{Options, verify};

use crate::certificates;
use crate::checked::{Checked, Model, Program};
use crate::how::How;

/// Checks every pair of a file.
pub(crate) fn check(input: &str, text: &str, how: &How) -> Vec<Checked> {
    let functions: Vec<_> = match functions(text) {
        Ok(functions) => functions.collect(),
        Err(error) => return vec![unread(error).into()],
    };
    if functions.is_empty() {
        return vec![FunctionResult::error(None, Reason::new("holds no function")).into()];
    }
    let one = |function: Result<FunctionText<'_>, ReadError>| {
        let function = function?;
        Ok(check_pair(input, function, function.read()?, how))
    };
    let checked = functions.into_par_iter().map(one);
    checked.map(|checked| checked.unwrap_or_else(|error| unread(error).into())).collect()
}

fn check_pair(input: &str, text: FunctionText<'_>, pair: Pair, how: &How) -> Checked {
    let Pair { name, collector, declared, before, after } = pair;
    let collector = collector.unwrap_or(how.options.collector);
    let options = Options { collector, ..how.options };
    let report = verify(&before, &declared, &after, &options);
    let pictures = match how.draw && !report.findings.is_empty() {
        true => stackmap_html::pictures(&before, &declared, &after, &options, &report.findings),
        false => Vec::new(),
    };
    let certificate = match how.write {
        true => certificates::written(&name, &before, &declared, &after, &options),
        false => None,
    };
    // Both programs are in one text.
    let part = Part { first_line: text.first_line, ..Part::new(input, text.text) };
    let mut result = FunctionResult::new(name, Evidence::Pair, report, Listing::from(part));
    if result.reason.is_some() {
        result.line = Some(text.first_line);
    }
    let model = how
        .keep
        .then(|| Model { program: Program::Pair(Box::new((before, declared, after))), options });
    Checked { result, pictures, model, certificate }
}

fn unread(error: ReadError) -> FunctionResult {
    let ReadError { function, line, column, what } = error;
    let reason = Reason { text: what.to_string(), line: Some(line), column: Some(column) };
    FunctionResult::error(function, reason)
}
