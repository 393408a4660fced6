//! The options of what becomes of what is found.

use std::io;
use std::path::{Path, PathBuf};

use clap::Parser;
use stackmap_report::{Levels, Render, Run, quiet};

use crate::format::Format;
use crate::levels::{Allowed, Denied};
use crate::output;

/// What becomes of what is found.
#[derive(Debug, Default, Parser)]
pub(crate) struct Report {
    /// How to print what is found
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// Write the report to this file, which appears when it is complete, and print
    /// just the sums
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Write a page to this file as well, whatever the format: what was found, with
    /// graphs and with what the stack slots hold
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,

    /// Make the exit status 1 if there is any of these: `warnings`, or the code or name of a
    /// warning, such as SM105. May be given more than once
    #[arg(long, value_name = "WHAT")]
    pub(crate) deny: Vec<Denied>,

    /// Do not report the warnings with this code or name, such as SM101; they are counted. May be
    /// given more than once. Nothing allows an error
    #[arg(long, value_name = "CODE")]
    pub(crate) allow: Vec<Allowed>,

    /// Report findings and undecided functions that this file has as known: they do not fail the
    /// run. What it has and the run no longer is said. --write-baseline writes such a file
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write all findings and undecided functions to this file, as a baseline of later runs; may
    /// be that of --baseline. The exit status stays what it is without
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,

    /// Make the exit status 0 if something is violated; what could not be read or decided still
    /// makes it 2
    #[arg(long)]
    pub(crate) exit_zero: bool,

    /// Print what is found, and neither sums nor what is skipped; of the formats human, short and
    /// github. Nor is progress shown
    #[arg(long, short)]
    pub(crate) quiet: bool,

    /// Read settings from this file [default: stackmap-verify.toml in the working directory, if
    /// there is one]. What is on the command line counts more
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,

    /// Read no settings from a file
    #[arg(long)]
    pub(crate) no_config: bool,

    /// The file that settings were read from.
    #[arg(skip)]
    pub(crate) settings: Option<String>,
}

impl Report {
    /// The settings file that is asked for, if there is one; and whether none is wanted.
    pub(crate) fn wanted_config(&self) -> (Option<&Path>, bool) {
        (self.config.as_deref(), self.no_config)
    }

    /// Checks that no output replaces another one, or what is read: `inputs`, and the baseline.
    pub(crate) fn spares(
        &self,
        other: (&str, Option<&Path>),
        inputs: &[PathBuf],
    ) -> io::Result<()> {
        let [output, html] = [("--output", &self.output), ("--html", &self.html)]
            .map(|(name, file)| (name, file.as_deref()));
        let new = ("--write-baseline", self.write_baseline.as_deref());
        let written = [output, html, new, other];
        for (i, file) in written.iter().enumerate() {
            for second in &written[i + 1..] {
                output::distinct([*file, *second])?;
            }
            output::spares(*file, inputs)?;
        }
        let old = ("--baseline", self.baseline.as_deref());
        for file in [output, html, other] {
            output::distinct([old, file])?;
        }
        Ok(())
    }

    /// The file of the report, and whether the sums that would stand in for it are left out.
    pub(crate) fn standard(&self) -> (Option<&Path>, bool) {
        (self.output.as_deref(), self.quiet)
    }

    /// What becomes of warnings. A warning that is named is denied or allowed whatever is said of
    /// all.
    pub(crate) fn levels(&self) -> Levels {
        let mut levels = Levels::default();
        for Allowed(code) in &self.allow {
            levels.allow(*code);
        }
        for denied in &self.deny {
            match denied {
                Denied::Warnings => levels.deny_all(),
                Denied::Code(code) => levels.deny(*code),
            }
        }
        levels
    }

    /// The renderer for the format, of results of `run`.
    pub(crate) fn renderer(&self, color: bool, run: Run) -> Box<dyn Render> {
        let renderer = self.format.renderer(color, self.levels(), run);
        match self.quiet && self.format.is_for_readers() {
            true => quiet(renderer),
            false => renderer,
        }
    }
}
