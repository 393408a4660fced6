//! Logs with something missing, and with something that cannot be read.

use std::io::{self, BufReader, Read};

use stackmap_clif::log::{LogError, Recording, Recordings};

use super::{all, records, summary};

#[test]
fn a_spiller_that_panics() {
    let a = records("", "%a", "{v0}", 1);
    let b = all(&records("", "%b", "{v0}", 1));
    let log = format!("{}{}thread 'main' panicked at safepoints.rs\n{b}", a.declared, a.before);
    let error = "%a: line 2: the function has no \"after\" record: the spiller panicked, or the log is truncated";
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
fn what_is_no_text_matters_only_inside_a_function() {
    let a = all(&records("caf\u{1} ", "%a", "{v0}", 1));
    // Around records, anything may stand.
    let around = a.bytes().map(|byte| if byte == 1 { 0xe9 } else { byte }).collect::<Vec<u8>>();
    let mut log = b"\xff\xfe\x00 binary\n".to_vec();
    log.extend_from_slice(&around);
    assert_eq!(Recordings::new(&log[..]).filter(Result::is_ok).count(), 1);
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

#[test]
fn a_log_that_is_cut_inside_of_a_marker() {
    let b = all(&records("[TRACE] ", "%b", "{v0}", 1));
    let cut = "line 16: the line breaks off where a record begins: the log is truncated";
    let is_noticed = |log: &str| {
        let said = summary(log);
        assert!(said[0].starts_with("%b [0]"), "{said:?}");
        said.iter().any(|said| said == cut)
    };
    for marker in [
        "values needing inclusion in stack maps:",
        "before inserting safepoint spills and reloads",
        "after inserting safepoint spills and reloads",
    ] {
        for length in [8, 20, marker.len()] {
            assert!(is_noticed(&format!("{b}[TRACE] {}", &marker[..length])), "{length}");
        }
        // Other programs go on behind it, so fewer letters may be words of theirs.
        assert!(is_noticed(&format!("{b}[TRACE] {}\nhello\n", &marker[..16])), "{marker}");
        assert!(!is_noticed(&format!("{b}[TRACE] {}\nhello\n", &marker[..8])), "{marker}");
    }
}

#[test]
fn a_marker_that_a_terminal_would_not_show() {
    let b = records("", "%b", "{v0}", 1);
    let log = format!("\x1b]0;{}{}{}", b.declared, b.before, b.after);
    let said = summary(&log);
    assert_eq!(said[0], "line 1: a record begins within an escape sequence, which hides it");
    assert_eq!(said.len(), 1, "{said:?}");
    // A sequence in a marker hides nothing.
    let declared = b.declared.replace("inclusion", "\x1b[1minclusion\x1b[0m");
    assert_eq!(summary(&format!("{declared}{}{}", b.before, b.after)), ["%b [0]"]);
}

#[test]
fn two_records_on_one_line() {
    let [a, b] = ["%a", "%b"].map(|name| records("", name, "{v0}", 1));
    let line = format!("{} {}", a.declared.trim_end(), b.declared);
    let said = summary(&format!("{line}{}{}{}{}", a.before, a.after, b.before, b.after));
    assert_eq!(said[..2], ["line 1: two records begin on this line"; 2], "{said:?}");
}

#[test]
fn bytes_that_are_no_text_before_a_marker() {
    let b = all(&records("caf\u{e9} [TRACE] ", "%b", "{v0}", 1));
    let latin1: Vec<u8> = b.chars().map(|char| u8::try_from(u32::from(char)).unwrap()).collect();
    for bytes in [b"\xff".as_slice(), b"\xe2\x82", b"\x9b", b"\xc3", b"\xf0\x9f\x98"] {
        let at = latin1.iter().position(|&byte| byte == 0xe9).unwrap();
        let mut log = latin1.clone();
        log.splice(at..=at, bytes.iter().copied());
        let read: Vec<_> = Recordings::new(log.as_slice()).collect();
        assert!(matches!(&read[..], [Ok(recording)] if recording.name() == "%b"), "{read:?}");
    }
}
