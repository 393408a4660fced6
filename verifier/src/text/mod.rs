//! Both programs as text: `Display` of [`Before`](crate::model::Before) and of
//! [`After`](crate::model::After), in the lines of the text form of a pair, which
//! `docs/pairs.md` describes.
//!
//! An id that does not exist is written as its number, such as `value#7`, which is no name in
//! that form.

mod after;
mod before;
mod location;
mod places;
mod words;

use std::fmt::{self, Display, Formatter};

pub use words::word;

/// The number of names on a line that only lists names.
const PER_LINE: usize = 16;

/// Writes lines that list names, each line beginning with a keyword. At least one line is written.
fn list<W: Display>(f: &mut Formatter<'_>, keyword: &str, words: &[W]) -> fmt::Result {
    if words.is_empty() {
        return writeln!(f, "{keyword}");
    }
    for words in words.chunks(PER_LINE) {
        f.write_str(keyword)?;
        words.iter().try_for_each(|word| write!(f, " {word}"))?;
        f.write_str("\n")?;
    }
    Ok(())
}
