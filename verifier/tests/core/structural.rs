//! Findings of what differs between the two programs, not of what happens on a path.

use stackmap_verifier::findings::{Code, Label, Severity, Site, changed_program, misplaced_access};
use stackmap_verifier::model::Origin;
use stackmap_verifier::{Outcome, Report, Stats};

fn label(block: &str, line: u32) -> Label {
    let origin = Origin { line, column: 5, length: 3 };
    let site = Site { block: block.to_owned(), instruction: None, origin };
    Label { site, text: "here".to_owned() }
}

#[test]
fn front_ends_report_a_changed_program() {
    let (primary, secondary) = (label("block1", 9), vec![label("", 2)]);
    let finding = changed_program("it differs".to_owned(), primary.clone(), secondary.clone());
    assert_eq!((finding.code, finding.severity()), (Code::ChangedProgram, Severity::Error));
    assert_eq!((&finding.primary, &finding.secondary), (&primary, &secondary));
    assert_eq!((finding.message.as_str(), finding.slot), ("it differs", None));
    assert!(finding.witness.is_empty(), "it shows on no path in particular");
}

#[test]
fn front_ends_report_a_misplaced_access() {
    let primary = label("block1", 9);
    let finding =
        misplaced_access("outside".to_owned(), "ss0+8".to_owned(), primary.clone(), Vec::new());
    assert_eq!((finding.code, finding.severity()), (Code::MisplacedAccess, Severity::Error));
    assert_eq!((&finding.primary, finding.slot.as_deref()), (&primary, Some("ss0+8")));
    let report = Report::violated(vec![finding.clone()], Stats::default());
    assert_eq!((report.outcome, report.findings), (Outcome::Violated, vec![finding]));
    assert!(!report.certified);
}

#[test]
fn it_may_not_be_known_which_slot_is_accessed() {
    let finding = misplaced_access("?".to_owned(), String::new(), label("block1", 9), Vec::new());
    assert_eq!(finding.slot, None);
}
