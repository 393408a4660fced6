//! Tells the spiller's three records from all others.

use std::fmt::{self, Write};

use log::Record;

/// Where the spiller logs.
pub const TARGET: &str = "cranelift_frontend::frontend::safepoints";

/// How a record begins, and what follows.
type Start = (&'static str, fn(String) -> Content);

/// The three records, in the order in which they come.
const STARTS: [Start; 3] = [
    ("values needing inclusion in stack maps: ", Content::Declared),
    ("before inserting safepoint spills and reloads:\n", Content::Before),
    ("after inserting safepoint spills and reloads:\n", Content::After),
];

/// What a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// The declared values, as the spiller prints them.
    Declared(String),
    /// The function before.
    Before(String),
    /// The function after.
    After(String),
}

/// Reads a record of [`TARGET`]; `None` if it is not one of the three.
///
/// Cost: that of formatting it, up to where it is seen not to be one of them.
pub(crate) fn content(record: &Record<'_>) -> Option<Content> {
    let mut text = Prefixed(String::new());
    // An error means that the text begins otherwise.
    write!(text, "{}", record.args()).ok()?;
    let Prefixed(mut text) = text;
    let (start, content) = STARTS.into_iter().find(|(start, _)| text.starts_with(start))?;
    // A large function has hundreds of megabytes: no second copy, and no room to grow.
    text.drain(..start.len());
    text.shrink_to_fit();
    Some(content(text))
}

/// Takes text as long as it may be one of the three.
struct Prefixed(String);

impl Write for Prefixed {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let checked = STARTS.iter().any(|(start, _)| self.0.len() >= start.len());
        self.0.push_str(part);
        let may_be = |start: &str| {
            let length = start.len().min(self.0.len());
            self.0.as_bytes()[..length] == start.as_bytes()[..length]
        };
        match checked || STARTS.iter().any(|(start, _)| may_be(start)) {
            true => Ok(()),
            false => Err(fmt::Error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: fmt::Arguments<'_>) -> Option<Content> {
        content(&Record::builder().args(arguments).target(TARGET).build())
    }

    #[test]
    fn the_three() {
        let set = "{v0}";
        assert_eq!(
            read(format_args!("values needing inclusion in stack maps: {set}")),
            Some(Content::Declared("{v0}".into()))
        );
        let clif = "function %f() {\n}\n";
        assert_eq!(
            read(format_args!("before inserting safepoint spills and reloads:\n{clif}")),
            Some(Content::Before(clif.into()))
        );
        assert_eq!(
            read(format_args!("after inserting safepoint spills and reloads:\n{clif}")),
            Some(Content::After(clif.into()))
        );
    }

    #[test]
    fn others() {
        let number = 3;
        assert_eq!(read(format_args!("")), None);
        assert_eq!(read(format_args!("values needing inclusion")), None);
        assert_eq!(read(format_args!("liveness: block{number}")), None);
    }

    /// Formats as an error, which says that nothing asked it to format.
    struct Never;

    impl fmt::Display for Never {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("formatted")
        }
    }

    #[test]
    fn what_begins_otherwise_is_not_formatted() {
        assert_eq!(read(format_args!("liveness:     live set = {Never}")), None);
    }
}
