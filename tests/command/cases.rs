//! Inputs that were answered wrongly once, each with its right answer.
//!
//! `tests/cases/expected.tsv` lists them. The cases cover all that the front ends read and
//! compare. The answer is the worst verdict of a file's functions.

use serde_json::Value;
use stackmap_tests::stackmap_verify;

/// One function, as the command reports it.
struct Answer {
    verdict: String,
    has_warning: bool,
}

fn answers(path: &str, options: &[&str]) -> Vec<Answer> {
    let arguments = ["check", "--format=json"].iter().chain(options).chain([&path]);
    let said = stackmap_verify(arguments.copied());
    let lines = said.output.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    let functions = lines.filter(|line: &Value| line["type"] == "function");
    let answer = |line: Value| Answer {
        verdict: line["verdict"].as_str().expect("a verdict").to_owned(),
        has_warning: line["findings"]
            .as_array()
            .is_some_and(|found| found.iter().any(|finding| finding["severity"] == "warning")),
    };
    functions.map(answer).collect()
}

/// The worst verdict of all functions; an input without functions is an error.
fn worst(answers: &[Answer]) -> &'static str {
    let order = ["violated", "error", "unsupported", "verified"];
    let said = |verdict: &&&str| answers.iter().any(|answer| answer.verdict == **verdict);
    order.iter().find(said).copied().unwrap_or("error")
}

fn is_right(wanted: &str, answers: &[Answer]) -> bool {
    let warned = answers.iter().any(|answer| answer.has_warning);
    let worst = worst(answers);
    match wanted {
        "read" => worst == "verified" || worst == "violated",
        "silent" => worst == "verified" && !warned,
        "warned" => worst == "verified" && warned,
        verdicts => verdicts.split('|').any(|verdict| verdict == worst),
    }
}

#[test]
fn each_case_has_its_right_answer() {
    let table = concat!(env!("CARGO_MANIFEST_DIR"), "/cases/expected.tsv");
    let table = std::fs::read_to_string(table).expect("the table");
    let mut wrong = Vec::new();
    for row in table.lines().filter(|row| !row.starts_with('#')) {
        let mut columns = row.split('\t');
        let (file, wanted) = (columns.next().expect("a file"), columns.next().expect("an answer"));
        let options: Vec<&str> = columns.flat_map(str::split_whitespace).collect();
        let answers = answers(&format!("cases/{file}"), &options);
        if !is_right(wanted, &answers) {
            wrong.push(format!("{file}: {} instead of {wanted}", worst(&answers)));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_set_that_belongs_to_no_function_costs_one_error() {
    let answers = answers("cases/log_orphan_set.log", &[]);
    let count = |verdict| answers.iter().filter(|answer| answer.verdict == verdict).count();
    assert_eq!((count("verified"), count("error")), (20, 1));
}
