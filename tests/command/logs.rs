//! Logs: the records that belong together, the declared values, and the messages about them.

use serde_json::Value;
use stackmap_tests::{Said, stackmap_verify, stackmap_verify_reading};

/// Returns the name and the verdict of each function, and the errors for others.
fn verdicts(said: &Said) -> Vec<(String, String)> {
    let lines = said.output.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    lines
        .filter(|line: &Value| line["type"] == "function")
        .map(|line| {
            let text = |value: &Value| value.as_str().unwrap_or("").to_owned();
            (text(&line["function"]), text(&line["verdict"]))
        })
        .collect()
}

fn json(path: &str) -> Vec<(String, String)> {
    verdicts(&stackmap_verify(["check", "--format=json", path]))
}

fn short(arguments: &[&str]) -> String {
    let all = ["check", "--format=short"].iter().chain(arguments);
    stackmap_verify(all.copied()).output
}

fn pair(function: &str, verdict: &str) -> (String, String) {
    (function.to_owned(), verdict.to_owned())
}

#[test]
fn sets_that_may_be_those_of_other_functions() {
    // Whichever set they have, two of the three functions are right.
    let mut found = json("fixtures/logs/log_equal_sets_greedy.log");
    found.sort();
    assert_eq!(
        found,
        [pair("u0:1", "unsupported"), pair("u0:2", "verified"), pair("u0:3", "verified")]
    );
    let mut found = json("fixtures/logs/log_set_crossed.log");
    found.sort();
    assert_eq!(found, [pair("u0:1", "verified"), pair("u0:2", "unsupported")]);
    let said = short(&["fixtures/logs/log_set_crossed.log"]);
    assert!(said.contains("log_set_crossed.log:2: unsupported in u0:2: ambiguous"), "{said}");
    assert!(said.contains("any of the lines 1, 2, and the verdict depends on which"), "{said}");
}

#[test]
fn a_set_without_a_function_is_one_error() {
    let found = json("fixtures/logs/log_orphan_set.log");
    assert_eq!(found.len(), 21);
    assert_eq!(found[0], pair("", "error"));
    assert!(found[1..].iter().all(|(_, verdict)| verdict == "verified"), "{found:?}");
}

#[test]
fn a_declare_line_does_not_contradict_an_exact_record() {
    let said = short(&["fixtures/logs/declare_line_overrides_exact_set.log"]);
    assert!(
        said.starts_with(
            "fixtures/logs/declare_line_overrides_exact_set.log:3: error: the `;! declare` line \
             before this record does not name v5, which the record lists"
        ),
        "{said}"
    );
    // Lines that any program may have printed do not count.
    let said = short(&["fixtures/logs/declare_line_printed.log"]);
    assert!(said.contains(": error[SM002] in %m: "), "{said}");
    let said = short(&["--declare-lines", "fixtures/logs/declare_line_printed.log"]);
    assert!(said.contains("declare_line_printed.log:3: error: "), "{said}");
}

#[test]
fn what_the_spiller_spills_is_not_declared_by_that() {
    let path = "fixtures/logs/doubtful_spilled_integer.log";
    let said = short(&[path]);
    assert!(
        said.starts_with(&format!("{path}:2: unsupported in %f: the verdict depends on")),
        "{said}"
    );
    assert!(said.contains("say what wrote the log with `--cranelift VERSION`"), "{said}");
    // A version that prints only the declared values.
    let said = short(&["--cranelift", "0.132.0", path]);
    assert!(said.contains("1 verified"), "{said}");
}

#[test]
fn what_the_spiller_found_uses_of_is_declared() {
    let found = json("fixtures/logs/gc_jit_0.129.1.log");
    assert_eq!(found.len(), 5);
    let log = std::fs::read_to_string("fixtures/logs/gc_jit_0.129.1.log").expect("a fixture");
    let without: String =
        log.lines().filter(|line| !line.contains("liveness: ")).flat_map(|l| [l, "\n"]).collect();
    let without =
        verdicts(&stackmap_verify_reading(without.as_bytes(), ["check", "--format=json", "-"]));
    let count = |found: &[(String, String)]| found.iter().filter(|(_, v)| v == "verified").count();
    assert!(count(&found) >= 4 && count(&without) == 0, "{found:?}, {without:?}");
}

#[test]
fn the_version_decides_what_a_log_leaves_open() {
    let log = "\
values needing inclusion in stack maps: {v0, v1}
before inserting safepoint spills and reloads:
function %f(i64, i64) -> i64 system_v {
    sig0 = () system_v
    fn0 = u0:0 sig0

block0(v0: i64, v1: i64):
    try_call fn0(), sig0, block1, [ default: block1 ]

block1:
    return v0
}
after inserting safepoint spills and reloads:
function %f(i64, i64) -> i64 system_v {
    sig0 = () system_v
    fn0 = u0:0 sig0

block0(v0: i64, v1: i64):
    try_call fn0(), sig0, block1, [ default: block1 ]

block1:
    return v0
}
";
    let run = |options: &[&str]| {
        let arguments = ["check", "--format=short", "-"].iter().chain(options);
        stackmap_verify_reading(log.as_bytes(), arguments.copied()).output
    };
    let said = run(&[]);
    assert!(said.contains("with `--cranelift VERSION`"), "{said}");
    for version in ["0.132.0", "0.132"] {
        assert!(run(&["--cranelift", version]).contains("error[SM002]"));
    }
    let said = stackmap_verify(["check", "--cranelift=132", "-"]);
    assert_eq!(said.code, 2);
    assert!(said.errors.contains("`132` is no version of Cranelift"), "{}", said.errors);
}

