//! The exit status of a run that came to its end.

use std::io::Write;

use stackmap_report::{Summary, WRONG};

use crate::args::Report;
use crate::failure::Failure;

/// Returns the exit status. If it would be another one without `--exit-zero`, that is said.
pub(crate) fn finish(
    report: &Report,
    summary: &Summary,
    errors: &mut dyn Write,
) -> Result<u8, Failure> {
    let code = summary.exit_code(&report.levels());
    if !report.exit_zero || code != WRONG {
        return Ok(code);
    }
    let new = summary.all.violated - summary.all.known.violated;
    let what = match new {
        0 => "there are warnings, which are denied".to_owned(),
        1 => "1 function is violated".to_owned(),
        n => format!("{n} functions are violated"),
    };
    let code = summary.exit_code_but_for_violations();
    writeln!(errors, "stackmap-verify: {what}; with --exit-zero, the exit status is {code}")
        .map_err(|error| Failure::new(error, true))?;
    Ok(code)
}
