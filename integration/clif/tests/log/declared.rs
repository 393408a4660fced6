//! What a log says of declared values and of the version.

use std::path::Path;

use stackmap_clif::log::{LogError, LogOptions, Recording, Recordings};
use stackmap_clif::pair::ReadError;
use stackmap_clif::version::AtLeast;

use super::{all, read, records, summary};

#[test]
fn declare_lines_in_logs_say_what_the_record_leaves_open() {
    let a = all(&records("", "%a", "{v0, v1}", 2));
    let [Ok(recording)] = &read(&a)[..] else { panic!() };
    assert!(!recording.declared.is_exact(AtLeast::UNKNOWN));
    let [Ok(recording)] = &asked(&format!(";! declare v1\n{a}"))[..] else { panic!() };
    assert_eq!(recording.declared.values(), [1]);
    assert!(recording.declared.is_exact(AtLeast::UNKNOWN));
    assert!(recording.rests_on_line());
    assert_eq!(
        errors(&format!(";! declare v1 v2\n{a}")),
        [
            "line 2: the `;! declare` line before this record names v2, which the record does not list"
        ]
    );
}

#[test]
fn a_declare_line_that_any_program_may_have_printed_says_nothing() {
    let header = "# Recorded from cranelift-frontend 0.131.0.\n";
    let a = all(&records("", "%a", "{v0, v1}", 2));
    let values = |log: &str| {
        let [Ok(recording)] = &read(log)[..] else { panic!("{log}") };
        (recording.declared.values().to_vec(), recording.rests_on_line())
    };
    let line = ";! declare v1\n";
    assert_eq!(values(&format!("{line}{a}")), (vec![0, 1], false));
    assert_eq!(values(&format!("hello\n{line}{a}")), (vec![0, 1], false));
    // The recorder's header is the first line, or it is none.
    assert_eq!(values(&format!("hello\n{header}{line}{a}")), (vec![0, 1], false));
    assert_eq!(values(&format!("# hello\n{line}{a}")), (vec![0, 1], false));
    assert_eq!(values(&format!("{header}{line}{a}")), (vec![1], true));
    // What is exact without the line does not rest on it.
    let exact = all(&records("", "%a", "{v1}", 2));
    assert_eq!(values(&format!("{header}{line}{exact}")), (vec![1], false));
    assert_eq!(values(&format!(";! declare\n{exact}")), (vec![1], false));
    // Which of two counts cannot be told.
    assert_eq!(
        summary(&format!("{header}{line};! declare v0 v1\n{a}")),
        ["line 4: two `;! declare` lines stand before this record"]
    );
}

/// What is read if `;! declare` lines count whoever wrote them.
fn asked(log: &str) -> Vec<Result<Recording, LogError>> {
    let options = LogOptions { declare_lines: true, ..LogOptions::default() };
    Recordings::with(log.as_bytes(), options).collect()
}

/// The errors in that.
fn errors(log: &str) -> Vec<String> {
    asked(log).into_iter().filter_map(Result::err).map(|error| error.to_string()).collect()
}

#[test]
fn versions_in_logs() {
    let version = |log: &str| {
        let [Ok(recording)] = &read(log)[..] else { panic!() };
        recording.version
    };
    let a = all(&records("", "%a", "{v0, v1}", 2));
    assert_eq!(version(&a), AtLeast::UNKNOWN);
    let line = "# Recorded from the published crate cranelift-frontend 0.128.4.";
    assert_eq!(version(&format!("{line}\n{a}")), AtLeast::minor(128));
    assert_eq!(version(&all(&records("", "%a", "{v1}", 2))), AtLeast::minor(132));
}

#[test]
fn a_declare_line_does_not_contradict_an_exact_record() {
    let line = |line: &str, log: &str| errors(&format!("{line}\n{log}"));
    // A gap shows that the record is exact, and so does what there is no more than one
    // reading of.
    for (set, message) in [
        ("{v0, v2}", "does not name v2, which the record lists"),
        ("{v0}", "names v1, which the record does not list"),
    ] {
        let log = all(&records("", "%a", set, 3));
        let declare = if set == "{v0}" { ";! declare v1" } else { ";! declare v0" };
        let said = line(declare, &log);
        assert!(said.len() == 1 && said[0].contains(message), "{said:?}");
    }
    let said = line(";! declare", &all(&records("", "%a", "{v0}", 1)));
    assert!(said[0].contains("does not name v0"), "{said:?}");
    let said = line(";! declare v0 x1", &all(&records("", "%a", "{v0}", 1)));
    assert_eq!(
        said,
        ["line 2: the `;! declare` line before this record names `x1`, which is no value"]
    );
    // The version may be known from elsewhere, and from the text.
    let log = format!(";! declare v1\n{}", all(&records("", "%a", "{v0, v1}", 2)));
    let with = |version| {
        let options = LogOptions { version, declare_lines: true, ..LogOptions::default() };
        Recordings::with(log.as_bytes(), options).next().unwrap()
    };
    assert!(with(Some(AtLeast::minor(132))).unwrap_err().to_string().contains("does not name v0"));
    assert!(with(Some(AtLeast::minor(131))).unwrap().read().is_ok());
    let region = log.replace("block0:", "    region0 = 8 \"x\"\nblock0:");
    let [Ok(recording)] = &asked(&region)[..] else { panic!() };
    let error = recording.read().unwrap_err();
    assert!(matches!(error, ReadError::Declared(_)), "{error}");
}

