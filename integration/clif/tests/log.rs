//! Logs: prefixes, interleaving, and everything that can be wrong with one.

use std::io::{self, BufReader, Read};

use stackmap_clif::log::{LogError, Recording, Recordings};
use stackmap_clif::version::AtLeast;

/// The three records of a function with this name and this many parameters.
struct Records {
    declared: String,
    before: String,
    after: String,
}

fn records(prefix: &str, name: &str, declared: &str, values: u32) -> Records {
    let body: String = (0..values).map(|v| format!("    v{v} = iconst.i32 {v}\n")).collect();
    let function = format!("function {name}() system_v {{\nblock0:\n{body}    return\n}}\n");
    Records {
        declared: format!("{prefix}values needing inclusion in stack maps: {declared}\n"),
        before: format!("{prefix}before inserting safepoint spills and reloads:\n{function}\n"),
        after: format!("{prefix}after inserting safepoint spills and reloads:\n{function}\n"),
    }
}

fn all(records: &Records) -> String {
    format!("{}{}{}", records.declared, records.before, records.after)
}

fn read(log: &str) -> Vec<Result<Recording, LogError>> {
    Recordings::new(log.as_bytes()).collect()
}

/// Name and declared values of each recording, or the error.
fn summary(log: &str) -> Vec<String> {
    read(log)
        .into_iter()
        .map(|result| match result {
            Ok(recording) => format!("{} {:?}", recording.name(), recording.declared.values()),
            Err(error) => match &error.function {
                Some(function) => format!("{function}: {error}"),
                None => error.to_string(),
            },
        })
        .collect()
}

#[test]
fn prefixes_of_any_sort_and_lines_between() {
    let env = "[2026-11-22T15:35:12Z TRACE cranelift_frontend::frontend::safepoints] ";
    let log = format!(
        "something else\n{}liveness: traversing block0\n{}\n{}",
        all(&records(env, "%a", "{v1, v2}", 3)),
        all(&records("", "u0:3", "{v0}", 1)),
        all(&records("[\u{b5}s 12] custom: ", "%c", "{}", 1)),
    );
    assert_eq!(summary(&log), ["%a [1, 2]", "u0:3 [0]", "%c []"]);
}

#[test]
fn lines_count_from_the_start_of_the_log() {
    let log = format!("\n\n{}", all(&records("", "%a", "{v0}", 1)));
    let [Ok(recording)] = &read(&log)[..] else { panic!() };
    assert_eq!(recording.declared_line, 3);
    assert_eq!((recording.before.line, recording.after.line), (5, 12));
    let pair = recording.read().unwrap();
    let before = &pair.model().unwrap().before;
    assert_eq!(before.operation(before.operations(first()).next().unwrap()).origin.line, 7);
}

fn first() -> stackmap_verifier::model::Block {
    stackmap_verifier::model::Block::new(0)
}

#[test]
fn line_ends_of_windows() {
    let log = all(&records("", "%a", "{v0}", 1)).replace('\n', "\r\n");
    assert_eq!(summary(&log), ["%a [0]"]);
}

#[test]
fn threads_with_ids_are_read_apart() {
    let a = records("[TRACE ThreadId(1)] ", "%a", "{v1}", 2);
    let b = records("[TRACE ThreadId(2)] ", "%b", "{v0}", 2);
    let log =
        [&a.declared, &b.declared, &b.before, &a.before, &b.after, &a.after].map(String::as_str);
    assert_eq!(summary(&log.concat()), ["%b [0]", "%a [1]"]);
}

#[test]
fn an_interleaving_with_one_solution() {
    // v2 is no value of %b, so the first set is that of %a.
    let a = records("", "%a", "{v2}", 3);
    let b = records("", "%b", "{v1}", 2);
    let log =
        [&a.declared, &b.declared, &b.before, &a.before, &b.after, &a.after].map(String::as_str);
    assert_eq!(summary(&log.concat()), ["%b [1]", "%a [2]"]);
    // A set comes before its function.
    let log =
        [&a.declared, &a.before, &b.declared, &a.after, &b.before, &b.after].map(String::as_str);
    assert_eq!(summary(&log.concat()), ["%a [2]", "%b [1]"]);
}

