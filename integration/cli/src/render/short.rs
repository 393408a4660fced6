//! `short`: one line for each finding, as compilers print them.

use std::io::{self, Write};

use super::{Render, sums};
use crate::outcome::{Checked, Reason, Summary};

/// The short renderer.
pub(super) struct Short;

impl Render for Short {
    fn function(&mut self, out: &mut dyn Write, checked: &Checked) -> io::Result<()> {
        let function = checked.function.as_deref().map(|name| format!(" in {name}"));
        let function = function.unwrap_or_default();
        for finding in &checked.findings {
            let path = checked.listing.as_ref().map_or(&checked.input, |listing| &listing.path);
            let origin = finding.primary.site.origin;
            writeln!(
                out,
                "{path}:{}:{}: {}[{}]{function}: {}",
                origin.line,
                origin.column,
                finding.severity(),
                finding.code,
                finding.message
            )?;
        }
        if let Some(reason) = &checked.reason {
            let verdict = checked.verdict.name();
            writeln!(
                out,
                "{}: {verdict}{function}: {}",
                place(&checked.input, reason),
                reason.text
            )?;
        }
        Ok(())
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        writeln!(out, "{}", sums(summary))
    }
}

/// `path`, `path:line` or `path:line:column`.
pub(super) fn place(input: &str, reason: &Reason) -> String {
    let numbers = [reason.line, reason.column].into_iter().flatten();
    numbers.fold(input.to_owned(), |place, number| format!("{place}:{number}"))
}
