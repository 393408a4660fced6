//! References that `;! references` lines and other sources know.

use stackmap_clif::ast::Function;
use stackmap_clif::declared::Declared;
use stackmap_clif::expected::{Counts, Expectations, Mismatch, Reference, Source, references_line};
use stackmap_clif::log::{LogOptions, Recordings};
use stackmap_clif::pair::{ClifPair, Knowledge, ReadError, Text, read_pair, read_pair_knowing};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::findings::Code;
use stackmap_verifier::model::Value;
use stackmap_verifier::{Options, Outcome, Report};

/// A function of several calls and loads, without spills.
const TEXT: &str = "function %f(i64) system_v {
    region0 = 1 \"objects\"
    region1 = 2 \"numbers\"
    sig0 = () -> i64, i64 system_v
    sig1 = (i64) system_v
    fn0 = u0:0 sig0
    fn1 = u0:1 sig1

block0(v0: i64):
    v1, v2 = call fn0()
    v3, v4 = call_indirect sig0, v0()
    v5 = load.i64 notrap aligned region0 v0+8
    v6 = load.i32 notrap aligned region0 v0+16
    v7 = load.i64 notrap aligned region1 v0+24
    try_call fn0(), sig0, block1(ret1), [ default: block2 ]

block1(v8: i64):
    call fn1(v1)
    call fn1(v2)
    call fn1(v3)
    call fn1(v4)
    call fn1(v5)
    call fn1(v7)
    call fn1(v8)
    return

block2:
    return
}
";

fn text(text: &str) -> Text<'_> {
    Text { text, line: 1 }
}

fn stated(lines: &[&str], declared: &[u32]) -> Result<ClifPair, ReadError> {
    let lines = (1..).zip(lines);
    let stated = lines.map(|(line, entity)| {
        references_line(&format!(";! references {entity}"), line).unwrap().unwrap()
    });
    let declared = Declared::exactly(declared).with_references(stated.collect());
    read_pair(text(TEXT), text(TEXT), &declared, AtLeast::minor(135))
}

/// The names of the values that are expected.
fn expected(pair: &ClifPair) -> Vec<String> {
    let model = pair.model().unwrap();
    let name = |value: Value| model.before.value_name(value).to_string();
    model.expected.iter().map(|expected| name(expected.value)).collect()
}

fn report(pair: &ClifPair) -> Report {
    pair.verify(&Options::default()).unwrap()
}

#[test]
fn what_the_lines_name() {
    for (line, names) in [
        ("fn0", &["v1", "v2", "v8"][..]),
        ("fn0 1", &["v2", "v8"]),
        ("fn0 0", &["v1"]),
        ("sig0", &["v1", "v2", "v3", "v4", "v8"]),
        ("sig0 0", &["v1", "v3"]),
        ("region0 i64", &["v5"]),
        ("region0 i32", &["v6"]),
        ("region1 i32", &[]),
    ] {
        let pair = stated(&[line], &[]).unwrap();
        assert_eq!(expected(&pair), names, "{line}");
        let counts = Counts { expected: names.len(), resolved: names.len() };
        assert_eq!(pair.expected, Some(counts));
    }
    assert_eq!(stated(&[], &[]).unwrap().expected, None);
}

#[test]
fn what_nobody_declared_is_found() {
    assert_eq!(report(&stated(&[], &[]).unwrap()).outcome, Outcome::Verified);
    let wrong = report(&stated(&["region0 i64"], &[]).unwrap());
    assert_eq!(wrong.outcome, Outcome::Violated);
    let [finding] = &wrong.findings[..] else { panic!("{:?}", wrong.findings) };
    assert_eq!(finding.code, Code::UndeclaredByType);
    assert_eq!(
        finding.message,
        "`v5` is loaded from `region0` (`;! references` on line 1), a reference, but nobody declared it"
    );
    // Nothing needs v6 after a safepoint, and v5 that is declared is the spiller's fault.
    assert_eq!(report(&stated(&["region0 i32"], &[]).unwrap()).outcome, Outcome::Verified);
    let spillers = report(&stated(&["region0 i64"], &[5]).unwrap());
    assert_eq!(spillers.findings[0].code, Code::MissingRoot);
}

