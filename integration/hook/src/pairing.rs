//! Puts the three records of a function together.
//!
//! A spiller run is on one thread, and nothing else spills on that thread
//! meanwhile, so the three follow each other. What does not is a run that did not
//! come to its end: the spiller panicked.

use std::mem;

use crate::record::Content;

/// The records of one thread that wait for others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pairing {
    /// None.
    #[default]
    Idle,
    /// The declared values have come.
    Declared(String),
    /// The function before has come as well.
    Before(Run),
}

/// What is known of one run of the spiller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The declared values, as printed.
    pub(crate) declared: String,
    /// The function before.
    pub(crate) before: String,
    /// The function after; `None` if it did not come.
    pub(crate) after: Option<String>,
}

impl Pairing {
    /// Adds a record, and returns the run that it ends.
    pub(crate) fn add(&mut self, content: Content) -> Option<Run> {
        let (next, ended) = match (mem::take(self), content) {
            (Pairing::Before(run), Content::Declared(set)) => (Pairing::Declared(set), Some(run)),
            (Pairing::Idle | Pairing::Declared(_), Content::Declared(set)) => {
                (Pairing::Declared(set), None)
            }
            (Pairing::Declared(declared), Content::Before(before)) => {
                (Pairing::Before(Run { declared, before, after: None }), None)
            }
            (Pairing::Before(run), Content::After(after)) => {
                (Pairing::Idle, Some(Run { after: Some(after), ..run }))
            }
            // The hook came in the middle of a run.
            (Pairing::Idle | Pairing::Declared(_), Content::After(_)) => (Pairing::Idle, None),
            (Pairing::Idle, Content::Before(_)) => (Pairing::Idle, None),
            (Pairing::Before(run), Content::Before(_)) => (Pairing::Idle, Some(run)),
        };
        *self = next;
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(after: Option<&str>) -> Option<Run> {
        let after = after.map(str::to_owned);
        Some(Run { declared: "{v0}".into(), before: "b".into(), after })
    }

    fn declared() -> Content {
        Content::Declared("{v0}".into())
    }

    #[test]
    fn three_records_are_a_run() {
        let mut pairing = Pairing::default();
        for _ in 0..2 {
            assert_eq!(pairing.add(declared()), None);
            assert_eq!(pairing.add(Content::Before("b".into())), None);
            assert_eq!(pairing.add(Content::After("a".into())), run(Some("a")));
        }
    }

    #[test]
    fn a_run_without_end_is_reported_when_the_next_begins() {
        let mut pairing = Pairing::default();
        pairing.add(declared());
        pairing.add(Content::Before("b".into()));
        assert_eq!(pairing.add(declared()), run(None));
    }

    #[test]
    fn a_run_without_beginning_is_passed_over() {
        let mut pairing = Pairing::default();
        assert_eq!(pairing.add(Content::Before("b".into())), None);
        assert_eq!(pairing.add(Content::After("a".into())), None);
        assert_eq!(pairing, Pairing::Idle);
    }
}
