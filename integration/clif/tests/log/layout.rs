//! The text that loggers, and collectors of the output of programs, write around records.

use stackmap_clif::log::{Field, LogOptions, Recordings, Structure};
use stackmap_verifier::model::Block;

use super::{all, read, records, summary};

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
    let first = before.operations(Block::new(0)).next().unwrap();
    assert_eq!(before.operation_origin(first).line, 7);
}

#[test]
fn line_ends_of_windows() {
    let log = all(&records("", "%a", "{v0}", 1)).replace('\n', "\r\n");
    assert_eq!(summary(&log), ["%a [0]"]);
}

#[test]
fn a_byte_order_mark_and_colours() {
    let log = all(&records("\u{1b}[2m[TRACE]\u{1b}[0m ", "%a", "{v0}", 1));
    assert_eq!(summary(&format!("\u{feff}{log}")), ["%a [0]"]);
    let log = log.replace("return", "\u{1b}[35mreturn\u{1b}[0m");
    assert!(read(&log)[0].as_ref().unwrap().read().is_ok());
}

/// Puts something before each line of a log but those of records' beginnings.
fn indent(log: &str, margin: &str) -> String {
    let line = |line: &str| match line.starts_with('[') {
        true => format!("{line}\n"),
        false => format!("{margin}{line}\n"),
    };
    log.lines().map(line).collect()
}

#[test]
fn lines_after_the_first_may_be_indented() {
    let log =
        all(&records("[TRACE] ", "%a", "{v0}", 1)) + &all(&records("[TRACE] ", "%b", "{v0}", 1));
    let indented = indent(&log, "    ");
    assert_eq!(summary(&indented), ["%a [0]", "%b [0]"]);
    // Something has removed the blanks at the ends of lines.
    let trimmed: String = indented.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    assert_eq!(summary(&trimmed), ["%a [0]", "%b [0]"]);
    // Columns are those of the log.
    let broken = indented.replacen("iconst.i32 0", "iconst.i32 ?", 1);
    let error = read(&broken)[0].as_ref().unwrap().read().unwrap_err().to_string();
    assert!(error.contains("5:25: "), "{error}");
}

#[test]
fn a_record_that_is_indented_no_longer_is_cut_off() {
    let log = indent(&all(&records("[TRACE] ", "%a", "{v0}", 1)), "    ");
    let cut = log.replacen("        return", "something else", 1);
    assert_eq!(
        summary(&cut),
        ["%a: line 2: the log is truncated: the function of this record has no end"]
    );
}

/// Puts something before each line.
fn collected(log: &str, margin: impl Fn(usize) -> String) -> String {
    log.lines().enumerate().map(|(n, line)| format!("{}{line}\n", margin(n))).collect()
}

#[test]
fn something_may_stand_before_every_line() {
    let log = all(&records("[TRACE] ", "%a", "{v0}", 1));
    for log in [log.clone(), indent(&log, "    ")] {
        assert_eq!(summary(&collected(&log, |_| "app-1  | ".to_owned())), ["%a [0]"]);
        let time = |n| format!("2026-11-27T09:59:{:02}.{}Z ", 50 + n % 10, 7 * n);
        assert_eq!(summary(&collected(&log, time)), ["%a [0]"]);
    }
}

#[test]
fn lines_of_other_programs_may_come_between() {
    let log = all(&records("[TRACE] ", "%a", "{v0}", 1));
    let other = |n| format!("db-1   | {n} function %b() {{\napp-1  | ");
    assert_eq!(summary(&collected(&log, other)), ["%a [0]"]);
    // Two programs with records, a line of one after a line of the other.
    let both: String = log
        .lines()
        .zip(all(&records("[TRACE] ", "%b", "{v1}", 2)).lines())
        .map(|(one, other)| format!("app-1  | {one}\napp-2  | {other}\n"))
        .collect();
    assert_eq!(summary(&both)[..1], ["%a [0]"]);
    // The same program has gone on.
    let log = log.replacen("function", "[INFO] something\nfunction", 1);
    assert_eq!(
        summary(&collected(&log, |_| "app-1  | ".to_owned())),
        ["line 2: this record is followed by no function"]
    );
}

#[test]
fn key_value_pairs_may_follow_a_message() {
    let log =
        all(&records("TRCE ", "%a", "{v0}, version: 1", 1)).replace("}\n\n", "}\n, version: 1\n");
    assert_eq!(summary(&log), ["%a [0]"]);
    let log = log.replace("}\n, version: 1", "} version=1");
    assert_eq!(summary(&log), ["%a [0]"]);
    assert!(read(&log)[0].as_ref().unwrap().read().is_ok());
}

