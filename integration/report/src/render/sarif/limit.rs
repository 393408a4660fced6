//! The number of results in a document is limited, as code scanning takes no more.

use serde_json::json;
use serde_sarif::sarif::{Notification, Result as Finding, ResultLevel};

use super::message::message;
use crate::plural::plural;

/// The number of results that GitHub takes of a run.
///
/// Source: "SARIF support for code scanning", GitHub's documentation.
pub(super) const MOST: usize = 25_000;

/// The results that a document lists.
#[derive(Debug, PartialEq)]
pub(super) struct Limited {
    /// In the order in which they were found.
    pub(super) listed: Vec<Finding>,
    /// The number of the others.
    pub(super) left_out: usize,
}

/// Leaves out results beyond the first `most`: warnings before errors.
///
/// Cost: linear.
pub(super) fn limited(results: Vec<Finding>, most: usize) -> Limited {
    let is_error = |result: &Finding| result.level == Some(ResultLevel::Error);
    let left_out = results.len().saturating_sub(most);
    let mut errors = results.iter().filter(|result| is_error(result)).count().min(most);
    let mut warnings = most - errors;
    let is_listed = |result: &Finding| {
        let left = if is_error(result) { &mut errors } else { &mut warnings };
        let is_listed = *left > 0;
        *left = left.saturating_sub(1);
        is_listed
    };
    Limited { listed: results.into_iter().filter(is_listed).collect(), left_out }
}

/// Returns the notification that results are left out, if any are.
pub(super) fn notification(left_out: usize) -> Option<Notification> {
    (left_out > 0).then(|| {
        let results = plural(left_out, "more result");
        let text = format!("{results} not listed: code scanning takes {MOST}");
        Notification::builder().level(json!("warning")).message(message(text)).build()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(level: ResultLevel, name: &str) -> Finding {
        Finding::builder().level(level).message(message(name.to_owned())).build()
    }

    #[test]
    fn warnings_are_left_out_before_errors() {
        let (error, warning) = (ResultLevel::Error, ResultLevel::Warning);
        let all = [(warning, "a"), (error, "b"), (warning, "c"), (error, "d"), (error, "e")];
        let all = all.map(|(level, name)| result(level, name));
        for (most, listed) in
            [(9, &[0, 1, 2, 3, 4][..]), (4, &[0, 1, 3, 4]), (3, &[1, 3, 4]), (1, &[1])]
        {
            let expected: Vec<Finding> = listed.iter().map(|&n: &usize| all[n].clone()).collect();
            let left_out = 5 - listed.len();
            let limited = limited(all.to_vec(), most);
            assert_eq!(limited, Limited { listed: expected, left_out }, "{most}");
        }
    }

    #[test]
    fn what_is_left_out_is_counted() {
        assert_eq!(notification(0), None);
        let text = notification(2).and_then(|said| said.message.text);
        assert_eq!(text.as_deref(), Some("2 more results not listed: code scanning takes 25000"));
    }
}
