//! The declared values and the version that a log shows.

use std::path::Path;

use stackmap_clif::log::{LogError, LogOptions, Recording, Recordings};
use stackmap_clif::pair::{ClifPair, ReadError};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::model::Value;
use stackmap_verifier::{Options, Outcome};

use super::{all, read, records, summary};

#[test]
fn declare_lines_in_logs_say_what_the_record_leaves_open() {
    let a = all(&records("", "%a", "{v0, v1}", 2));
    let [Ok(recording)] = &read(&a)[..] else { panic!() };
    assert!(!recording.declared.is_exact(AtLeast::UNKNOWN));
    let [Ok(recording)] = &asked(&format!(";! declare v1\n{a}"))[..] else { panic!() };
    assert_eq!(recording.declared.values(), [1]);
    assert!(recording.declared.is_exact(AtLeast::UNKNOWN));
    assert!(recording.read().unwrap().rests_on_line);
    assert_eq!(
        errors(&format!(";! declare v1 v2\n{a}")),
        [
            "line 2: the `;! declare` line before this record names v2, which the record does not list"
        ]
    );
}

/// The declared values, whether they rest on a line, and the verdict of one function.
fn judged(log: &str) -> (Vec<String>, bool, Option<Outcome>) {
    let [Ok(recording)] = &read(log)[..] else { panic!("{log}") };
    let Ok((pair, report)) = recording.read().unwrap().judge(&Options::default()) else {
        return (Vec::new(), false, None);
    };
    let model = pair.model().unwrap();
    let name = |&value: &Value| model.before.value_name(value).to_string();
    (model.declared.iter().map(name).collect(), pair.rests_on_line, Some(report.outcome))
}

/// A function of two references, `v0` and `v1`. The root of `v1` is there if that is
/// `kept`, and there is one that holds `v0` if that is `kept_too`.
fn two(set: &str, kept: bool, kept_too: bool) -> String {
    let spilled = |condition, text: &'static str| if condition { text } else { "" };
    let function = |slots: &str, spills: &str, map: &str, reloads: &str, result: &str| {
        format!(
            "function %two(i64, i64) -> i64 system_v {{\n{slots}    sig0 = () system_v\n    fn0 = u0:0 sig0\n\nblock0(v0: i64, v1: i64):\n{spills}    call fn0(){map}\n{reloads}    return {result}\n}}\n"
        )
    };
    let slots = "    ss0 = explicit_slot 8, align = 8\n    ss1 = explicit_slot 8, align = 8\n";
    let spills = [
        spilled(kept_too, "    stack_store v0, ss0\n"),
        spilled(kept, "    stack_store v1, ss1\n"),
    ];
    let entries = [spilled(kept_too, "i64 @ ss0+0"), spilled(kept, "i64 @ ss1+0")];
    let entries: Vec<&str> = entries.into_iter().filter(|entry| !entry.is_empty()).collect();
    let map = match &entries[..] {
        [] => String::new(),
        entries => format!(", stack_map=[{}]", entries.join(", ")),
    };
    let (reload, result) = match kept {
        true => ("    v2 = stack_load.i64 ss1\n", "v2"),
        false => ("", "v1"),
    };
    let before = function("", "", "", "", "v1");
    let after = function(slots, &spills.concat(), &map, reload, result);
    format!(
        "values needing inclusion in stack maps: {set}\nbefore inserting safepoint spills and reloads:\n{before}\nafter inserting safepoint spills and reloads:\n{after}\n"
    )
}

#[test]
fn a_line_that_any_program_may_have_printed_decides_what_nothing_else_does() {
    // v1 is the largest value, and so it is declared. Is v0?
    let spilled = two("{v0, v1}", true, true);
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(judged(&spilled), (vec![], false, None));
    let (declared, rests_on_line, outcome) = judged(&format!(";! declare v0 v1\n{spilled}"));
    assert_eq!((declared, rests_on_line), (names(&["v0", "v1"]), true));
    assert_eq!(outcome, Some(Outcome::Verified));
    // Such a line is no reason to say that something is right that is not.
    for line in [";! declare v1", ";! declare"] {
        let (declared, rests_on_line, outcome) = judged(&format!("hello\n{line}\n{spilled}"));
        assert_eq!((declared, rests_on_line), (names(&["v1"]), true));
        assert_eq!(outcome, Some(Outcome::Violated));
    }
}

