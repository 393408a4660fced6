//! A log that a real logger wrote is read like the recorded one.

mod run;

use run::{VERDICTS, check, check_bytes, check_folder, emit, emit_files, verdicts};

/// Whether a logger says which thread wrote a record.
fn tells_threads_apart(logger: &str) -> bool {
    logger.contains("thread") && !logger.starts_with("flexi") || logger.starts_with("simplelog")
}

fn assert_read(logger: &str) {
    let log = emit(logger, 1);
    let functions = check(&log);
    assert_eq!(verdicts(&functions), *VERDICTS, "{logger}");
    let lines: Vec<&str> = log.split('\n').collect();
    for function in functions.iter().filter(|function| !function.lines.is_empty()) {
        for line in &function.lines {
            let text = lines[*line - 1];
            // In JSON, a function is in one line of the log.
            let is_function = !logger.contains("json") || text.contains(&function.name);
            assert!(text.contains("call fn") && is_function, "{logger}: {text}");
        }
    }
}

/// Several threads at a time: certain verdicts are those of a single thread.
fn assert_threads_read(logger: &str) {
    let mut decided = 0;
    for _ in 0..3 {
        for (name, verdict) in verdicts(&check(&emit(logger, 4))) {
            let certain = verdict != "unsupported";
            // Two functions may have one name.
            let is_expected = VERDICTS.iter().any(|(other, v)| *other == name && *v == verdict);
            assert!(!certain || is_expected, "{logger}: {name}");
            assert!(certain || !tells_threads_apart(logger), "{logger}: {name}");
            decided += usize::from(certain);
        }
    }
    assert!(decided > 0, "{logger}");
}

/// One test for each logger.
macro_rules! loggers {
    ($($test:ident = $name:literal;)*) => {
        $(mod $test {
            #[test]
            fn is_read() {
                super::assert_read($name);
            }

            #[test]
            fn threads_are_read() {
                super::assert_threads_read($name);
            }
        })*
    };
}

loggers! {
    env_logger = "env_logger";
    env_logger_colours = "env_logger-colours";
    fern = "fern";
    fern_plain = "fern-plain";
    flexi_logger = "flexi_logger";
    flexi_logger_detailed = "flexi_logger-detailed";
    flexi_logger_thread = "flexi_logger-thread";
    pretty_env_logger = "pretty_env_logger";
    simplelog = "simplelog";
    simplelog_colours = "simplelog-colours";
    slog_compact = "slog-compact";
    slog_full = "slog-full";
    slog_json = "slog-json";
    stderrlog = "stderrlog";
    tracing_compact = "tracing-compact";
    tracing_full = "tracing-full";
    tracing_json = "tracing-json";
    tracing_json_thread = "tracing-json-thread";
    tracing_pretty = "tracing-pretty";
    tracing_thread = "tracing-thread";
}

/// With a file for each thread, nothing is uncertain, and no file is an error.
#[test]
fn file_per_thread_logger_is_read() {
    for threads in [1, 4] {
        let folder = emit_files("file-per-thread-logger", threads);
        let files = std::fs::read_dir(folder.path()).expect("the folder").count();
        assert_eq!(files, threads + 1);
        assert_eq!(verdicts(&check_folder(folder.path())), *VERDICTS, "{threads} threads");
    }
}

/// A function from a line and its number to the text that replaces it.
type Collect<'c> = &'c dyn Fn(usize, &str) -> String;

