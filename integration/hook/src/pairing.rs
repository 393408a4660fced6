//! Puts the three records of a function together.
//!
//! A spiller run is on one thread, and nothing else spills on that thread
//! meanwhile, so the three follow each other. What does not is a run that did not
//! come to its end: the spiller panicked. Records may also have been lost, or be of
//! two runs that something made one of: the function after must have the name and the
//! signature of the one before.

use std::mem;

use stackmap_clif::liveness::Liveness;

use crate::record::RecordKind;

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

/// The records of one run of the spiller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Run {
    /// The declared values, as printed.
    pub(crate) declared: String,
    /// The function before.
    pub(crate) before: String,
    /// The steps of the spiller's analysis of it.
    pub(crate) liveness: Liveness,
}

/// Something that a record completes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// A run, with the function after.
    Run(Run, String),
    /// A run without the function after.
    NoAfter(Run),
    /// A run in whose place the function after of another came.
    Other(Run, String),
    /// A function before without declared values.
    NoDeclared(String),
    /// A function after without one before.
    NoBefore(String),
    /// Declared values without a function.
    NoFunction,
}

impl Pairing {
    /// Adds a record, and returns what it ends, in order.
    pub(crate) fn add(&mut self, content: RecordKind) -> Vec<Ended> {
        let (next, ended) = match (mem::take(self), content) {
            (waiting, RecordKind::Liveness(step)) => {
                let mut waiting = waiting;
                if let Pairing::Before(run) = &mut waiting {
                    run.liveness.add(step);
                }
                (waiting, Vec::new())
            }
            (waiting, RecordKind::Declared(set)) => (Pairing::Declared(set), waiting.end()),
            (Pairing::Declared(declared), RecordKind::Before(before)) => {
                let liveness = Liveness::default();
                (Pairing::Before(Run { declared, before, liveness }), Vec::new())
            }
            (waiting @ (Pairing::Idle | Pairing::Before(_)), RecordKind::Before(before)) => {
                let mut ended = waiting.end();
                ended.push(Ended::NoDeclared(before));
                (Pairing::Idle, ended)
            }
            (Pairing::Before(run), RecordKind::After(after)) => {
                let ended = match header(&run.before) == header(&after) {
                    true => Ended::Run(run, after),
                    false => Ended::Other(run, after),
                };
                (Pairing::Idle, vec![ended])
            }
            (waiting @ (Pairing::Idle | Pairing::Declared(_)), RecordKind::After(after)) => {
                let mut ended = waiting.end();
                ended.push(Ended::NoBefore(after));
                (Pairing::Idle, ended)
            }
        };
        *self = next;
        ended
    }

    /// Returns the incomplete runs, if no more records come.
    pub(crate) fn end(self) -> Vec<Ended> {
        match self {
            Pairing::Idle => Vec::new(),
            Pairing::Declared(_) => vec![Ended::NoFunction],
            Pairing::Before(run) => vec![Ended::NoAfter(run)],
        }
    }
}

/// A function's name and signature.
pub(crate) fn header(function: &str) -> &str {
    function.lines().next().unwrap_or("").trim_end_matches('{').trim()
}

#[cfg(test)]
mod tests {
    use stackmap_clif::liveness::Step;

    use super::*;

    const F: &str = "function %f() {\n}\n";
    const G: &str = "function %g() {\n}\n";

    fn run() -> Run {
        Run { declared: "{v0}".into(), before: F.into(), liveness: Liveness::default() }
    }

    fn declared() -> RecordKind {
        RecordKind::Declared("{v0}".into())
    }

    fn before() -> RecordKind {
        RecordKind::Before(F.into())
    }

    #[test]
    fn three_records_are_a_run() {
        let mut pairing = Pairing::default();
        for _ in 0..2 {
            assert_eq!(pairing.add(declared()), []);
            assert_eq!(pairing.add(before()), []);
            assert_eq!(pairing.add(RecordKind::After(F.into())), [Ended::Run(run(), F.into())]);
        }
    }

    #[test]
    fn steps_are_of_the_run_they_come_in() {
        let mut pairing = Pairing::default();
        let step = Step::Use(0);
        for content in
            [RecordKind::Liveness(step), declared(), RecordKind::Liveness(step), before()]
        {
            assert_eq!(pairing.add(content), []);
        }
        assert_eq!(pairing, Pairing::Before(run()));
        pairing.add(RecordKind::Liveness(step));
        assert_ne!(pairing, Pairing::Before(run()));
    }

    #[test]
    fn a_run_without_end_is_reported_when_the_next_begins() {
        let mut pairing = Pairing::default();
        pairing.add(declared());
        pairing.add(before());
        assert_eq!(pairing.add(declared()), [Ended::NoAfter(run())]);
        assert_eq!(pairing.add(declared()), [Ended::NoFunction]);
        assert_eq!(pairing.end(), [Ended::NoFunction]);
    }

    #[test]
    fn a_run_without_beginning_is_reported() {
        let mut pairing = Pairing::default();
        assert_eq!(pairing.add(before()), [Ended::NoDeclared(F.into())]);
        assert_eq!(pairing.add(RecordKind::After(F.into())), [Ended::NoBefore(F.into())]);
        assert_eq!(pairing, Pairing::Idle);
        pairing.add(declared());
        assert_eq!(
            pairing.add(RecordKind::After(F.into())),
            [Ended::NoFunction, Ended::NoBefore(F.into())]
        );
        pairing.add(declared());
        pairing.add(before());
        assert_eq!(pairing.add(before()), [Ended::NoAfter(run()), Ended::NoDeclared(F.into())]);
        assert_eq!(pairing, Pairing::Idle);
    }

    #[test]
    fn the_function_after_must_be_of_the_same_name_and_signature() {
        for other in [G, "function %f(i32) {\n}\n"] {
            let mut pairing = Pairing::default();
            pairing.add(declared());
            pairing.add(before());
            assert_eq!(
                pairing.add(RecordKind::After(other.into())),
                [Ended::Other(run(), other.into())]
            );
        }
    }
}