#[test]
fn a_line_about_what_the_function_does_not_have() {
    for (lines, line, what) in [
        (&["fn2"][..], 1, Mismatch::Undeclared),
        (&["fn0", "region2 i64"], 2, Mismatch::Undeclared),
        (&["sig7"], 1, Mismatch::Undeclared),
        (&["fn1"], 1, Mismatch::Results(0)),
        (&["sig0 0 2"], 1, Mismatch::Results(2)),
    ] {
        match stated(lines, &[]) {
            Err(ReadError::References(bad)) => assert_eq!((bad.line, bad.what), (line, what)),
            other => panic!("{lines:?}: {other:?}"),
        }
    }
}

/// Knows that what is at 0x50 is a reference.
struct At50;

impl Source for At50 {
    fn references(&self, before: &Function<'_>, _: &[u32]) -> Expectations {
        let mut found = Expectations::default();
        for instruction in &before.instructions {
            if instruction.location() == Some(0x50) {
                let values = instruction.results.of(&before.value_pool).iter();
                let reason = "the result at 0x50".to_owned();
                let reference = |&value| Reference { value, reason: reason.clone() };
                found.references.extend(values.map(reference));
            }
        }
        found.counts = Counts { expected: 3, resolved: found.references.len() };
        found
    }
}

#[test]
fn a_source_sees_the_locations_of_the_text() {
    let marked = TEXT.replace("    v7 = ", "@0050   v7 = ");
    let declared = Declared::exactly([]);
    let version = AtLeast::minor(135);
    let knowledge = Knowledge { version, source: Some(&At50), ..Knowledge::default() };
    let read = |text| read_pair_knowing(text, text, &declared, &knowledge);
    let pair = read(text(&marked)).unwrap();
    assert_eq!(pair.expected, Some(Counts { expected: 3, resolved: 1 }));
    assert_eq!(
        report(&pair).findings[0].message,
        "`v7` is the result at 0x50, a reference, but nobody declared it"
    );
    let unmarked = read(text(TEXT)).unwrap();
    assert_eq!(unmarked.expected.map(Counts::unresolved), Some(3));
    assert_eq!(report(&unmarked).outcome, Outcome::Verified);
}

/// A log with these lines in front of its only function.
fn log(lines: &str) -> String {
    format!(
        "{lines}values needing inclusion in stack maps: {{}}
before inserting safepoint spills and reloads:
{TEXT}
after inserting safepoint spills and reloads:
{TEXT}"
    )
}

/// The codes that a log gives, or what is wrong with it.
fn judged(log: &str, declare_lines: bool) -> Result<Vec<Code>, String> {
    let options = LogOptions { declare_lines, ..LogOptions::default() };
    let mut recordings = Recordings::with(log.as_bytes(), options);
    let recording = recordings.next().unwrap().map_err(|error| error.to_string())?;
    let pair = recording.read().map_err(|error| match &error {
        ReadError::References(bad) => format!("line {}: {bad}", bad.line),
        ReadError::Before(_)
        | ReadError::After(_)
        | ReadError::Declared(_)
        | ReadError::Unsupported(_) => error.to_string(),
    })?;
    let codes = report(&pair).findings.iter().map(|finding| finding.code).collect();
    Ok(codes)
}

#[test]
fn a_line_in_a_log_counts_if_somebody_vouches_for_it() {
    let stray = log("hello\n;! references fn0 0\n");
    assert_eq!(judged(&stray, false), Ok(vec![]));
    assert_eq!(judged(&stray, true), Ok(vec![Code::UndeclaredByType]));
    let recorded = log("# Recorded from cranelift-frontend 0.135.8.\n;! references fn0 0\n");
    assert_eq!(judged(&recorded, false), Ok(vec![Code::UndeclaredByType]));
    // It is of the next function only.
    let second = format!("{recorded}\n{}", log("").replace("%f", "%g"));
    let all: Vec<_> = Recordings::with(second.as_bytes(), LogOptions::default()).collect();
    let counts = all.iter().map(|recording| recording.as_ref().unwrap().read().unwrap().expected);
    assert_eq!(counts.collect::<Vec<_>>(), [Some(Counts { expected: 1, resolved: 1 }), None]);
}

#[test]
fn what_is_wrong_with_a_line_in_a_log_is_said_with_its_line() {
    for (line, said) in [
        (
            ";! references fn9",
            "line 2: the line `;! references fn9`: the function declares no such entity",
        ),
        (";! references gv0", "line 2: `;! references` must be followed by"),
    ] {
        let log = log(&format!("hello\n{line}\n"));
        assert_eq!(judged(&log, false), Ok(vec![]));
        let error = judged(&log, true).unwrap_err();
        assert!(error.starts_with(said), "{error}");
    }
}