#[test]
fn equal_sets_are_interchangeable() {
    let a = records("", "%a", "{v1}", 2);
    let b = records("", "%b", "{v1}", 2);
    let log =
        [&a.declared, &b.declared, &b.before, &a.before, &a.after, &b.after].map(String::as_str);
    assert_eq!(summary(&log.concat()), ["%a [1]", "%b [1]"]);
}

#[test]
fn an_ambiguous_interleaving_is_refused() {
    let a = records("", "%a", "{v0}", 3);
    let b = records("", "%b", "{v1}", 3);
    let c = all(&records("", "%c", "{v0}", 1));
    let log = [&a.declared, &b.declared, &b.before, &a.before, &a.after, &b.after, &c];
    let problem = "ambiguous interleaving: the records of several functions fit together in more than one way";
    assert_eq!(
        summary(&log.map(String::as_str).concat()),
        [format!("%a: line 12: {problem}"), format!("%b: line 3: {problem}"), "%c [0]".to_owned(),]
    );
}

#[test]
fn functions_of_one_name_are_told_apart_by_alignment() {
    let a = records("", "u0:0", "{v0}", 1);
    let mut b = records("", "u0:0", "{v0}", 1);
    for text in [&mut b.before, &mut b.after] {
        *text = text.replace("return", "nop\n    return");
    }
    let log = [&a.declared, &a.before, &b.declared, &b.before, &b.after, &a.after];
    let sizes: Vec<usize> = read(&log.map(String::as_str).concat())
        .into_iter()
        .map(|recording| {
            recording.unwrap().read().unwrap().model().unwrap().before.operation_count()
        })
        .collect();
    assert_eq!(sizes, [3, 2]);
}

#[test]
fn functions_that_cannot_be_told_apart_are_refused() {
    let a = records("", "u0:0", "{v1}", 2);
    let b = records("", "u0:0", "{v3}", 2);
    let log = [&a.declared, &a.before, &b.declared, &b.before, &b.after].map(String::as_str);
    let errors = summary(&log.concat());
    assert_eq!(errors.len(), 2);
    assert!(errors.iter().all(|error| error.contains("ambiguous interleaving")), "{errors:?}");
}

#[test]
fn identical_functions_of_one_name_are_interchangeable() {
    let a = records("", "u0:0", "{v1}", 2);
    let log =
        [&a.declared, &a.before, &a.declared, &a.before, &a.after, &a.after].map(String::as_str);
    assert_eq!(summary(&log.concat()), ["u0:0 [1]", "u0:0 [1]"]);
}

#[test]
fn a_spiller_that_panics() {
    let a = records("", "%a", "{v0}", 1);
    let b = all(&records("", "%b", "{v0}", 1));
    let log = format!("{}{}thread 'main' panicked at safepoints.rs\n{b}", a.declared, a.before);
    let error = "%a: line 2: the function has no \"after\" record: the spiller panicked, or the log is truncated";
    assert_eq!(summary(&log), ["%b [0]", error]);
    // With thread ids it is known as soon as the thread goes on.
    let log = log.replace("values needing", "ThreadId(1) values needing");
    let log = log.replace("before inserting", "ThreadId(1) before inserting");
    let log = log.replace("after inserting", "ThreadId(1) after inserting");
    assert_eq!(summary(&log), [error, "%b [0]"]);
}