#[test]
fn the_largest_value_listed_is_declared_whatever_a_line_says() {
    let log = format!(";! declare v0\n{}", all(&records("", "%a", "{v0, v1, v2}", 3)));
    let [Ok(recording)] = &asked(&log)[..] else { panic!() };
    assert_eq!(recording.declared.values(), [0, 2]);
}

#[test]
fn only_a_comment_says_which_version_wrote_a_log() {
    let log = all(&records("", "%a", "{v0, v1}", 2));
    let version = |line: &str| {
        let [Ok(recording)] = &read(&format!("{line}\n{log}"))[..] else { panic!() };
        recording.version
    };
    assert_eq!(version("# cranelift-frontend 0.135.8"), AtLeast::minor(135));
    assert_eq!(version("using cranelift-frontend 0.135.8"), AtLeast::UNKNOWN);
    let options = LogOptions { version: Some(AtLeast::minor(120)), ..LogOptions::default() };
    let text = format!("# cranelift-frontend 0.135.8\n{log}");
    let recording = Recordings::with(text.as_bytes(), options).next().unwrap().unwrap();
    assert_eq!(recording.version, AtLeast::minor(120));
}

/// A log of 0.129.1, with what the spiller's analysis said.
fn with_liveness() -> String {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    std::fs::read_to_string(tests.join("fixtures/logs/gc_jit_0.129.1.log")).unwrap()
}

/// How many values of each function are declared or not, as far as the log tells.
fn doubtful(log: &str) -> Vec<usize> {
    let recordings = read(log).into_iter().map(Result::unwrap);
    recordings.map(|recording: Recording| recording.read().unwrap().doubtful.len()).collect()
}

#[test]
fn liveness_tells_what_is_declared() {
    let log = with_liveness();
    let known = doubtful(&log);
    let without: String = log
        .lines()
        .filter(|line| !line.contains("liveness: "))
        .map(|l| l.to_owned() + "\n")
        .collect();
    let unknown = doubtful(&without);
    assert_eq!(known.len(), 5);
    // What is left are values that nothing uses.
    assert!(known.iter().all(|&count| count <= 2), "{known:?}");
    assert!(unknown.iter().all(|&count| count >= 5), "{unknown:?}");
    // v1 is used by nothing; uses of the others were found, and v22 is the largest.
    let [Ok(first), ..] = &read(&log)[..] else { panic!() };
    let pair = first.read().unwrap();
    let model = pair.model().unwrap();
    let names: Vec<String> =
        model.declared.iter().map(|&value| model.before.value_name(value).to_string()).collect();
    assert_eq!(names, ["v1", "v2", "v8", "v22", "v21"]);
}

#[test]
fn liveness_that_is_not_all_there_tells_nothing() {
    let log = with_liveness();
    let first_without = |part: &str| {
        let at = log.find(part).unwrap();
        let end = at + log[at..].find('\n').unwrap() + 1;
        let start = log[..at].rfind('\n').unwrap() + 1;
        doubtful(&format!("{}{}", &log[..start], &log[end..]))[0]
    };
    let (known, unknown) = (doubtful(&log)[0], 20);
    for part in ["liveness: traversing block8", "liveness:   found safepoint: "] {
        assert!(first_without(part) >= unknown, "{part}");
    }
    // It is enough that one of several uses is found.
    assert_eq!(first_without("liveness:   found use of v8, marking"), known);
}

#[test]
fn liveness_of_another_function_tells_nothing() {
    let log = with_liveness();
    // The record of another thread comes in between.
    let other = records("[TRACE] ", "%other", "{v0}", 1);
    let at = log.find("[TRACE cranelift_frontend::frontend::safepoints] liveness:").unwrap();
    let log = format!("{}{}{}{}", &other.declared, &log[..at], other.before, &log[at..]);
    let counts: Vec<usize> = read(&log)
        .into_iter()
        .flatten()
        .filter(|recording| recording.name() != "%other")
        .map(|recording| recording.read().unwrap().doubtful.len())
        .collect();
    assert!(counts[0] >= 20, "{counts:?}");
}

#[test]
fn an_alias_may_be_declared_without_a_trace() {
    // v1 is used before the call and after it, so it would have been found. v2 stands
    // for it, and nobody asks whether v2 is declared.
    let function = |call: &str| {
        format!(
            "function %a(i64, i64) -> i64 system_v {{\n    sig0 = () system_v\n    fn0 = u0:0 sig0\n\nblock0(v0: i64, v1: i64):\n    v2 -> v1\n    call fn0(){call}\n    return v1\n}}\n"
        )
    };
    let log = |set: &str, function: &str| {
        format!(
            "values needing inclusion in stack maps: {set}\nbefore inserting safepoint spills and reloads:\n{function}\nliveness: traversing block0\nliveness: traversing block0\nliveness:   found safepoint: inst0: call fn0()\nliveness:     live set = {{}}\nafter inserting safepoint spills and reloads:\n{function}\n"
        )
    };
    let plain = function("");
    assert_eq!(doubtful(&log("{v0, v1, v2, v3}", &plain)), [2]);
    // Without the alias, only what nothing uses is doubtful.
    let plain = plain.replace("    v2 -> v1\n", "");
    assert_eq!(doubtful(&log("{v0, v1, v2, v3}", &plain)), [1]);
}
