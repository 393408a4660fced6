//! A report as results come in.

use std::io::{self, Read, Seek, SeekFrom, Write};

use stackmap_report::{Record, Summary, Totals, Verdict};

use crate::contents::{Contents, Entry, Input};
use crate::drawing::Picture;
use crate::page;

/// The number of violated functions that are shown; of the others, only the number.
const MOST_VIOLATED: usize = 200;

/// The same for functions in which there are only warnings.
const MOST_WARNED: usize = 50;

/// The same for what could not be judged.
const MOST_UNJUDGED: usize = 2000;

/// Somewhere to keep what is written while more is to come.
pub trait Spool: Read + Write + Seek {}

impl<S: Read + Write + Seek> Spool for S {}

/// A report as results come in.
///
/// The part above the functions (the sums and the inputs) is known only at the end,
/// so the functions wait in a [`Spool`].
pub struct Report {
    functions: Box<dyn Spool>,
    unjudged: Box<dyn Spool>,
    contents: Contents,
}

impl Report {
    /// A report that keeps what is to come in these two.
    pub fn new(functions: Box<dyn Spool>, unjudged: Box<dyn Spool>) -> Self {
        Report { functions, unjudged, contents: Contents::default() }
    }

    /// Adds a [visible](Record::visible) result, with the pictures of its findings, in
    /// the same order; there may be fewer.
    ///
    /// # Errors
    ///
    /// If it cannot be kept.
    pub fn add(&mut self, function: &Record, pictures: &[Picture]) -> io::Result<()> {
        let contents = &mut self.contents;
        contents.count(function);
        if function.reason.is_some() {
            contents.unjudged += 1;
            if contents.unjudged > MOST_UNJUDGED {
                contents.unjudged_left_out += 1;
            } else {
                let row = page::unjudged_row(function);
                self.unjudged.write_all(row.into_string().as_bytes())?;
            }
        }
        let Some(first) = function.findings.first() else { return Ok(()) };
        let is_violated = function.verdict == Verdict::Violated;
        let alike =
            contents.shown.iter().filter(|e| (e.verdict == Verdict::Violated) == is_violated);
        let (most, left_out) = match is_violated {
            true => (MOST_VIOLATED, &mut contents.violated_left_out),
            false => (MOST_WARNED, &mut contents.warned_left_out),
        };
        if alike.count() >= most {
            *left_out += 1;
            return Ok(());
        }
        let article = page::function(function, pictures, contents.shown.len() + 1);
        self.functions.write_all(article.into_string().as_bytes())?;
        contents.shown.push(Entry {
            function: function.function.clone().unwrap_or_default(),
            input: function.input.clone(),
            verdict: function.verdict,
            severity: first.severity,
            code: first.code.code(),
            message: first.message.clone(),
            more: function.findings.len() - 1,
        });
        Ok(())
    }

    /// Writes the whole report.
    ///
    /// # Errors
    ///
    /// If it cannot be written, or what was kept cannot be read again.
    pub fn finish(mut self, sums: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let Report { functions, unjudged, contents } = &mut self;
        write!(out, "{}", page::head(sums, contents).into_string())?;
        if !contents.shown.is_empty() {
            write!(out, "{}", page::before_functions(contents).into_string())?;
            append(&mut **functions, out)?;
            write!(out, "{}", page::after_functions(contents).into_string())?;
        }
        if contents.unjudged > 0 {
            out.write_all(page::BEFORE_UNJUDGED.as_bytes())?;
            append(&mut **unjudged, out)?;
            write!(out, "{}", page::after_unjudged(contents).into_string())?;
        }
        out.write_all(page::FOOT.as_bytes())
    }
}

fn append(spool: &mut dyn Spool, out: &mut dyn Write) -> io::Result<()> {
    spool.seek(SeekFrom::Start(0))?;
    io::copy(spool, out).map(|_| ())
}

impl Contents {
    fn count(&mut self, function: &Record) {
        if self.inputs.last().is_none_or(|input| input.index != function.index) {
            let (index, name) = (function.index, function.input.clone());
            self.inputs.push(Input { index, name, totals: Totals::default() });
        }
        if let Some(input) = self.inputs.last_mut() {
            input.totals.count(function);
        }
    }
}