/// The records of a fixture with a finding, as lines of JSON.
fn in_json() -> String {
    let log = std::fs::read_to_string("fixtures/SM002/fires.log").expect("a fixture");
    let beginnings = ["values needing", "before inserting", "after inserting"];
    let mut starts: Vec<usize> = beginnings.map(|b| log.find(b).expect("a record")).to_vec();
    starts.push(log.len());
    let line = |record: &str| format!("{{\"message\":{}}}\n", Value::String(record.to_owned()));
    starts.windows(2).map(|ends| line(&log[ends[0]..ends[1]])).collect()
}

#[test]
fn lines_of_a_function_in_one_line() {
    let log = in_json();
    let run = |format: &str| {
        let format = format!("--format={format}");
        stackmap_verify_reading(log.as_bytes(), ["check", format.as_str(), "-"]).output
    };
    // Line 18 of the function after is the call.
    let said = run("short");
    assert!(
        said.starts_with("<stdin>:3: error[SM002] in %sm002_fires (line 18 of the function): "),
        "{said}"
    );
    let human = run("human");
    assert!(human.contains("  --> <stdin> (the function on line 3):18:"), "{human}");
    assert!(human.contains("18 |     call fn2"), "{human}");
    assert!(run("github").contains("file=<stdin>,line=3,title="), "{}", run("github"));
    let path = "fixtures/SM002/fires.log";
    let plain = stackmap_verify(["check", "--format=json", path]);
    let json: Value = serde_json::from_str(run("json").lines().next().unwrap()).expect("JSON");
    let plain: Value = serde_json::from_str(plain.output.lines().next().unwrap()).expect("JSON");
    let message = |line: &Value| line["findings"][0]["message"].clone();
    assert_eq!(message(&json), message(&plain));
    let finding = &json["findings"][0];
    assert_eq!((&finding["line"], &finding["column"]), (&Value::from(3), &Value::Null));
    assert_eq!(finding["labels"][0]["line_of_function"], 18);
    let lines = |value: &Value| -> Vec<u64> {
        let events = value["witness"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|block| block["events"].as_array().unwrap().iter().chain([block]));
        let all = events.chain(value["labels"].as_array().unwrap()).chain([&value["safepoint"]]);
        all.filter_map(|place| place["line"].as_u64()).collect()
    };
    let found = lines(finding);
    assert!(found.len() > 3 && found.iter().all(|line| *line == 3), "{found:?}");
    // An error in the input has a line of the log.
    let broken = log.replacen("call fn1(v1)", "call fn1(v77)", 1);
    let said = stackmap_verify_reading(broken.as_bytes(), ["check", "--format=short", "-"]).output;
    assert!(
        said.starts_with("<stdin>:2: error in ") && said.contains("of the function)"),
        "{said}"
    );
}

#[test]
fn a_log_that_is_cut_off_while_compressed() {
    use std::io::Write;
    let log = std::fs::read("corpus/verified/cranelift-0.135.8.log").expect("a recorded log");
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let compressed = encoder.write_all(&log).and_then(|()| encoder.finish()).expect("memory");
    let whole = stackmap_verify_reading(&compressed, ["check", "-"]);
    assert_eq!(whole.code, 0, "{}", whole.output);
    let cut = &compressed[..compressed.len() - 100];
    let said = stackmap_verify_reading(cut, ["check", "--format=short", "-"]);
    assert_eq!(said.code, 2);
    assert!(
        said.output.contains("error") && said.output.contains("cannot read the log"),
        "{}",
        said.output
    );
    assert!(said.output.contains(" verified"), "{}", said.output);
}

#[test]
fn records_that_may_be_those_of_two_functions_prove_nothing() {
    let log = std::fs::read_to_string("fixtures/SM002/fires.log").expect("a fixture");
    let run = |log: &str| {
        let said = stackmap_verify_reading(log.as_bytes(), ["check", "--format=short", "-"]);
        (said.code, said.output)
    };
    assert_eq!(run(&log).0, 1);
    // A text after of the same name without one before: it may be this function's.
    let after = &log[log.find("after inserting").expect("a record")..];
    let (code, said) = run(&format!("{log}\n{after}"));
    assert_eq!(code, 2, "{said}");
    assert!(
        said.contains("unsupported in %sm002_fires: ambiguous interleaving: records are missing"),
        "{said}"
    );
    // One of another name is not.
    let (code, said) = run(&format!("{log}\n{}", after.replacen("%sm002", "%sm003", 1)));
    assert_eq!(code, 1, "{said}");
}