#[test]
fn a_line_that_any_program_may_have_printed_hides_nothing() {
    // Wrong whatever is declared, right whatever is declared, and exact.
    let (wrong, right) = (two("{v0, v1}", false, false), two("{v0, v1}", true, false));
    let exact = two("{v1}", false, false);
    for line in ["", ";! declare", ";! declare v0", ";! declare v1", ";! declare v9 x"] {
        for (log, verdict) in
            [(&wrong, Outcome::Violated), (&right, Outcome::Verified), (&exact, Outcome::Violated)]
        {
            let (_, rests_on_line, outcome) = judged(&format!("{line}\n{log}"));
            assert_eq!((rests_on_line, outcome), (false, Some(verdict)), "{line}");
        }
    }
}

#[test]
fn a_line_that_says_nothing_decides_nothing() {
    let spilled = two("{v0, v1}", true, true);
    for lines in [
        ";! declare v0 v1 v2",
        ";! declare v0 x1",
        ";! declare v0 v1\n;! declare v0 v1",
        "; declare v0 v1",
    ] {
        assert_eq!(judged(&format!("{lines}\n{spilled}")), (vec![], false, None), "{lines}");
    }
    // It is of the record that comes next.
    let log = format!(";! declare v0 v1\n{spilled}{}", spilled.replace("%two", "%three"));
    let pairs = read(&log).into_iter().map(|recording| recording.unwrap().read().unwrap());
    let is_judged = |pair: ClifPair| pair.judge(&Options::default()).is_ok();
    assert_eq!(pairs.map(is_judged).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_line_behind_the_header_of_the_recorder_is_taken_at_its_word() {
    let header = "# Recorded from cranelift-frontend 0.131.0.\n";
    let a = all(&records("", "%a", "{v0, v1}", 2));
    let values = |log: &str| {
        let [Ok(recording)] = &read(log)[..] else { panic!("{log}") };
        let pair = recording.read().unwrap();
        (recording.declared.values().to_vec(), pair.rests_on_line)
    };
    let line = ";! declare v1\n";
    assert_eq!(values(&format!("{header}{line}{a}")), (vec![1], true));
    // The recorder's header is the first line, or it is none.
    assert_eq!(values(&format!("hello\n{header}{line}{a}")), (vec![0, 1], false));
    assert_eq!(values(&format!("# hello\n{line}{a}")), (vec![0, 1], false));
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

#[test]
fn what_no_cranelift_printed_or_spilled_lists_just_what_is_declared() {
    // A spiller that writes null to the roots, and a printer without comments.
    let null = "    v8 = iconst.i64 0\n    stack_store v8, ss1\n    stack_store v1, ss1\n";
    let foreign = |log: &str| log.replace("    stack_store v1, ss1\n", null);
    let bare = foreign(&two("{v0, v1}", true, true));
    let (declared, rests_on_line, outcome) = judged(&bare);
    assert_eq!((declared.len(), rests_on_line), (2, false));
    assert_eq!(outcome, Some(Outcome::Verified));
    // A wrong pair is wrong.
    assert_eq!(judged(&bare.replace("return v2", "return v1")).2, Some(Outcome::Violated));
    // With the comments, a Cranelift printed it.
    let printed = bare.replace("stack_store v8, ss1", "stack_store v8, ss1  ; v8 = 0");
    assert_eq!(judged(&printed), (vec![], false, None));
    // If the log says that it is of such a version, its comments were lost.
    assert_eq!(judged(&format!("# cranelift-frontend 0.131.0\n{bare}")).2, None);
    let liveness = "liveness: traversing block0\nafter inserting";
    assert_eq!(judged(&bare.replace("after inserting", liveness)).2, None);
}

/// A formatter may have removed the comments from what a Cranelift with gaps in its sets wrote.
#[test]
fn lost_comments_decide_nothing() {
    let constant = "    v5 = iconst.i64 24\n    v6 = iadd v1, v5\n    call fn0()";
    let used = |log: &str| log.replace("    call fn0()", constant);
    // v0 may be an integer, which must not be in a root.
    assert_eq!(judged(&used(&two("{v0, v1}", true, true))), (vec![], false, None));
    // It may be an integer, which needs none.
    let right = two("{v0, v1}", true, false).replace("return v1", "return v0");
    let right = right.replace("return v2", "return v0");
    assert_eq!(judged(&used(&right)), (vec![], false, None));
    // A declared constant is spilled by every version, and the program's constants are its own.
    let zero = two("{v0, v1}", true, true).replace("v1: i64)", "v9: i64)");
    let zero = zero.replace("v9: i64):\n", "v9: i64):\n    v1 = iconst.i64 24\n");
    assert_eq!(judged(&zero), (vec![], false, None));
}

/// The recordings that are read if `;! declare` lines count, whoever wrote them.
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

/// The numbers of values of each function that are declared and that are not, as far as the log
/// tells.
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
