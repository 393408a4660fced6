//! Tells the spiller's records that matter from all others.

use std::fmt::{self, Write};

use log::Record;
use stackmap_clif::liveness::Step;

/// The target to which the spiller logs.
pub const TARGET: &str = "cranelift_frontend::frontend::safepoints";

/// The first words of each record, and the kind of its contents.
type Start = (&'static str, fn(String) -> RecordKind);

/// The three records, in the order in which they come.
const STARTS: [Start; 3] = [
    ("values needing inclusion in stack maps: ", RecordKind::Declared),
    ("before inserting safepoint spills and reloads:\n", RecordKind::Before),
    ("after inserting safepoint spills and reloads:\n", RecordKind::After),
];

/// The first words of the records of the liveness analysis that matter.
const STEPS: [&str; 3] =
    ["liveness: traversing block", "liveness:   found use of v", "liveness:   found safepoint: "];

/// No step has more characters that matter.
const STEP: usize = 64;

/// The contents of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RecordKind {
    /// The declared values, as the spiller prints them.
    Declared(String),
    /// The function before.
    Before(String),
    /// A step of the spiller's analysis.
    Liveness(Step),
    /// The function after.
    After(String),
}

/// Reads a record of [`TARGET`]; `None` if it is not one that matters. There are many
/// of the liveness analysis, and they matter only if they are `wanted`.
///
/// Cost: that of formatting it, up to where it is seen not to be one of them.
pub(crate) fn content(record: &Record<'_>, wanted: bool) -> Option<RecordKind> {
    let mut text = Prefixed { text: String::new(), wanted };
    // An error means that the text begins otherwise, or that the rest does not matter.
    let whole = write!(text, "{}", record.args());
    let Prefixed { mut text, .. } = text;
    if let Some((start, content)) = STARTS.into_iter().find(|(start, _)| text.starts_with(start)) {
        whole.ok()?;
        // A large function has hundreds of megabytes: no second copy, and no room to grow.
        text.drain(..start.len());
        text.shrink_to_fit();
        return Some(content(text));
    }
    wanted.then(|| Step::parse(&text)).flatten().map(RecordKind::Liveness)
}

/// Takes text as long as it may be that of a record that matters.
struct Prefixed {
    text: String,
    wanted: bool,
}

impl Write for Prefixed {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        let text = &mut self.text;
        let checked = STARTS.iter().any(|(start, _)| text.len() >= start.len());
        let is_start = checked && STARTS.iter().any(|(start, _)| text.starts_with(start));
        text.push_str(part);
        let may_be = |start: &str| {
            let length = start.len().min(text.len());
            text.as_bytes()[..length] == start.as_bytes()[..length]
        };
        let goes_on = is_start
            || STARTS.iter().any(|(start, _)| may_be(start))
            || (self.wanted && text.len() < STEP && STEPS.iter().any(|start| may_be(start)));
        match goes_on {
            true => Ok(()),
            false => Err(fmt::Error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: fmt::Arguments<'_>) -> Option<RecordKind> {
        content(&Record::builder().args(arguments).target(TARGET).build(), false)
    }

    fn listen(arguments: fmt::Arguments<'_>) -> Option<RecordKind> {
        content(&Record::builder().args(arguments).target(TARGET).build(), true)
    }

    #[test]
    fn the_three() {
        for read in [read, listen] {
            let set = "{v0}";
            assert_eq!(
                read(format_args!("values needing inclusion in stack maps: {set}")),
                Some(RecordKind::Declared("{v0}".into()))
            );
            let clif = "function %f() {\n}\n";
            assert_eq!(
                read(format_args!("before inserting safepoint spills and reloads:\n{clif}")),
                Some(RecordKind::Before(clif.into()))
            );
            assert_eq!(
                read(format_args!("after inserting safepoint spills and reloads:\n{clif}")),
                Some(RecordKind::After(clif.into()))
            );
        }
    }

    #[test]
    fn others() {
        let number = 3;
        for read in [read, listen] {
            assert_eq!(read(format_args!("")), None);
            assert_eq!(read(format_args!("values needing inclusion")), None);
            assert_eq!(read(format_args!("rewriting: processing block{number}")), None);
        }
    }

    #[test]
    fn steps_if_they_are_wanted() {
        let (number, never) = (3, Never);
        let step = |step| Some(RecordKind::Liveness(step));
        assert_eq!(read(format_args!("liveness: traversing block{number}")), None);
        assert_eq!(
            listen(format_args!("liveness: traversing block{number}")),
            step(Step::Block(3))
        );
        let instruction = "inst7: store.i64 notrap aligned v3, v0+24, and much more of this sort";
        assert_eq!(
            listen(format_args!(
                "liveness:   found use of v{number}, marking it live: {instruction}: {never}"
            )),
            step(Step::Use(3))
        );
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
        assert_eq!(listen(format_args!("liveness:     live set = {Never}")), None);
        assert_eq!(read(format_args!("liveness: traversing block{Never}")), None);
    }
}
