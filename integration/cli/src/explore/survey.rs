//! Chooses the functions that a page shows.

use std::collections::BTreeSet;
use std::io;

use stackmap_html::Exploration;
use stackmap_report::{Listing, Record, is_named, plural};

use crate::checked::{Checked, Model};
use crate::walk::Seen;

/// The number of names that a message lists.
const MOST_NAMES: usize = 8;

/// A page in the making, and what was seen of the inputs.
pub(super) struct Survey<'a> {
    /// The names that are asked for; all functions, if there are none.
    wanted: &'a [String],
    page: Exploration,
    /// The names among these that were found.
    found: BTreeSet<&'a str>,
    functions: usize,
    /// The number of functions of WebAssembly that were compiled.
    compiled: usize,
    /// Some of the names of functions.
    names: Vec<String>,
    /// What was said of the first input that could not be read.
    trouble: Option<String>,
}

impl<'a> Survey<'a> {
    pub(super) fn new(wanted: &'a [String], page: Exploration) -> Self {
        let (found, names) = (BTreeSet::new(), Vec::new());
        Survey { wanted, page, found, functions: 0, compiled: 0, names, trouble: None }
    }

    /// Returns the number of results that were seen.
    pub(super) fn functions(&self) -> usize {
        self.functions
    }

    /// Adds what an input shows.
    pub(super) fn add(&mut self, (input, index): (&str, usize), seen: Seen) {
        match seen {
            Seen::Skipped(_) => {}
            Seen::Compiled(compiled) => self.compiled += compiled.functions,
            Seen::Checked(all) => {
                for checked in all {
                    let Checked { result, pictures, model, .. } = checked;
                    let mut record = result.of_input(input, index).print(usize::MAX).visible();
                    if self.is_wanted(&record) {
                        // Of a function without findings, they are not yet.
                        record.texts = record.texts.map(Listing::visible);
                        let view = model.filter(|_| self.page.takes(&record));
                        let view = view.as_ref().and_then(Model::view);
                        self.page.add(&record, &pictures, view.as_ref());
                    }
                }
            }
        }
    }

    fn is_wanted(&mut self, record: &Record) -> bool {
        let Some(name) = &record.function else {
            let reason = record.reason.as_deref().unwrap_or_default();
            self.trouble.get_or_insert_with(|| format!("{}: {reason}", record.input));
            return true;
        };
        self.functions += 1;
        if self.names.len() < MOST_NAMES && !self.names.contains(name) {
            self.names.push(name.clone());
        }
        let found = self.wanted.iter().filter(|wanted| is_named(name, wanted));
        let found: Vec<&str> = found.map(String::as_str).collect();
        self.found.extend(&found);
        self.wanted.is_empty() || !found.is_empty()
    }

    /// Returns the page.
    ///
    /// # Errors
    ///
    /// Returns an error if a function that is asked for is nowhere, or if there is none.
    pub(super) fn finish(self) -> io::Result<Exploration> {
        let missing = self.wanted.iter().find(|wanted| !self.found.contains(wanted.as_str()));
        if let Some(wanted) = missing.filter(|_| self.functions > 0) {
            let more = if self.functions > self.names.len() { ", ..." } else { "" };
            let names = self.names.join(", ");
            return Err(io::Error::other(format!("there is no function {wanted}: {names}{more}")));
        }
        match self.page.shown() {
            0 => Err(io::Error::other(match self.trouble {
                Some(trouble) => format!("there is no function to show: {trouble}"),
                None if self.compiled > 0 => {
                    let functions = plural(self.compiled, "function");
                    format!("there is no function to show: of {functions}, none has references")
                }
                None => "there is no function to show".to_owned(),
            })),
            _ => Ok(self.page),
        }
    }
}
