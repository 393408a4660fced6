//! Two real spillers over every sketch: that of Cranelift 0.132.0, which shares
//! slots it must not share, and that of 0.135.8, which does not.

mod neighbours;
mod old;
mod reduce;
mod wasm;

use std::collections::BTreeMap;
use std::path::Path;

use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_cranelift::spill;
use stackmap_tests::files;
use stackmap_verifier::model::{After, Before, Value};
use stackmap_verifier::{Options, Outcome, Report, verify};

/// A verdict and the codes behind it: `verified`, `violated SM001`.
fn verdict(report: &Report) -> String {
    let codes: Vec<&str> = report.findings.iter().map(|f| f.code.code()).collect();
    let verdict = match &report.outcome {
        Outcome::Verified => "verified".to_owned(),
        Outcome::Violated => "violated".to_owned(),
        Outcome::Unsupported(reason) => format!("unsupported: {reason}"),
        Outcome::Internal(error) => format!("{error}"),
    };
    std::iter::once(verdict.as_str()).chain(codes).collect::<Vec<_>>().join(" ")
}

/// Verifies a pair from text.
fn verify_text(before: &str, after: &str, declared: Vec<u32>, minor: u32) -> Report {
    let text = |text| Text { text, line: 1 };
    let declared = Declared::exactly(declared);
    let pair = read_pair(text(before), text(after), &declared, AtLeast::minor(minor))
        .expect("what a spiller printed");
    let pair = pair.comparison.pair().expect("the spiller changes nothing else");
    certified(&pair.before, &pair.declared, &pair.after)
}

/// Verifies a pair; if it is right, with a certificate that passes.
fn certified(before: &Before, declared: &[Value], after: &After) -> Report {
    let report = verify(before, declared, after, &Options { certify: true, ..Options::default() });
    assert_eq!(report.certified, report.outcome == Outcome::Verified, "{:?}", report.outcome);
    report
}

/// The sketches by name, with their text.
fn sketches() -> BTreeMap<String, String> {
    let sketches = files("sketches").into_iter().filter(|path| path.is_file());
    let name = |path: &Path| path.file_stem().expect("a name").to_string_lossy().into_owned();
    sketches.map(|p| (name(&p), std::fs::read_to_string(p).expect("a sketch"))).collect()
}

/// Spills a sketch with 0.135.8, as text and in memory, and checks that the two agree.
fn with_0135(text: &str) -> Report {
    let spilled = spill::run(text).expect("CLIF").remove(0).expect("a function");
    let declared = spilled.declared.iter().map(|value| value.as_u32()).collect();
    let from_text = verify_text(&spilled.before_text(), &spilled.after_text(), declared, 135);
    let lowered = stackmap_cranelift::lower(
        &spilled.before,
        spilled.declared.iter().copied(),
        &spilled.after,
    )
    .expect("what the spiller made");
    let lowered = lowered.pair().expect("the spiller changes nothing else");
    let in_memory = certified(&lowered.before, &lowered.declared, &lowered.after);
    assert_eq!(verdict(&from_text), verdict(&in_memory));
    assert_eq!(from_text.stats, in_memory.stats);
    from_text
}

fn with_0132(text: &str) -> Report {
    let spilled = old::spill(text);
    verify_text(&spilled.before, &spilled.after, spilled.declared, 132)
}

fn codes(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|finding| finding.code.code()).collect()
}

/// Sketches in which a loop makes 0.132.0 give two values one slot.
const SHARED: [&str; 8] = ["B1", "B2", "B3", "B4", "B5", "B9", "B10", "E4"];
/// Sketches that pass a reference along an edge of a `try_call`.
const TRY_CALL: [&str; 6] = ["C1", "C3", "C4", "C6", "C7", "H7"];
/// Sketches that declare only an alias. No version spills these.
const ALIAS_ONLY: [&str; 2] = ["H3", "H8"];
/// Sketches that pass a reference to a parameter that is not declared.
const UNDECLARED: [&str; 2] = ["G3", "G7"];

fn is(name: &str, list: &[&str]) -> bool {
    name.split_once('_').is_some_and(|(number, _)| list.contains(&number))
}

#[test]
fn slots_shared_by_0132_are_found_and_those_of_0135_verify() {
    let mut seen = 0;
    for (name, text) in sketches() {
        let (old, new) = (with_0132(&text), with_0135(&text));
        if is(&name, &SHARED) {
            seen += 1;
            assert_eq!(codes(&old), ["SM001"], "{name}");
            assert_eq!(new.outcome, Outcome::Verified, "{name}");
            let finding = &old.findings[0];
            assert_eq!(finding.values.len(), 2, "{name}");
            assert!(finding.slot.is_some() && finding.safepoint.is_some(), "{name}");
            // B5's loop can be entered below the definition that is lost, so the
            // shortest path there is not around the loop.
            let looped = finding.witness.iter().any(|block| block.by_back_edge);
            assert!(looped || is(&name, &["B5"]), "{name}");
        } else {
            assert!(!codes(&old).contains(&"SM001"), "{name}: {:?}", codes(&old));
        }
    }
    assert_eq!(seen, SHARED.len());
}

#[test]
fn values_passed_along_edges_of_a_try_call_are_lost_by_0132() {
    for (name, text) in sketches() {
        if is(&name, &TRY_CALL) {
            let old = with_0132(&text);
            assert_eq!(old.outcome, Outcome::Violated, "{name}");
            assert!(codes(&old).iter().all(|code| ["SM002", "SM003"].contains(code)), "{name}");
            assert_eq!(with_0135(&text).outcome, Outcome::Verified, "{name}");
        }
    }
}

#[test]
fn what_is_wrong_in_both_versions_is_what_was_declared() {
    for (name, text) in sketches() {
        let expected = match () {
            () if is(&name, &ALIAS_ONLY) => "violated SM002",
            () if is(&name, &UNDECLARED) => "violated SM009",
            () => {
                assert_eq!(with_0135(&text).outcome, Outcome::Verified, "{name}");
                continue;
            }
        };
        assert_eq!(verdict(&with_0135(&text)), expected, "{name}");
        assert_eq!(verdict(&with_0132(&text)), expected, "{name}");
    }
}

/// The whole table, as the documentation has it.
#[test]
fn verdicts_on_every_sketch() {
    let mut table = String::from("| sketch | 0.132.0 | 0.135.8 |\n|---|---|---|\n");
    for (name, text) in sketches() {
        let (old, new) = (verdict(&with_0132(&text)), verdict(&with_0135(&text)));
        table.push_str(&format!("| {name} | {old} | {new} |\n"));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("sketches", table));
}
