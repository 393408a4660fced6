//! `--format`.

use clap::ValueEnum;
use stackmap_report::{Levels, Render, Run, github, human, json, junit, sarif, short};

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

impl Format {
    /// Whether the format is one for people, who may not want to know all of it.
    pub(crate) fn is_for_readers(self) -> bool {
        match self {
            Format::Human | Format::Short | Format::Github => true,
            Format::Json | Format::Sarif | Format::Junit => false,
        }
    }

    /// The renderer for results of `run`.
    pub(crate) fn renderer(self, color: bool, levels: Levels, run: Run) -> Box<dyn Render> {
        match self {
            Format::Human => human(color),
            Format::Short => short(),
            Format::Json => json(run),
            Format::Sarif => sarif(),
            Format::Junit => junit(levels),
            Format::Github => github(),
        }
    }
}
