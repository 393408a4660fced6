//! What the user reads: one renderer a file.
//!
//! A renderer gets the results one by one, in the order of the input, and the sums
//! at the end. All but `human` need no more of a result than its record, so that
//! they work for `merge` as well.

mod github;
mod human;
mod json;
mod junit;
mod places;
mod sarif;
mod short;

use std::io::{self, Write};

use clap::ValueEnum;

use crate::outcome::{Checked, Summary, Tally};
use crate::record::{Compilation, Record, Run, Skipped, shown};

/// The output formats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Findings with the lines they are about, in the manner of rustc.
    #[default]
    Human,
    /// One line for each finding.
    Short,
    /// JSON Lines: one object for each function, and one for the sums.
    Json,
    /// A SARIF 2.1.0 document, for code scanning.
    Sarif,
    /// A JUnit document: a suite for each input, a test case for each function.
    Junit,
    /// Annotations, for the log of a GitHub workflow.
    Github,
}

/// How to render.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Whether to use colours.
    pub(crate) color: bool,
    /// How many blocks of a witness path to show.
    pub(crate) max_witness: usize,
    /// Whether a warning counts as a violation.
    pub(crate) deny_warnings: bool,
}

/// Writes results in one format.
pub(crate) trait Render {
    /// Writes one result.
    fn function(&mut self, out: &mut dyn Write, checked: &Checked) -> io::Result<()>;

    /// Writes what was compiled of one input, if the format has a place for it.
    fn compilation(&mut self, _: &mut dyn Write, _: &Compilation) -> io::Result<()> {
        Ok(())
    }

    /// Writes that an input was skipped, if the format has a place for it.
    fn skipped(&mut self, _: &mut dyn Write, _: &Skipped) -> io::Result<()> {
        Ok(())
    }

    /// Writes the sums.
    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()>;
}

/// The same, of records.
pub(crate) trait RenderRecord {
    /// Writes one result.
    fn record(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()>;

    /// Writes what was compiled of one input, if the format has a place for it.
    fn compilation(&mut self, _: &mut dyn Write, _: &Compilation) -> io::Result<()> {
        Ok(())
    }

    /// Writes that an input was skipped, if the format has a place for it.
    fn skipped(&mut self, _: &mut dyn Write, _: &Skipped) -> io::Result<()> {
        Ok(())
    }

    /// Writes the sums.
    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()>;
}

/// A renderer that gets to see no string that does something where it is shown.
struct Visible<R>(R);

impl<R: RenderRecord> RenderRecord for Visible<R> {
    fn record(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        self.0.record(out, &shown(record)?)
    }

    fn compilation(&mut self, out: &mut dyn Write, compilation: &Compilation) -> io::Result<()> {
        self.0.compilation(out, &shown(compilation)?)
    }

    fn skipped(&mut self, out: &mut dyn Write, skipped: &Skipped) -> io::Result<()> {
        self.0.skipped(out, &shown(skipped)?)
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        self.0.summary(out, summary)
    }
}

/// The renderer for a format.
pub(crate) fn renderer(format: Format, style: Style, run: Run) -> Box<dyn Render> {
    match format {
        Format::Human => Box::new(human::Human::new(style)),
        Format::Short | Format::Json | Format::Sarif | Format::Junit | Format::Github => {
            let renderer = record_renderer(format, style, run);
            Box::new(Recorded { renderer, max_witness: style.max_witness })
        }
    }
}

/// The renderer for a format, where there are only records.
pub(crate) fn record_renderer(format: Format, style: Style, run: Run) -> Box<dyn RenderRecord> {
    match format {
        Format::Human => Box::new(Visible(places::Places)),
        Format::Short => Box::new(Visible(short::Short)),
        Format::Json => Box::new(json::Json::new(run)),
        Format::Sarif => Box::new(sarif::Sarif::default()),
        Format::Junit => Box::new(Visible(junit::Junit::new(style))),
        Format::Github => Box::new(Visible(github::Github)),
    }
}

/// Renders the records of results.
struct Recorded {
    renderer: Box<dyn RenderRecord>,
    max_witness: usize,
}

impl Render for Recorded {
    fn function(&mut self, out: &mut dyn Write, checked: &Checked) -> io::Result<()> {
        let record = Record::new(checked, self.max_witness);
        self.renderer.record(out, &record.in_input(checked.listing.as_ref()))
    }

    fn compilation(&mut self, out: &mut dyn Write, compilation: &Compilation) -> io::Result<()> {
        self.renderer.compilation(out, compilation)
    }

    fn skipped(&mut self, out: &mut dyn Write, skipped: &Skipped) -> io::Result<()> {
        self.renderer.skipped(out, skipped)
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        self.renderer.summary(out, summary)
    }
}

/// The sums in words, with lines of their own for what was judged once more after
/// optimisation and for what was compiled, if there is any.
pub(crate) fn sums(summary: &Summary) -> String {
    let mut lines = vec![of_functions(&summary.tally)];
    if summary.optimized != Tally::default() {
        lines.push(format!("after optimization, {}", of_functions(&summary.optimized)));
    }
    lines.extend(summary.wasm.map(|compiled| compiled.to_string()));
    if summary.skipped > 0 {
        lines.push(format!("{} skipped", plural(summary.skipped, "file")));
    }
    lines.join("\n")
}

/// `2 functions: 1 verified, 1 violated (...)`.
fn of_functions(tally: &Tally) -> String {
    let Tally { functions, verified, certified, violated, .. } = tally;
    let Tally { unsupported, errors, warnings, stats, .. } = tally;
    let mut parts = vec![format!("{verified} verified"), format!("{violated} violated")];
    if *certified > 0 {
        parts[0].push_str(&format!(" ({certified} certified)"));
    }
    for (count, what) in [(unsupported, "unsupported"), (errors, "unreadable")] {
        if *count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if *warnings > 0 {
        parts.push(plural(*warnings, "warning"));
    }
    let after_only = match tally.after_only {
        0 => String::new(),
        n => format!(" ({n} on after-only evidence)"),
    };
    let stated = match tally.stated {
        0 => String::new(),
        n => format!("; the references of {n} are those of `;! declare` lines in logs"),
    };
    let nothing = match tally.checked_nothing() {
        true => "; nothing was checked, since no stack map lists anything",
        false => "",
    };
    format!(
        "{}{after_only}: {} ({}, {}, {}, {} of them shared){stated}{nothing}",
        plural(*functions, "function"),
        parts.join(", "),
        plural(stats.safepoints, "safepoint"),
        plural(stats.roots, "root"),
        plural(stats.slots, "slot"),
        stats.shared_slots,
    )
}

/// `skipped: notes.txt: holds no record of the spiller`.
fn skipped_line(skipped: &Skipped) -> String {
    format!("skipped: {}: {}", skipped.input, skipped.reason)
}

fn plural(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}
