//! `--html FILE`: writes the same results as a page, besides the report.

use std::io::{self, Write};

use stackmap_html::{self as page, Picture};
use stackmap_report::{Record, Summary};

use crate::args::Report;
use crate::output;
use crate::session::Session;

/// The number of bytes of a page that are kept in memory until it is complete; a larger page is
/// kept in an unnamed temporary file.
const IN_MEMORY: usize = 1 << 22;

/// A page that is being written.
pub(crate) struct Html(page::Report);

/// Performs a run, and writes its results to a page if requested.
pub(crate) fn write(
    report: &Report,
    session: &Session,
    run: impl FnOnce(Option<&mut Html>) -> io::Result<Summary>,
) -> io::Result<Summary> {
    let Some(file) = report.html.as_deref() else { return run(None) };
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
