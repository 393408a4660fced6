//! A page of functions, whatever the verdict on them is.

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};

use stackmap_report::{Evidence, Record, Verdict};

use crate::about::About;
use crate::drawing::{Picture, View};
use crate::page;
use crate::shown::{LeftOut, Shown};

/// The number of bytes after which no more functions are added: a larger page takes long to open.
const MOST_BYTES: usize = 48 << 20;

/// The number of functions that are not shown and whose names are listed.
const MOST_NAMES: usize = 1000;

/// A page of functions, whatever the verdict on them is, that is written when it is complete.
#[derive(Debug)]
pub struct Exploration {
    /// The number of functions that are shown, and as many more that are violated.
    most: usize,
    shown: Vec<Shown>,
    /// The last function of each input and name, if it is shown.
    last: HashMap<(usize, String), usize>,
    /// The functions of each input that are not shown.
    passed: HashSet<(usize, String)>,
    left_out: LeftOut,
    /// Inputs that cannot be read, as rows of a table.
    unread: Vec<String>,
    bytes: usize,
}

impl Exploration {
    /// Creates a page of so many functions, and as many more that are violated.
    pub fn new(most: usize) -> Self {
        Exploration {
            most,
            shown: Vec::new(),
            last: HashMap::new(),
            passed: HashSet::new(),
            left_out: LeftOut::default(),
            unread: Vec::new(),
            bytes: 0,
        }
    }

    /// Returns the number of functions that are shown.
    pub fn shown(&self) -> usize {
        self.shown.len()
    }

    /// Returns the number of functions that are not shown, since there are too many.
    pub fn left_out(&self) -> usize {
        self.left_out.count()
    }

    /// Returns whether a result will be shown, and so its pictures and its view.
    pub fn takes(&self, function: &Record) -> bool {
        let Some(key) = key(function) else { return false };
        match is_later(function) {
            true if self.passed.contains(&key) => false,
            true if self.last.contains_key(&key) => true,
            true | false => self.has_room(function.verdict),
        }
    }

    fn has_room(&self, verdict: Verdict) -> bool {
        let is_violated = |shown: &&Shown| shown.forms[0].1 == Verdict::Violated;
        let violated = self.shown.iter().filter(is_violated).count();
        let alike = match verdict {
            Verdict::Violated => violated,
            Verdict::Verified | Verdict::Unsupported | Verdict::Error => {
                self.shown.len() - violated
            }
        };
        alike < self.most && self.bytes < MOST_BYTES
    }

    /// Adds a [visible](Record::visible) result, with the pictures of its findings, and its view, if
    /// there is one.
    ///
    /// Later forms of a function, such as its machine code, are shown with it.
    pub fn add(&mut self, function: &Record, pictures: &[Picture], view: Option<&View>) {
        let Some(key) = key(function) else {
            self.unread.push(page::unjudged_row(function).into_string());
            return;
        };
        let is_taken = self.takes(function);
        let known = self.last.get(&key).copied().filter(|_| is_later(function));
        if !is_taken {
            if !is_later(function) || !self.passed.contains(&key) {
                *self.left_out.verdicts.entry(function.verdict).or_default() += 1;
                if self.left_out.names.len() < MOST_NAMES {
                    self.left_out.names.push((key.1.clone(), function.input.clone()));
                }
                self.last.remove(&key);
                self.passed.insert(key);
            }
            return;
        }
        let number = known.unwrap_or(self.shown.len());
        if known.is_none() {
            self.passed.remove(&key);
            self.shown.push(Shown {
                function: key.1.clone(),
                input: function.input.clone(),
                forms: Vec::new(),
                stats: function.stats,
                sections: Vec::new(),
            });
            self.last.insert(key, number);
        }
        let Some(shown) = self.shown.get_mut(number) else { return };
        let id = format!("f{}-{}", number + 1, shown.forms.len() + 1);
        let section = page::section(function, pictures, view, &id).into_string();
        self.bytes += section.len();
        shown.forms.push((page::form(function), function.verdict));
        shown.sections.push(section);
    }

    /// Writes the page.
    ///
    /// # Errors
    ///
    /// Returns an error if it cannot be written.
    pub fn finish(&self, about: &About, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(
            page::explored_head(&self.shown, &self.left_out, about).into_string().as_bytes(),
        )?;
        for (i, shown) in self.shown.iter().enumerate() {
            out.write_all(page::before_sections(shown, i + 1).into_string().as_bytes())?;
            for section in &shown.sections {
                out.write_all(section.as_bytes())?;
            }
            out.write_all(page::AFTER_SECTIONS.as_bytes())?;
        }
        out.write_all(page::explored_foot(&self.unread).into_string().as_bytes())
    }
}

/// Returns which function of which input a result is about, if it is about one.
fn key(function: &Record) -> Option<(usize, String)> {
    Some((function.index, function.function.clone()?))
}

/// Returns whether a result is about what became of a function that was judged before, unless it is
/// the first.
fn is_later(function: &Record) -> bool {
    function.optimized || function.evidence == Evidence::Code
}
