//! `--certificates FILE`: writes models and certificates for an independent checker.

use std::io::{self, Write};
use std::path::Path;

use stackmap_clif::lower::Lowered;
use stackmap_clif::pair::ClifPair;
use stackmap_report::{Summary, visible};
use stackmap_verifier::certificate::check;
use stackmap_verifier::{Report, certify, written};

use crate::how::How;
use crate::output;
use crate::session::Session;

/// Performs a run, and writes certificates to a file if requested.
pub(crate) fn write(
    file: Option<&Path>,
    session: &Session,
    run: impl FnOnce(Option<&mut dyn Write>) -> io::Result<Summary>,
) -> io::Result<Summary> {
    let Some(file) = file else { return run(None) };
    output::to_file(file, session, |out| {
        out.write_all(written::HEADER.as_bytes())?;
        run(Some(out))
    })
}

/// Returns the model of a pair and its certificate as text, if requested; `None` if the two
/// functions do not run in lockstep.
pub(crate) fn written(
    function: &str,
    pair: &ClifPair,
    report: &Report,
    how: &How,
) -> Option<String> {
    let model = pair.model().filter(|_| how.write)?;
    let declared = pair.declared_for(model, &report.outcome);
    let Lowered { before, after, .. } = model;
    let (_, certificate) = certify(before, &declared, after, &how.options);
    let certificate = certificate?;
    let collector = how.options.collector;
    let is_accepted = check(before, &declared, after, collector, &certificate).is_ok();
    let mut text = String::new();
    written::model(&mut text, &visible(function), before, &declared, after, collector);
    written::certificate(&mut text, &certificate, is_accepted);
    Some(text)
}
