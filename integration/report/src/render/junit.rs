//! `junit`: one document, with a suite for each input and a test case for each
//! function. It is written when it is complete.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::places::{at, details};
use super::renderer::Render;
use crate::expected::ExpectedReferences;
use crate::levels::Levels;
use crate::printed::PrintedFinding;
use crate::record::Record;
use crate::summary::Summary;
use crate::verdict::{Evidence, Verdict};
use crate::visible::visible;

/// The renderer.
pub(super) struct Junit {
    report: Report,
    /// The input whose suite is not complete yet.
    suite: Option<(usize, TestSuite)>,
    levels: Levels,
}

impl Junit {
    pub(super) fn new(levels: Levels) -> Self {
        let report = Report::new("stackmap-verify");
        Junit { report, suite: None, levels }
    }

    fn status(&self, record: &Record) -> TestCaseStatus {
        let counts = |found: &&PrintedFinding| !found.known && self.levels.denies(found.code);
        let kind = match record.verdict {
            Verdict::Violated | Verdict::Unsupported if record.is_known() => return known(record),
            // Not "skipped", which is displayed in green.
            Verdict::Unsupported | Verdict::Error => NonSuccessKind::Error,
            Verdict::Violated => NonSuccessKind::Failure,
            Verdict::Verified if record.findings.iter().any(|found| counts(&found)) => {
                NonSuccessKind::Failure
            }
            Verdict::Verified => return TestCaseStatus::success(),
        };
        let mut status = TestCaseStatus::non_success(kind);
        if let Some(reason) = &record.reason {
            status.set_type(record.verdict.name());
            status.set_message(reason.as_str());
            status.set_description(at(&record.input, [record.line, record.column]));
        } else if let Some(found) = record.findings.iter().find(counts) {
            status.set_type(found.code.code());
            status.set_message(found.message.as_str());
            status.set_description(text(record));
        }
        status
    }
}

/// The status of what is known to fail.
fn known(record: &Record) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_type("known");
    let first = record.findings.iter().find(|found| found.known);
    let message = match (&record.reason, first) {
        (Some(reason), _) => format!("known: {}: {reason}", record.verdict.name()),
        (None, Some(found)) => format!("known: {}: {}", found.code, found.message),
        (None, None) => "known".to_owned(),
    };
    status.set_message(message);
    status
}

impl Render for Junit {
    fn function(&mut self, _: &mut dyn Write, record: &Record) -> io::Result<()> {
        let status = self.status(record);
        let name = record.function.as_deref().unwrap_or("(the whole input)");
        let warned =
            !matches!(status, TestCaseStatus::NonSuccess { .. }) && !record.findings.is_empty();
        let mut case = TestCase::new(name, status);
        case.set_classname(record.input.as_str());
        if matches!(record.evidence, Evidence::AfterOnly | Evidence::Code) {
            case.add_property(("evidence", record.evidence.name()));
        }
        if record.tables_only.is_some() {
            case.add_property(("checked", "tables-only"));
        }
        if record.stated {
            case.add_property(("references", "declare-line"));
        }
        if let Some(ExpectedReferences { expected, resolved, unresolved }) = record.expected {
            for (name, count) in [
                ("expected-references", expected),
                ("resolved-references", resolved),
                ("unresolved-references", unresolved),
            ] {
                case.add_property((name, count.to_string().as_str()));
            }
        }
        if record.known || record.findings.iter().any(|found| found.known) {
            case.add_property(("baseline", "known"));
        }
        if warned {
            case.set_system_out(text(record));
        }
        let (index, mut suite) = match self.suite.take() {
            Some((index, suite)) if index == record.index => (index, suite),
            done => {
                self.report.add_test_suites(done.map(|(_, suite)| suite));
                (record.index, TestSuite::new(record.input.as_str()))
            }
        };
        suite.add_test_case(case);
        self.suite = Some((index, suite));
        Ok(())
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        self.report.add_test_suites(self.suite.take().map(|(_, suite)| suite));
        for suite in &mut self.report.test_suites {
            if let Some(file) = &summary.config {
                suite.add_property(("settings", visible(file).as_ref()));
            }
        }
        // Written to a string first, so that an error is one of the stream.
        let document = self.report.to_string().map_err(io::Error::other)?;
        out.write_all(document.as_bytes())
    }
}

/// Returns the text of all findings of a function.
fn text(record: &Record) -> String {
    let texts = record.findings.iter().map(|found| {
        let (severity, code, message) = (found.severity, found.code, &found.message);
        let place = at(record.shown_path(), [found.line, found.column]);
        let known = super::words::known(found.known);
        format!("{known}{severity}[{code}]: {message}\n  --> {place}\n{}", details(record, found))
    });
    texts.collect::<Vec<_>>().join("\n")
}
