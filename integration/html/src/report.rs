//! A report that is written while results arrive.

use std::io::{self, Read, Seek, SeekFrom, Write};

use stackmap_report::{Record, Summary};

use crate::about::About;
use crate::contents::Contents;
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
        if let Some(number) = contents.list(function, (MOST_VIOLATED, MOST_WARNED)) {
            let article = page::function(function, pictures, number);
            self.functions.write_all(article.into_string().as_bytes())?;
        }
        Ok(())
    }

    /// Writes the whole report.
    ///
    /// # Errors
    ///
    /// Returns an error if the report cannot be written, or if its stored parts cannot be read.
    pub fn finish(mut self, sums: &Summary, about: &About, out: &mut dyn Write) -> io::Result<()> {
        let Report { functions, unjudged, contents } = &mut self;
        write!(out, "{}", page::head(sums, about, contents).into_string())?;
        if contents.shown > 0 {
            write!(out, "{}", page::before_functions(contents).into_string())?;
            append(&mut **functions, out)?;
            write!(out, "{}", page::after_functions(contents).into_string())?;
        }
        if contents.unjudged > 0 {
            out.write_all(page::BEFORE_UNJUDGED.as_bytes())?;
            append(&mut **unjudged, out)?;
            write!(out, "{}", page::after_unjudged(contents).into_string())?;
        }
        write!(out, "{}", page::inputs(contents).into_string())?;
        out.write_all(page::FOOT.as_bytes())
    }
}

fn append(spool: &mut dyn Spool, out: &mut dyn Write) -> io::Result<()> {
    spool.seek(SeekFrom::Start(0))?;
    io::copy(spool, out).map(|_| ())
}