#[test]
fn records_that_are_missing() {
    let a = records("", "%a", "{v0}", 1);
    let b = all(&records("", "%b", "{v0}", 1));
    assert_eq!(
        summary(&format!("{}{b}", a.after)),
        [
            "%a: line 1: the function has no \"before\" record with the same name and signature",
            "%b [0]"
        ]
    );
    assert_eq!(
        summary(&format!("{}{}{b}", a.before, a.after)),
        ["%a: line 1: no record of the declared values comes before this function", "%b [0]"]
    );
    assert_eq!(summary(&a.declared), ["line 1: the declared values are followed by no function"]);
}

#[test]
fn a_truncated_log() {
    let log =
        format!("{}{}", all(&records("", "%b", "{v0}", 1)), all(&records("", "%a", "{v0}", 1)));
    let cut = &log[..log.len() - 4];
    assert_eq!(
        summary(cut),
        ["%b [0]", "%a: line 24: the log is truncated: the function of this record has no end"]
    );
    let start = log.rfind("after inserting").unwrap() - 20;
    assert_eq!(
        summary(&log[..start]),
        ["%b [0]", "%a: line 17: the log is truncated: the function of this record has no end"]
    );
}

#[test]
fn a_record_cut_off_by_another() {
    let a = records("", "%a", "{v0}", 1);
    let b = all(&records("", "%b", "{v0}", 1));
    let cut = a.before.find("    return").unwrap();
    assert_eq!(
        summary(&format!("{}{}{b}", a.declared, &a.before[..cut])),
        ["%a: line 2: the log is truncated: the function of this record has no end", "%b [0]"]
    );
    let cut = a.before.find("function").unwrap();
    assert_eq!(
        summary(&format!("{}{}{b}", a.declared, &a.before[..cut])),
        ["line 2: this record is followed by no function", "%b [0]"]
    );
}

#[test]
fn what_is_no_text_is_skipped_unless_it_is_a_record() {
    let a = all(&records("", "%a", "{v0}", 1));
    let mut log = b"\xff\xfe binary\n".to_vec();
    log.extend_from_slice(a.as_bytes());
    assert!(Recordings::new(&log[..]).all(|recording| recording.is_ok()));
    let at = log.windows(6).position(|window| window == b"iconst").unwrap();
    log[at] = 0xff;
    let errors: Vec<String> =
        Recordings::new(&log[..]).map(|recording| recording.unwrap_err().to_string()).collect();
    assert_eq!(errors, ["line 3: the record is not UTF-8"]);
}

#[test]
fn a_declared_set_of_unknown_form_is_one_error() {
    let a = all(&records("", "%a", "BTreeSet(v0)", 1));
    let b = all(&records("", "%b", "{v0}", 1));
    assert_eq!(
        summary(&format!("{a}{b}")),
        ["line 1: cannot read the set of declared values", "%b [0]"]
    );
}

#[test]
fn declare_lines_in_logs_say_what_the_record_leaves_open() {
    let a = all(&records("", "%a", "{v0, v1}", 2));
    let [Ok(recording)] = &read(&a)[..] else { panic!() };
    assert!(!recording.declared.is_exact(AtLeast::UNKNOWN));
    let [Ok(recording)] = &read(&format!(";! declare v1\n{a}"))[..] else { panic!() };
    assert_eq!(recording.declared.values(), [1]);
    assert!(recording.declared.is_exact(AtLeast::UNKNOWN));
    assert_eq!(
        summary(&format!(";! declare v1 v2\n{a}")),
        [
            "line 2: the `;! declare` line before this record names v2, which the record does not list"
        ]
    );
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
fn a_log_that_cannot_be_read_any_further() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let a = all(&records("", "%a", "{v0}", 1));
    let input = BufReader::new(a.as_bytes().chain(Broken));
    let results: Vec<Result<Recording, LogError>> = Recordings::new(input).collect();
    assert!(results[0].is_ok());
    let errors: Vec<String> =
        results[1..].iter().map(|result| result.as_ref().unwrap_err().to_string()).collect();
    assert_eq!(errors, ["line 16: cannot read the log: the disk is gone"]);
}