/// Tools that collect the output of programs write a prefix before each line, or wrap each line
/// in another.
#[test]
fn collected_output_is_read() {
    let time = |n: usize| format!("2026-11-27T09:59:{:02}.{n}Z", n % 60);
    let json = |text: &str, n| {
        let log = serde_json::Value::String(text.to_owned());
        format!("{{\"log\":{log},\"stream\":\"stderr\",\"time\":\"{}\"}}", time(n))
    };
    // A line is split into pieces of this many bytes; in practice, 16 KiB.
    let pieces = |line: &str| -> Vec<String> {
        line.as_bytes().chunks(50).map(|piece| String::from_utf8_lossy(piece).into()).collect()
    };
    let kubernetes = |n, line: &str| {
        let mut pieces = pieces(line);
        let last = pieces.pop().unwrap_or_default();
        let part = |piece: &String| format!("{} stderr P {piece}\n", time(n));
        pieces.iter().map(part).collect::<String>() + &format!("{} stderr F {last}", time(n))
    };
    let docker = |n, line: &str| {
        let pieces = pieces(&format!("{line}\n"));
        let lines: Vec<String> = pieces.iter().map(|piece| json(piece, n)).collect();
        lines.join("\n")
    };
    let collectors: [(&str, Collect<'_>); 7] = [
        ("docker compose", &|_, line| format!("app-1  | {line}")),
        ("docker logs -t", &|n, line| format!("{} {line}", time(n))),
        ("GitHub Actions", &|n, line| format!("2026-11-27T09:59:59.{n:07}Z {line}")),
        ("kubernetes", &kubernetes),
        ("kubernetes, in one piece", &|n, line| format!("{} stderr F {line}", time(n))),
        ("journald", &|n, line| format!("Nov {:2} 09:59:59 host app[17]: {line}", 7 + n / 500)),
        ("docker's json-file", &docker),
    ];
    let loggers = ["env_logger", "slog-full", "slog-json", "tracing-full", "tracing-json"];
    for logger in loggers.into_iter().chain(["tracing-pretty"]) {
        let log = emit(logger, 1);
        for (name, collect) in collectors {
            let lines = log.lines().enumerate().map(|(n, line)| collect(n, line) + "\n");
            assert_eq!(verdicts(&check(&lines.collect::<String>())), *VERDICTS, "{logger}, {name}");
        }
    }
}

/// Interleaved lines of two programs: lines of one program are not part of the other's records,
/// and records of one are not matched with records of the other.
#[test]
fn programs_are_told_apart_by_name() {
    let log = emit("env_logger", 1);
    let lines: Vec<&str> = log.lines().collect();
    let late = std::iter::repeat_n("", 7).chain(lines.iter().copied());
    let both: String = lines
        .iter()
        .chain(&[""; 7])
        .zip(late)
        .map(|(one, other)| format!("app-1  | {one}\napp-2  | {other}\n"))
        .collect();
    let twice: Vec<(String, String)> =
        VERDICTS.iter().flat_map(|verdict| [verdict.clone(), verdict.clone()]).collect();
    assert_eq!(verdicts(&check(&both)), twice);
}

/// Other transformations of files.
#[test]
fn files_are_read_as_they_are() {
    use std::io::Write;

    let log = emit("env_logger", 1);
    let windows = log.replace('\n', "\r\n");
    let utf16 = |text: &str| -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect()
    };
    let gzip = |text: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).and_then(|()| encoder.finish()).expect("memory")
    };
    let zstd = |text: &[u8]| {
        let level = ruzstd::encoding::CompressionLevel::Fastest;
        ruzstd::encoding::compress_to_vec(text, level)
    };
    let (one, other) = log.split_at(log.len() / 2);
    let forms: [(&str, Vec<u8>); 7] = [
        ("CRLF", windows.clone().into_bytes()),
        ("a byte order mark", format!("\u{feff}{log}").into_bytes()),
        ("UTF-16", utf16(&windows)),
        ("gzip", gzip(log.as_bytes())),
        ("gzip of UTF-16", gzip(&utf16(&log))),
        ("two members of gzip", [gzip(one.as_bytes()), gzip(other.as_bytes())].concat()),
        ("two frames of zstd", [zstd(one.as_bytes()), zstd(other.as_bytes())].concat()),
    ];
    for (form, bytes) in forms {
        assert_eq!(verdicts(&check_bytes(&bytes)), *VERDICTS, "{form}");
    }
}
