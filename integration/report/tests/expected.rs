//! How many references are expected, and how many of these are known, stands in every output.

use stackmap_report::{
    Evidence, ExpectedReferences, FunctionResult, Levels, Render, Run, Summary, human, json, junit,
    sarif, short,
};
use stackmap_verifier::{Outcome, Report, Stats};

fn function(expected: Option<ExpectedReferences>) -> FunctionResult {
    let stats = Stats { roots: 1, references: 1, ..Stats::default() };
    let (outcome, findings) = (Outcome::Verified, Vec::new());
    let report = Report { outcome, findings, stats, certified: false };
    FunctionResult { expected, ..FunctionResult::new("%f".into(), Evidence::Pair, report, None) }
}

fn shown(mut renderer: Box<dyn Render>, functions: &[FunctionResult]) -> String {
    let (mut out, mut summary) = (Vec::new(), Summary { inputs: 1, ..Summary::default() });
    for function in functions {
        summary.count(function);
        let record = function.clone().of_input("a", 0).print(usize::MAX);
        renderer.function(&mut out, &record).unwrap();
    }
    renderer.summary(&mut out, &summary).unwrap();
    String::from_utf8(out).unwrap()
}

fn renderers() -> [(&'static str, Box<dyn Render>); 5] {
    let run = Run::new(["a"].into_iter(), String::new());
    [
        ("human", human(false)),
        ("short", short()),
        ("json", json(run)),
        ("junit", junit(Levels::default())),
        ("sarif", sarif()),
    ]
}

#[test]
fn the_counts_stand_in_every_output() {
    let functions = [
        function(Some(ExpectedReferences::new(7, 5))),
        function(Some(ExpectedReferences::new(4, 4))),
        function(None),
    ];
    for (name, renderer) in renderers() {
        let said = shown(renderer, &functions);
        let expected: &[&str] = match name {
            "human" | "short" => &["of 11 references that should be declared, 9 are known"],
            "json" => &[
                r#""expected_references":{"expected":7,"resolved":5,"unresolved":2}"#,
                r#""expected_references":{"expected":11,"resolved":9,"unresolved":2}"#,
            ],
            "junit" => &[
                r#"<property name="expected-references" value="7"/>"#,
                r#"<property name="resolved-references" value="5"/>"#,
                r#"<property name="unresolved-references" value="2"/>"#,
            ],
            "sarif" => &[
                r#""expectedReferences": 11"#,
                r#""resolvedReferences": 9"#,
                r#""unresolvedReferences": 2"#,
            ],
            other => panic!("{other}"),
        };
        for part in expected {
            assert!(said.contains(part), "{name}: {said}");
        }
    }
}

#[test]
fn nothing_is_said_where_nothing_but_the_declared_values_is_known() {
    for (name, renderer) in renderers() {
        let said = shown(renderer, &[function(None)]);
        assert!(!said.to_lowercase().contains("expected"), "{name}: {said}");
        assert!(!said.contains("should be declared"), "{name}: {said}");
    }
}
