//! `--html FILE`: the same results as a page, besides the report.

use std::io::{self, Write};

use stackmap_html::{self as page, Picture};
use stackmap_report::{Record, Summary};

use crate::args::Report;
use crate::output;
use crate::session::Session;

/// How many bytes of a page are kept in memory until it is complete; what is more goes
/// to a file without a name.
const IN_MEMORY: usize = 1 << 22;

/// A page in the making.
pub(crate) struct Html(page::Report);

/// Does a run, and puts its results on a page if that is asked for.
pub(crate) fn write(
    report: &Report,
    session: &Session,
    run: impl FnOnce(Option<&mut Html>) -> io::Result<Summary>,
) -> io::Result<Summary> {
    let Some(file) = report.html.as_deref() else { return run(None) };
    output::distinct([("--output", report.output.as_deref()), ("--html", Some(file))])?;
    output::to_file(file, session, |out| {
        let mut html = Html::new();
        let summary = run(Some(&mut html))?;
        html.finish(&summary, out)?;
        Ok(summary)
    })
}

impl Html {
    fn new() -> Self {
        let spool = || Box::new(tempfile::spooled_tempfile(IN_MEMORY));
        Html(page::Report::new(spool(), spool()))
    }

    /// Adds a result, with the pictures of its findings.
    pub(crate) fn add(&mut self, record: Record, pictures: &[Picture]) -> io::Result<()> {
        self.0.add(&record.visible(), pictures)
    }

    fn finish(self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        self.0.finish(summary, out)
    }
}