/// A structure with two fields: `log=...|by=...`, with `\\n` for line ends.
fn structure(line: &str) -> Option<Structure> {
    let start = line.find("log=")?;
    let (log, by) = line[start + 4..].split_once("|by=")?;
    let field =
        |path: &str, text: &str| Field { path: path.to_owned(), text: text.replace("\\n", "\n") };
    Some(Structure { start, fields: vec![field("log", log), field("by", by)] })
}

fn structured(
    log: &str,
) -> Vec<Result<stackmap_clif::log::Recording, stackmap_clif::log::LogError>> {
    let options = LogOptions { structures: structure, ..LogOptions::default() };
    Recordings::with(log.as_bytes(), options).collect()
}

#[test]
fn a_record_may_be_one_line() {
    let records = records("", "%a", "{v0}", 1);
    let line =
        |text: &str| format!("x log={}|by=ThreadId(3)\n", text.trim_end().replace('\n', "\\n"));
    let log =
        format!("{}{}{}", line(&records.declared), line(&records.before), line(&records.after));
    let [Ok(recording)] = &structured(&log)[..] else { panic!() };
    assert_eq!((recording.declared_line, recording.before.line, recording.after.line), (1, 2, 3));
    assert!(recording.before.in_one_line && recording.read().is_ok());
    let cut = records.before.trim_end().trim_end_matches('}');
    let log = format!("{}{}", line(&records.declared), line(cut));
    let [Err(error)] = &structured(&log)[..] else { panic!() };
    assert_eq!(
        error.to_string(),
        "line 2: the log is truncated: the function of this record has no end"
    );
}

#[test]
fn each_line_of_a_record_may_be_in_a_line() {
    let log = all(&records("[TRACE ThreadId(2)] ", "%a", "{v0}", 1));
    let log: String = log.lines().map(|line| format!("log={line}\\n|by=stderr\n")).collect();
    let [Ok(recording)] = &structured(&log)[..] else { panic!() };
    assert!(!recording.before.in_one_line && recording.read().is_ok());
    assert_eq!((recording.before.line, recording.after.line), (3, 10));
}

#[test]
fn a_name_may_stand_before_records_that_are_one_line() {
    let records = records("", "%a", "{v0}", 1);
    let line = |text: &str| format!("log={}|by=me\n", text.trim_end().replace('\n', "\\n"));
    let log: String =
        [&records.declared, &records.before, &records.after].into_iter().map(|r| line(r)).collect();
    let log = collected(&log, |_| "app-1  | ".to_owned());
    let [Ok(recording)] = &structured(&log)[..] else { panic!() };
    assert!(recording.before.in_one_line && recording.read().is_ok());
}

#[test]
fn lines_that_were_cut_into_pieces() {
    let log = all(&records("[TRACE] ", "%a", "{v0}", 1));
    let cut: String = log
        .lines()
        .map(|line| {
            let (first, rest) = line.split_at(line.len() / 2);
            let time = "2026-11-27T09:59:59.1Z stderr";
            format!("{time} P {first}\n{time} F {rest}\n")
        })
        .collect();
    let [Ok(recording)] = &read(&cut)[..] else { panic!() };
    assert_eq!((recording.declared_line, recording.before.line), (1, 5));
    assert!(recording.read().is_ok());
}

#[test]
fn lines_of_functions_that_are_one_line_have_numbers_of_their_own() {
    let mut records = records("", "%a", "{v0}", 1);
    records.after = records.after.replace("return", "nop\n    return");
    let line = |text: &str| format!("log={}|by=me\n", text.trim_end().replace('\n', "\\n"));
    let mut all: Vec<u32> = Vec::new();
    for (before, after) in [
        (line(&records.before), line(&records.after)),
        (records.before.clone(), line(&records.after)),
        (line(&records.before), records.after.clone()),
        (records.before.clone(), records.after.clone()),
    ] {
        let log = format!("{}{before}{after}", records.declared);
        let [Ok(recording)] = &structured(&log)[..] else { panic!("{log}") };
        all.clear();
        for text in recording.texts() {
            let count = u32::try_from(text.text.lines().count()).unwrap();
            all.extend(text.line..text.line + count);
        }
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(recording.read().is_ok());
    }
}
