//! `--certificates FILE`: models and certificates, for another checker.

use std::io::{self, Write};
use std::path::Path;

use stackmap_certificate_text as text;
use stackmap_report::{Summary, visible};
use stackmap_verifier::certificate::check;
use stackmap_verifier::model::{After, Before, Value};
use stackmap_verifier::{Options, certify};

use crate::output;
use crate::session::Session;

/// Does a run, and writes certificates to a file if that is asked for.
pub(crate) fn write(
    file: Option<&Path>,
    session: &Session,
    run: impl FnOnce(Option<&mut dyn Write>) -> io::Result<Summary>,
) -> io::Result<Summary> {
    let Some(file) = file else { return run(None) };
    output::to_file(file, session, |out| {
        out.write_all(text::HEADER.as_bytes())?;
        run(Some(out))
    })
}

/// Returns the model of a pair and its certificate, as text; `None` if the pair cannot be
/// judged.
pub(crate) fn written(
    function: &str,
    before: &Before,
    declared: &[Value],
    after: &After,
    options: &Options,
) -> Option<String> {
    let (_, certificate) = certify(before, declared, after, options);
    let certificate = certificate?;
    let collector = options.collector;
    let is_accepted = check(before, declared, after, collector, &certificate).is_ok();
    let mut out = String::new();
    text::model(&mut out, &visible(function), before, declared, after, collector);
    text::certificate(&mut out, &certificate, is_accepted);
    Some(out)
}
