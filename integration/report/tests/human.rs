//! A finding with and without the lines it is about.

use stackmap_report::{Evidence, FunctionResult, Listing, Part, Style};
use stackmap_verifier::findings::{Code, Finding, Label, Site, WitnessBlock};
use stackmap_verifier::model::{Block, EdgeIndex, Origin};
use stackmap_verifier::{Outcome, Report, Stats};

fn label(line: u32, text: &str) -> Label {
    let origin = Origin { line, column: 5, length: 4 };
    Label { site: Site { block: "block0".into(), instruction: None, origin }, text: text.into() }
}

fn finding(lines: [u32; 2]) -> Finding {
    let event = label(lines[0], "defined");
    let witness = |by_back_edge: bool| WitnessBlock {
        block: Block::new(0),
        entered_by: by_back_edge.then(|| EdgeIndex::new(0)),
        site: event.site.clone(),
        by_back_edge,
        events: vec![event.clone()],
    };
    Finding {
        code: Code::MissingRoot,
        message: "`v0` is lost".into(),
        slot: None,
        location: None,
        values: vec!["v0".into()],
        safepoint: None,
        primary: label(lines[1], "lost here"),
        secondary: vec![label(lines[0], "defined here")],
        witness: vec![witness(false), witness(true), witness(true)],
        notes: Vec::new(),
        help: "keep it",
    }
}

/// The text of one finding, without the two line ends after it.
fn human(finding: Finding, texts: Option<Listing>, style: Style) -> String {
    let (outcome, findings) = (Outcome::Violated, vec![finding]);
    let report = Report { outcome, findings, stats: Stats::default(), certified: false };
    let result = FunctionResult::new("%f".to_owned(), Evidence::Pair, report, texts);
    assert!(result.is_wrong());
    let text = result.render(style);
    text.strip_suffix("\n\n").expect("an empty line").to_owned()
}

#[test]
fn with_a_listing_lines_are_underlined() {
    let text = "block0:\n    make\n    call\n";
    let listing = Part { first_line: 7, ..Part::new("a.clif", text) }.into();
    let style = Style { max_witness: 2, ..Style::default() };
    assert_eq!(
        human(finding([8, 9]), Some(listing), style),
        "error[SM002]: `v0` is lost
 --> a.clif:9:5
  |
8 |     make
  |     ---- defined here
9 |     call
  |     ^^^^ lost here
  |
  = note: it happens on this path:
            block0
              line 8: defined
            ... 1 blocks not shown (see --max-witness)
            block0 (by the back edge)
              line 8: defined
  = note: in function %f (pair evidence)
  = help: keep it"
    );
}

#[test]
fn both_functions_are_shown_if_labels_are_in_both() {
    let after = Part::new("a.clif", "block0:\n    call\n");
    let before = Part::new("b.clif", "block0:\n    make\n").behind(&after);
    assert_eq!((before.first_line, before.index(4), before.index(5)), (3, Some(1), None));
    let listing = Listing { after, before: Some(before) };
    let mut finding = finding([4, 2]);
    finding.witness.clear();
    assert_eq!(
        human(finding, Some(listing), Style::default()),
        "error[SM002]: `v0` is lost
 --> a.clif:2:5
  |
2 |     call
  |     ^^^^ lost here
  |
 ::: b.clif:4:5
  |
4 |     make
  |     ---- defined here
  |
  = note: in function %f (pair evidence)
  = help: keep it"
    );
}

#[test]
fn without_a_listing_places_are_named_by_block() {
    assert_eq!(
        human(finding([0, 0]), None, Style::default()),
        "error[SM002]: `v0` is lost
 |
 = note: block0: lost here
 = note: block0: defined here
 = note: it happens on this path:
           block0
             block0: defined
           block0 (by the back edge)
             block0: defined
           block0 (by the back edge)
             block0: defined
 = note: in function %f (pair evidence)
 = help: keep it"
    );
}

#[test]
fn a_place_outside_the_listing_is_a_note() {
    let listing = Part::new("a.clif", "block0:\n").into();
    let text = human(finding([8, 9]), Some(listing), Style::default());
    for label in ["note: line 9: lost here", "note: line 8: defined here"] {
        assert_eq!(text.matches(label).count(), 1, "{text}");
    }
}

#[test]
fn a_declaration_is_in_no_block() {
    let mut finding = finding([0, 0]);
    finding.primary.site.block.clear();
    finding.witness.clear();
    assert_eq!(
        human(finding, None, Style::default()),
        "error[SM002]: `v0` is lost
 |
 = note: lost here
 = note: block0: defined here
 = note: in function %f (pair evidence)
 = help: keep it"
    );
}

#[test]
fn colours_are_escape_sequences() {
    let style = Style { color: true, ..Style::default() };
    assert!(human(finding([0, 0]), None, style).contains("\u{1b}["));
}
