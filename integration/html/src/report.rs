//! A report that is written while results arrive.

use std::io::{self, Read, Seek, SeekFrom, Write};

use stackmap_report::{Record, Summary, Totals, Verdict};

use crate::contents::{Contents, Entry, Input};
use crate::drawing::Picture;
use crate::page;

/// The number of violated functions that are shown; the others are only counted.
const MOST_VIOLATED: usize = 200;

/// The number of functions with only warnings that are shown.
const MOST_WARNED: usize = 50;

/// The number of functions and inputs without a verdict that are listed.
const MOST_UNJUDGED: usize = 2000;

/// A temporary store for parts of the report.
pub trait Spool: Read + Write + Seek {}

impl<S: Read + Write + Seek> Spool for S {}

/// A report that is written while results arrive.
///
/// The part above the functions (the sums and the inputs) is known only at the end, so the
/// functions are stored in a [`Spool`].
pub struct Report {
    functions: Box<dyn Spool>,
    unjudged: Box<dyn Spool>,
    contents: Contents,
}

impl Report {
    /// Creates a report that stores its parts in these two spools.
    pub fn new(functions: Box<dyn Spool>, unjudged: Box<dyn Spool>) -> Self {
        Report { functions, unjudged, contents: Contents::default() }
    }

    /// Adds a [visible](Record::visible) result, with the pictures of its findings, in the same
    /// order; there may be fewer pictures than findings.
    ///
    /// # Errors
    ///
    /// Returns an error if the result cannot be stored.
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
        let is_new = |verdict: Verdict, known: bool| verdict == Verdict::Violated && !known;
        let is_violated = is_new(function.verdict, function.is_known());
        let alike = contents.shown.iter().filter(|e| is_new(e.verdict, e.is_known) == is_violated);
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
            is_known: function.is_known() || function.findings.iter().all(|found| found.known),
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
    /// Returns an error if the report cannot be written, or if its stored parts cannot be read.
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
