//! `--baseline FILE` and `--write-baseline FILE`: what is known of a run, and what will be of the
//! next.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use stackmap_report::{Baseline, BaselinePart, Compared, Levels, NewBaseline, Record};

use crate::args::Report;
use crate::output;
use crate::session::Session;

/// The baseline of a run, and the one that it writes.
pub(crate) struct Ledger {
    /// The baseline, with the name of its file.
    baseline: Option<(String, Baseline)>,
    /// The new one, with its file.
    new: Option<(PathBuf, NewBaseline)>,
    /// The options of the run that decide what is found.
    options: String,
}

/// The options that a run may have or not have, and find the same.
const OF_NO_MATTER: [&str; 3] = ["--max-witness", "--certify", "--allow"];

impl Ledger {
    /// Reads the baseline, which must have been written with the same options. `options` are those
    /// that results depend on.
    pub(crate) fn open(report: &Report, options: &str) -> io::Result<Ledger> {
        let is_of_matter = |word: &&str| {
            let name = word.split_once('=').map_or(*word, |(name, _)| name);
            !OF_NO_MATTER.contains(&name)
        };
        let options = options.split(' ').filter(is_of_matter).collect::<Vec<_>>().join(" ");
        let baseline = match &report.baseline {
            None => None,
            Some(path) => {
                let named = |text: String| {
                    let text = format!("the baseline {} {text}", path.display());
                    io::Error::new(ErrorKind::InvalidData, text)
                };
                let text = fs::read_to_string(path)
                    .map_err(|error| named(format!("cannot be read: {error}")))?;
                let read = Baseline::read(&text).map_err(|error| named(error.to_string()))?;
                if read.options() != options {
                    return Err(named(format!(
                        "is of another kind of run: it was written with `{}`, and this is `{options}`",
                        read.options()
                    )));
                }
                Some((path.display().to_string(), read))
            }
        };
        let new = report.write_baseline.clone().map(|path| (path, NewBaseline::default()));
        Ok(Ledger { baseline, new, options })
    }

    /// Marks what is known of a record with fingerprints, leaves out what is allowed, and keeps the
    /// rest for the next baseline.
    pub(crate) fn mark(&mut self, record: &mut Record, levels: &Levels) {
        // Before anything is left out: it is not gone.
        if let Some((_, baseline)) = &mut self.baseline {
            baseline.mark(record);
        }
        record.leave_out(levels);
        if let Some((_, new)) = &mut self.new {
            new.add(record);
        }
    }

    /// Returns what else the baseline says of the run, whose inputs are in these parts.
    pub(crate) fn compare(&self, part: impl Fn(&str) -> BaselinePart) -> Option<Compared> {
        let (file, baseline) = self.baseline.as_ref()?;
        Some(baseline.compare(file.clone(), part))
    }

    /// Writes the new baseline, if that is asked for.
    pub(crate) fn write(self, session: &Session) -> io::Result<()> {
        let Some((path, new)) = self.new else { return Ok(()) };
        let text = new.text(&self.options)?;
        output::to_file(&path, session, |out| out.write_all(text.as_bytes()))
    }
}
