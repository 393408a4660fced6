//! What the user reads: one renderer a file.
//!
//! A renderer gets the results one by one, in the order of the input, and the sums
//! at the end.

mod human;
mod json;
mod short;

use std::io::{self, Write};

use clap::ValueEnum;

use crate::outcome::{Checked, Summary};

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
}

/// How to render.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    /// Whether to use colours.
    pub(crate) color: bool,
    /// How many blocks of a witness path to show.
    pub(crate) max_witness: usize,
}

/// Writes results in one format.
pub(crate) trait Render {
    /// Writes one result.
    fn function(&mut self, out: &mut dyn Write, checked: &Checked) -> io::Result<()>;

    /// Writes the sums.
    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()>;
}

/// The renderer for a format.
pub(crate) fn renderer(format: Format, style: Style) -> Box<dyn Render> {
    match format {
        Format::Human => Box::new(human::Human::new(style)),
        Format::Short => Box::new(short::Short),
        Format::Json => Box::new(json::Json { max_witness: style.max_witness }),
    }
}

/// The sums in words: `2 functions: 1 verified, 1 violated (...)`.
fn sums(summary: &Summary) -> String {
    let Summary { functions, verified, violated, unsupported, errors, warnings, stats } = summary;
    let mut parts = vec![format!("{verified} verified"), format!("{violated} violated")];
    for (count, what) in [(unsupported, "unsupported"), (errors, "unreadable")] {
        if *count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if *warnings > 0 {
        parts.push(plural(*warnings, "warning"));
    }
    format!(
        "{}: {} ({}, {}, {}, {} of them shared)",
        plural(*functions, "function"),
        parts.join(", "),
        plural(stats.safepoints, "safepoint"),
        plural(stats.roots, "root"),
        plural(stats.slots, "slot"),
        stats.shared_slots,
    )
}

fn plural(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        n => format!("{n} {what}s"),
    }
}
