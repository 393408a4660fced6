//! The lines of JSON: what is written is read again, and nothing in a record does anything
//! where it is shown.

use stackmap_report::{
    Event, Evidence, FunctionResult, Omitted, Part, PrintedFinding, PrintedSite, Reason, Record,
    Summary, Verdict, VisitedBlock, WireLine, is_invisible,
};
use stackmap_verifier::findings::Code;
use stackmap_verifier::{Outcome, Report, Stats};

/// Moves the cursor of a terminal.
const CONTROL: &str = "a\u{1b}b";

fn event() -> Event {
    Event {
        line: Some(3),
        text: CONTROL.into(),
        block: CONTROL.into(),
        column: Some(1),
        length: Some(2),
        line_of_function: Some(4),
    }
}

fn finding() -> PrintedFinding {
    let code = Code::MissingRoot;
    PrintedFinding {
        code,
        name: code.name().into(),
        severity: code.severity(),
        message: CONTROL.into(),
        slot: Some(CONTROL.into()),
        values: vec![CONTROL.into()],
        safepoint: Some(PrintedSite { block: CONTROL.into(), line: Some(1) }),
        witness: vec![VisitedBlock {
            block: CONTROL.into(),
            line: Some(2),
            back_edge: true,
            events: vec![event()],
        }],
        line: Some(3),
        column: Some(1),
        labels: vec![event()],
        notes: vec![event()],
        help: CONTROL.into(),
        omitted: Some(Omitted { after: 1, blocks: 2 }),
        fingerprint: Some(CONTROL.into()),
        known: true,
    }
}

fn report(outcome: Outcome) -> Report {
    let stats = Stats { blocks: 1, roots: 2, ..Stats::default() };
    Report { outcome, findings: Vec::new(), stats, certified: false }
}

/// A violated function with every field that a record can have.
fn record() -> Record {
    let texts = Part::new(CONTROL, "text\u{1b}").into();
    let violated =
        FunctionResult::new(CONTROL.into(), Evidence::Pair, report(Outcome::Violated), Some(texts));
    let record = violated.of_input(CONTROL, 7).print(usize::MAX);
    Record {
        findings: vec![finding()],
        reason: Some(CONTROL.into()),
        line: Some(1),
        column: Some(2),
        ..record
    }
}

#[test]
fn a_record_is_read_as_it_was_written() {
    let written = WireLine::Function(Box::new(record()));
    let text = serde_json::to_string(&written).unwrap();
    assert!(!text.contains("texts") && !text.contains("failed"), "{text}");
    let read: WireLine = serde_json::from_str(&text).unwrap();
    assert_eq!(read, WireLine::Function(Box::new(Record { texts: None, ..record() })));
}

#[test]
fn nothing_in_a_visible_record_does_anything() {
    let is_harmless = |record: &Record| {
        // Each string of it, whatever fields there are.
        !serde_json::to_value(record).unwrap().to_string().contains("\\u001b")
    };
    assert!(!is_harmless(&record()));
    let visible = record().visible();
    assert!(is_harmless(&visible), "{visible:?}");
    let texts = visible.texts.unwrap();
    assert!(!texts.after.text.chars().any(is_invisible));
    assert!(!texts.after.path.chars().any(is_invisible));
}

#[test]
fn sums_are_compared_as_they_are_written() {
    let after_only = |optimized| {
        let texts = Some(Part::new("a.clif", "").into());
        let verified = report(Outcome::Verified);
        let result = FunctionResult::new("%f".into(), Evidence::AfterOnly, verified, texts);
        FunctionResult { optimized, ..result }
    };
    let mut summary = Summary { inputs: 1, ..Summary::default() };
    summary.count(&after_only(false));
    let text = serde_json::to_string(&WireLine::Summary(Box::new(summary.clone()))).unwrap();
    assert!(!text.contains("optimized") && !text.contains("after_only"), "{text}");
    let WireLine::Summary(read) = serde_json::from_str(&text).unwrap() else { panic!("{text}") };
    assert_ne!(*read, summary);
    assert!(summary.is_written_as(&read));
    let mut twice = summary.clone();
    twice.count(&after_only(true));
    assert_eq!((twice.all.functions, twice.first.functions, twice.optimized.functions), (2, 1, 1));
    assert!(!twice.is_written_as(&read));
}

#[test]
fn what_failed_is_wrong_and_what_is_undecided_is_not() {
    let error = || FunctionResult::error(Some("%f".into()), Reason::new("unreadable"));
    assert!(!error().is_wrong());
    assert!(FunctionResult { failed: true, ..error() }.is_wrong());
    let undecided =
        FunctionResult::unsupported("%f".into(), Evidence::Pair, Reason::new("unknown"));
    assert!(!undecided.is_wrong());
    for (outcome, is_wrong) in [(Outcome::Verified, false), (Outcome::Violated, true)] {
        let result = FunctionResult::new("%f".into(), Evidence::Pair, report(outcome), None);
        assert_eq!((result.is_wrong(), result.verdict.is_judged()), (is_wrong, true));
    }
    assert_eq!(error().verdict, Verdict::Error);
}

#[test]
fn a_record_that_contradicts_itself_says_how() {
    let violated = || Record { reason: None, line: None, column: None, ..record() };
    assert_eq!(violated().contradiction(), None);
    let contradicting = [
        (Record { verdict: Verdict::Verified, ..violated() }, "its findings say otherwise"),
        (Record { reason: Some("why".into()), ..violated() }, "there is a reason"),
        (Record { certified: true, ..violated() }, "it is certified"),
        (Record { function: None, ..violated() }, "there is nothing that it rests on"),
    ];
    for (record, expected) in contradicting {
        assert!(record.contradiction().is_some_and(|said| said.starts_with(expected)));
    }
}
