//! The output of the command for generated functions does not depend on the number of threads
//! that check them.

use std::fmt::Write;
use std::fs;

use stackmap_generator::spillers::{Version, run};
use stackmap_generator::totals::function;
use stackmap_verify::Streams;

/// The log of a spiller that is run over these functions.
fn log(seeds: std::ops::Range<u64>, version: Version) -> String {
    let mut log = String::new();
    for seed in seeds {
        let function = function(seed);
        let spilled = run(&function, version).expect("a function");
        let declared: Vec<String> = function.declared.iter().map(|v| format!("v{v}")).collect();
        // Writing to a string cannot fail.
        let _ = write!(
            log,
            "values needing inclusion in stack maps: {{{}}}\n\
             before inserting safepoint spills and reloads:\n{}\n\
             after inserting safepoint spills and reloads:\n{}\n",
            declared.join(", "),
            spilled.before,
            spilled.after
        );
    }
    log
}

fn check(arguments: &[&str], folder: &str) -> (u8, String, String) {
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut input: &[u8] = b"";
    let mut streams =
        Streams { input: &mut input, output: &mut output, errors: &mut errors, terminal: false };
    let arguments = ["stackmap-verify", "check"].iter().chain(arguments).chain([&folder]);
    let code = stackmap_verify::run(arguments.map(Into::into), &mut streams);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (code, text(output), text(errors))
}

#[test]
fn one_thread_and_four_say_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: String, text: &str| {
        fs::write(folder.path().join(name), text).expect("a file is written");
    };
    for seed in 0..150 {
        write(format!("{seed:03}.clif"), &function(seed).text);
    }
    for (&version, first) in Version::ALL.iter().zip([150, 250]) {
        write(format!("{version}.log"), &log(first..first + 100, version));
    }
    let path = folder.path().to_str().expect("UTF-8");
    for format in ["human", "short", "json"] {
        let with = |jobs| check(&["--format", format, "--jobs", jobs], path);
        let one = with("1");
        assert_eq!(one, with("4"), "{format}");
        if format == "json" {
            let count = |what: &str| one.1.lines().filter(|line| line.contains(what)).count();
            assert_eq!(count(r#""type":"function""#), 350);
            let (right, wrong) =
                (count(r#""verdict":"verified""#), count(r#""verdict":"violated""#));
            assert!(right >= 200 && wrong >= 10, "{right} verified, {wrong} violated");
        }
    }
}
