//! CLIF files: with `;! declare` lines, what Cranelift's spiller makes of them.

use stackmap_clif::declared::Declared;
use stackmap_clif::names::Names;
use stackmap_clif::pair::{Text, read_pair};
use stackmap_clif::text::{Functions, SyntaxError};
use stackmap_clif::version::AtLeast;
use stackmap_cranelift::spill::{self, SpillError, Spilled};
use stackmap_render::Listing;

use crate::outcome::{Checked, Evidence, Reason};
use crate::read::{How, check_pair};

/// Checks every function of a file.
pub(crate) fn check(input: &str, text: &str, how: &How) -> Vec<Checked> {
    if !spill::is_wanted(text) {
        return after_only(input, text);
    }
    match spill::run(text) {
        Ok(functions) if functions.is_empty() => vec![no_function(input)],
        Ok(functions) => functions
            .into_iter()
            .map(|spilled| match spilled {
                Ok(spilled) => check_spilled(input, &spilled, how),
                Err(error) => spill_error(input, error),
            })
            .collect(),
        Err(error) => vec![spill_error(input, error)],
    }
}

fn no_function(input: &str) -> Checked {
    Checked::error(input, None, Reason::new("holds no function"))
}

fn spill_error(input: &str, error: SpillError) -> Checked {
    let SpillError { line, function, what } = error;
    let reason = Reason { text: what.to_string(), line: Some(line), column: None };
    Checked::error(input, function, reason)
}

/// Verifies what Cranelift prints of the two functions, so that findings have
/// lines to point to. The front end for functions in memory builds the same
/// model; the tests see to that.
fn check_spilled(input: &str, spilled: &Spilled, how: &How) -> Checked {
    let (before, after) = (spilled.before_text(), spilled.after_text());
    let declared: Vec<u32> = spilled.declared.iter().map(|value| value.as_u32()).collect();
    let pair = read_pair(
        Text { text: &before, line: 1 },
        Text { text: &after, line: 1 },
        &Declared::exactly(declared),
        AtLeast::minor(LINKED_MINOR),
    );
    let listing = Listing {
        path: format!("{input} (after spilling)"),
        text: after.as_str().into(),
        first_line: 1,
    };
    check_pair(input, spilled.name.clone(), pair, listing, how)
}

/// The minor version of the Cranelift that is linked.
const LINKED_MINOR: u32 = 135;

/// A function without its before function. It is read, so that an error in it
/// is found, but nothing is proved of it.
fn after_only(input: &str, text: &str) -> Vec<Checked> {
    let mut functions = Functions::new(text, 1);
    let mut names = Names::default();
    let mut checked = Vec::new();
    while let Some(function) = functions.next(&mut names) {
        checked.push(match function {
            Ok(function) => {
                let reason = "there is no before function to compare it with, and no \
                              `;! declare v0 v3` line to run the spiller with";
                let name = function.name.to_owned();
                Checked::unsupported(input, name, Evidence::AfterOnly, Reason::new(reason))
            }
            Err(error) => syntax_error(input, error),
        });
        names = Names::default();
    }
    if checked.is_empty() {
        checked.push(no_function(input));
    }
    checked
}

fn syntax_error(input: &str, error: SyntaxError) -> Checked {
    let (line, column) = (Some(error.line), Some(error.column));
    Checked::error(input, None, Reason { text: error.what.to_string(), line, column })
}
