//! `--html FILE`: writes the same results as a page, besides the report.

use std::io::{self, Write};

use stackmap_html::{self as page, About, Picture};
use stackmap_report::{Record, Summary};

use crate::args::Report;
use crate::collector::Collector;
use crate::output;
use crate::session::Session;

/// The number of bytes of a page that are kept in memory until it is complete; a larger page is
/// kept in an unnamed temporary file.
const IN_MEMORY: usize = 1 << 22;

/// A page that is being written.
pub(crate) struct Html {
    report: page::Report,
    about: About,
}

/// Performs a run with these options, and writes its results to a page if requested.
pub(crate) fn write(
    report: &Report,
    options: &str,
    session: &Session,
    run: impl FnOnce(Option<&mut Html>) -> io::Result<Summary>,
) -> io::Result<Summary> {
    let Some(file) = report.html.as_deref() else { return run(None) };
    output::to_file(file, session, |out| {
        let mut html = Html::new(options);
        let summary = run(Some(&mut html))?;
        html.finish(&summary, out)?;
        Ok(summary)
    })
}

/// Returns what the options of a run say of all that is on its page.
fn about(options: &str) -> About {
    let has = |wanted: &str| options.split(' ').any(|option| option == wanted);
    let rules = [("moving", Collector::Moving), ("non-moving", Collector::NonMoving)];
    let rule = rules.iter().find(|(name, _)| has(&format!("--collector={name}")));
    let rule = rule.map(|(_, collector)| collector.rule().to_owned());
    About { rule: rule.unwrap_or_default(), certify: Some(has("--certify")) }
}

impl Html {
    fn new(options: &str) -> Self {
        let spool = || Box::new(tempfile::spooled_tempfile(IN_MEMORY));
        Html { report: page::Report::new(spool(), spool()), about: about(options) }
    }

    /// Adds a result, with the pictures of its findings.
    pub(crate) fn add(&mut self, record: Record, pictures: &[Picture]) -> io::Result<()> {
        self.report.add(&record.visible(), pictures)
    }

    fn finish(self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        self.report.finish(summary, &self.about, out)
    }
}
