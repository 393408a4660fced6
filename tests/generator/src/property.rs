//! The property that must hold of real spillers' output on any function.

use stackmap_clif::after_only::read_after_only;
use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{Text, read_pair};
use stackmap_oracle::dice::Dice;
use stackmap_oracle::law::{Agreement, compare_built};
use stackmap_oracle::program::Pair;
use stackmap_properties::{COLLECTORS, verdict};
use stackmap_verifier::findings::Code;
use stackmap_verifier::model::{Name, Origin};
use stackmap_verifier::{Collector, Options, Outcome, Report, verify_after_only};

use crate::Function;
use crate::spillers::{Spilled, Version, run};
use crate::twice::is_converted_twice;

/// On each spiller's output for the function made from these bytes, the verifier agrees with
/// the oracle, for both collectors. If all references are declared, 0.135.8 makes no mistake. A
/// violation of the function after alone is also one of the pair, if the program has no slots
/// of its own and declares no number to be two references. Both say the same of addresses and
/// undeclared values that live across a safepoint.
///
/// # Panics
///
/// If one of these does not hold, a spiller or a front end rejects the function, or the two
/// front ends read it differently.
pub fn spillers(bytes: &[u8]) {
    let function = Function::roll(&mut Dice::new(bytes));
    for &version in Version::ALL {
        let spilled = run(&function, version)
            .unwrap_or_else(|what| panic!("{version}: {what}\n{}", function.text));
        for collector in COLLECTORS {
            judge(&function, version, &spilled, collector);
        }
    }
}

fn judge(function: &Function, version: Version, spilled: &Spilled, collector: Collector) {
    let Spilled { built, before, after } = spilled;
    let shown = || format!("{version}, {collector:?}:\n{}{after}", function.text);
    verdict(&built.before, &built.declared, &built.after, collector);
    let agreement = compare_built(built, collector)
        .unwrap_or_else(|dispute| panic!("{}{}{dispute}", shown(), Pair::of(built)));
    let is_wrong = matches!(agreement, Agreement::Wrong { .. });
    let is_at_fault = is_wrong && function.is_well_declared;
    assert!(!(is_at_fault && version == Version::V0135), "it miscompiles: {}", shown());
    // A value loaded from a slot of the program is new to the pair, but to the function alone
    // it is a copy of the value that was stored there. If that was a reference and the program
    // did not declare the loaded value, the program is wrong. Two references of the pair may be
    // one to the function after_only.
    let has_slots = ["slot of the program", "map by hand"].map(|f| function.features.contains(f));
    let is_told_apart = has_slots != [false; 2] || is_converted_twice(built);
    if matches!(agreement, Agreement::Right { .. }) {
        let (paired, declared) = paired(function, version, [before, after], collector);
        let after_only = after_only(&declared, version, after, collector);
        // What is undecided has no findings.
        if !matches!(after_only.outcome, Outcome::Unsupported(_)) {
            assert_eq!(warnings(&paired), warnings(&after_only), "{}", shown());
        }
    }
    if matches!(agreement, Agreement::Right { .. }) && !is_told_apart {
        let Report { outcome, findings, .. } =
            after_only(&function.declared, version, after, collector);
        let found = || -> String { findings.iter().map(|f| format!("{}\n", f.message)).collect() };
        assert_ne!(outcome, Outcome::Violated, "the pair is right: {}{}", shown(), found());
    }
}

/// The places of the warnings that a pair and the function after alone have in common.
fn warnings(report: &Report) -> Vec<(Code, Origin)> {
    let of_both = [Code::StaleAddress, Code::UndeclaredFlow];
    let findings = report.findings.iter().filter(|finding| of_both.contains(&finding.code));
    findings.map(|finding| (finding.code, finding.primary.site.origin)).collect()
}

/// The verdict on the texts of a pair, and its declared values with aliases resolved.
fn paired(
    function: &Function,
    version: Version,
    texts: [&str; 2],
    collector: Collector,
) -> (Report, Vec<u32>) {
    let [before, after] = texts.map(|text| Text { text, line: 1 });
    let declared = Declared::exactly(function.declared.clone());
    let pair = read_pair(before, after, &declared, version.at_least())
        .unwrap_or_else(|error| panic!("{version}: {error}\n{}", after.text));
    let model = pair.model().expect("the spiller changes nothing else");
    let number = |&value| match model.before.value_name(value) {
        Name::Numbered(_, number) => number,
        Name::Text(name) => panic!("{name} is no value of CLIF"),
    };
    let declared = model.declared.iter().map(number).collect();
    (pair.comparison.verify(&Options { collector, ..Options::default() }), declared)
}

/// The verdict on the function after after_only.
fn after_only(declared: &[u32], version: Version, after: &str, collector: Collector) -> Report {
    let text = Text { text: after, line: 1 };
    let after_only = read_after_only(text, declared, version.at_least())
        .unwrap_or_else(|error| panic!("{version}: {error}\n{after}"));
    let options = Options { collector, ..Options::default() };
    verify_after_only(&after_only.program, &after_only.declared, &options)
}
