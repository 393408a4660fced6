//! `--html FILE`: the same results as a page, besides the report.

use std::io::{self, Write};

use stackmap_html as page;
use stackmap_render::Listing;

use crate::args::Report;
use crate::outcome::{Checked, Summary, Tally, Verdict};
use crate::output;
use crate::record::{Block, Event, Found, Record, shown};
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

    /// Adds a result, with its lines and pictures.
    pub(crate) fn checked(&mut self, checked: &Checked) -> io::Result<()> {
        let function = function(shown(&Record::new(checked, usize::MAX))?);
        self.0.add(&page::Function {
            listing: checked.listing.clone().map(Listing::visible),
            pictures: checked.pictures.clone(),
            ..function
        })
    }

    /// Adds a result of which there is only the record.
    pub(crate) fn record(&mut self, record: &Record) -> io::Result<()> {
        self.0.add(&function(shown(record)?))
    }

    fn finish(self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let Tally { functions, verified, violated, unsupported, errors, warnings, stats, .. } =
            summary.all();
        let optimized = summary.optimized.functions;
        let sums = page::Sums {
            functions,
            optimized,
            verified,
            violated,
            unsupported,
            errors,
            warnings,
            stats,
        };
        self.0.finish(&sums, out)
    }
}

fn function(record: Record) -> page::Function {
    let line = record.line;
    page::Function {
        input: record.input,
        index: record.index,
        name: record.function,
        verdict: match record.verdict {
            Verdict::Verified => page::Verdict::Verified,
            Verdict::Violated => page::Verdict::Violated,
            Verdict::Unsupported => page::Verdict::Unsupported,
            Verdict::Error => page::Verdict::Error,
        },
        evidence: record.evidence.name(),
        stats: record.stats.into(),
        findings: record.findings.into_iter().map(finding).collect(),
        reason: record.reason.map(|text| page::Reason { text, line }),
        listing: None,
        pictures: Vec::new(),
    }
}

fn finding(found: Found) -> page::Finding {
    page::Finding {
        code: found.code,
        severity: found.severity,
        message: found.message,
        labels: found.labels.into_iter().map(event).collect(),
        witness: found.witness.into_iter().map(block).collect(),
        omitted: found.omitted.map(|omitted| (omitted.after, omitted.blocks)),
        notes: found.notes.into_iter().map(event).collect(),
        help: found.help,
    }
}

fn block(block: Block) -> page::Block {
    page::Block {
        name: block.block,
        by_back_edge: block.back_edge,
        events: block.events.into_iter().map(event).collect(),
    }
}

fn event(event: Event) -> page::Event {
    page::Event {
        block: event.block,
        line: event.line,
        column: event.column.unwrap_or(0),
        length: event.length.unwrap_or(0),
        text: event.text,
    }
}
