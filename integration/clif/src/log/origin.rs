//! The origin of a record: its program and thread, as far as the log states them.

use super::times;

/// The names of the levels of the crate `log`.
const LEVELS: [&str; 5] = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

/// The origin of a record. Records of different origins never belong together; records of one
/// origin do, if its thread is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    /// The program, if the log collects the output of several: the name before the bar in `app-1  |
    /// ...` (docker compose, foreman), or `[pod/...]` (kubectl).
    pub(super) program: Option<String>,
    /// The number of the thread.
    pub(super) thread: Option<u64>,
}

impl Origin {
    /// Returns the origin stated by the text around a record's message: `prefix` precedes it on its
    /// line, and `beside` lists the other fields of a structured line.
    ///
    /// Nothing else is taken for a name: what looks like one may be a counter, and two names for
    /// one thread would separate its records.
    pub(super) fn of<'t>(prefix: &str, beside: impl IntoIterator<Item = &'t str>) -> Origin {
        let thread = beside.into_iter().find_map(thread_id);
        Origin {
            program: program(prefix).map(str::to_owned),
            thread: thread_id(prefix).or(thread).or_else(|| after_level(prefix)),
        }
    }
}

/// Returns the number in `ThreadId(3)`, which is how Rust prints a thread.
fn thread_id(text: &str) -> Option<u64> {
    let (_, id) = text.split_once("ThreadId(")?;
    id.split_once(')')?.0.parse().ok()
}

/// Returns the number in `[TRACE] (3) `, which is how simplelog prints a thread.
fn after_level(prefix: &str) -> Option<u64> {
    let (_, id) = prefix.split_once("[TRACE] (")?;
    id.split_once(") ")?.0.parse().ok()
}

/// Returns the name of the program that printed a line.
pub(super) fn program(prefix: &str) -> Option<&str> {
    let (name, rest) = prefix.trim_start().split_once(char::is_whitespace)?;
    let is_level = LEVELS.iter().any(|level| name.eq_ignore_ascii_case(level));
    let is_time = || times::parts(name).any(|(_, is_time)| is_time);
    let is_column = || rest.trim_start().starts_with('|') && !is_level && !is_time();
    (name.starts_with("[pod/") || is_column()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(prefix: &str) -> (Option<String>, Option<u64>) {
        let Origin { program, thread } = Origin::of(prefix, []);
        (program, thread)
    }

    #[test]
    fn threads() {
        assert_eq!(of("TRACE ThreadId(03) x: "), (None, Some(3)));
        assert_eq!(of("22:52:48 [TRACE] (12) x: [safepoints.rs:7] "), (None, Some(12)));
        assert_eq!(Origin::of("{\"message\":\"", ["TRACE", "ThreadId(7)"]).thread, Some(7));
        // A name may be shared by many threads, and a number may be a counter.
        assert_eq!(of("T[main] TRACE x: "), (None, None));
        assert_eq!(of("#12 (13) TRACE x: "), (None, None));
        assert_eq!(of(""), (None, None));
    }

    #[test]
    fn programs() {
        assert_eq!(of("app-1  | TRACE ThreadId(2) "), (Some("app-1".to_owned()), Some(2)));
        assert_eq!(of("[pod/app-7d9/app] TRACE "), (Some("[pod/app-7d9/app]".to_owned()), None));
        assert_eq!(of("[TRACE x] "), (None, None));
        // Columns of a logger are no names of programs.
        assert_eq!(of("TRACE | x | "), (None, None));
        assert_eq!(of("2026-11-27T09:59:59Z | TRACE | "), (None, None));
        assert_eq!(of("12:00:01 | [TRACE x] "), (None, None));
    }
}
