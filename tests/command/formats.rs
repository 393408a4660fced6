//! The formats for machines: the output of a run with a violation, a warning, and inputs that
//! cannot be judged, and that other programs can read it.

use serde_json::Value;
use stackmap_tests::{Said, stackmap_verify, stackmap_verify_reading};
use stackmap_verifier::findings::Code;

use crate::snapshot;
use crate::temporary::Folder;

/// One of everything: a violation, a warning, a proof, something that cannot be
/// judged, something that cannot be read, and a finding in a text that is made of
/// the input.
const MIXED: [&str; 6] = [
    "fixtures/SM001/fires.log",
    "fixtures/SM101/fires.log",
    "fixtures/SM001/near_miss.log",
    "historical/undecided/0.131.0/K1_sparse_declared.log",
    "fixtures/sarif/README.md",
    "sketches/H3_alias_declared.clif",
];

fn check(format: &str) -> Said {
    stackmap_verify(["check", "--format", format].into_iter().chain(MIXED))
}

fn sarif(said: &Said) -> Value {
    serde_json::from_str(&said.output).expect("JSON")
}

#[test]
fn what_a_mixed_run_looks_like() {
    for format in ["human", "short", "json", "sarif", "junit", "github"] {
        let said = check(format);
        assert_eq!((said.code, said.errors.as_str()), (1, ""), "{format}");
        snapshot::assert(&format!("mixed.{format}"), &said.output);
    }
}

/// The schema of a line of JSON.
fn line_schema() -> jsonschema::Validator {
    let said = stackmap_verify(["schema"]);
    assert_eq!((said.code, said.errors.as_str()), (0, ""));
    let schema: Value = serde_json::from_str(&said.output).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

/// All kinds of findings, of evidence and of lines, and a baseline.
#[test]
fn json_follows_its_schema() {
    let schema = line_schema();
    let folder = Folder::new();
    let baseline = folder.path("baseline.jsonl");
    let baseline = baseline.to_str().expect("UTF-8");
    let runs: [&[&str]; 6] = [
        &["fixtures", "historical", "sketches", "nowhere"],
        &MIXED,
        &["webassembly"],
        &["fixtures/SM001", "--write-baseline", baseline],
        &["fixtures/SM001", "--baseline", baseline, "--allow", "SM101"],
        &["fixtures", "--partition", "slice:1/3"],
    ];
    let mut kinds = std::collections::BTreeSet::new();
    for arguments in runs {
        let arguments = ["check", "--format=json"].into_iter().chain(arguments.iter().copied());
        let said = stackmap_verify(arguments);
        for line in said.output.lines() {
            let line: Value = serde_json::from_str(line).expect("JSON");
            let errors: Vec<String> = schema.iter_errors(&line).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{line}: {errors:?}");
            kinds.insert(line["type"].as_str().map(str::to_owned));
        }
    }
    let all = ["function", "input", "skipped", "summary"].map(|kind| Some(kind.to_owned()));
    assert_eq!(kinds, all.into());
}

#[test]
fn what_json_never_says_does_not_follow_its_schema() {
    let schema = line_schema();
    let said = stackmap_verify(["check", "--format=json", "fixtures/SM001/fires.log"]);
    let line: Value =
        serde_json::from_str(said.output.lines().next().expect("a line")).expect("JSON");
    assert!(schema.is_valid(&line));
    for (field, value) in [
        ("version", Value::from(2)),
        ("type", "other".into()),
        ("verdict", "fine".into()),
        ("evidence", Value::Null),
        ("stats", Value::from(3)),
        ("line", Value::from(-1)),
    ] {
        let mut wrong = line.clone();
        wrong[field] = value;
        assert!(!schema.is_valid(&wrong), "{field}");
    }
    for field in ["version", "type", "input", "verdict", "findings"] {
        let mut wrong = line.clone();
        wrong.as_object_mut().expect("an object").remove(field);
        assert!(!schema.is_valid(&wrong), "without {field}");
    }
    let mut wrong = line;
    wrong["findings"][0]["code"] = "SM999".into();
    assert!(!schema.is_valid(&wrong));
}

/// The schema of SARIF documents.
pub(crate) fn schema() -> jsonschema::Validator {
    let path = "fixtures/sarif/sarif-schema-2.1.0.json";
    let schema = std::fs::read_to_string(path).expect("the schema");
    // As published, the pattern of a language has a bracket too many, which is an
    // error in any strict dialect of regular expressions.
    let schema = schema.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

/// All kinds of findings in one document, and a document without any.
#[test]
fn sarif_follows_its_schema() {
    let schema = schema();
    let runs: [&[&str]; 3] =
        [&["fixtures", "historical", "sketches", "nowhere"], &MIXED, &["corpus"]];
    for paths in runs {
        let arguments = ["check", "--format=sarif"].into_iter().chain(paths.iter().copied());
        let document = sarif(&stackmap_verify(arguments));
        let errors: Vec<String> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
        assert_eq!(errors, [""; 0], "{paths:?}");
    }
}

#[test]
fn sarif_rules_are_the_codes_and_results_name_them() {
    let document = sarif(&stackmap_verify(["check", "--format=sarif", "fixtures"]));
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("a list");
    for (rule, code) in rules.iter().zip(Code::ALL) {
        assert_eq!(rule["id"], code.code());
        assert_eq!(rule["help"]["text"], code.explain());
    }
    assert_eq!(rules.len(), Code::ALL.len());
    for result in run["results"].as_array().expect("a list") {
        let index = result["ruleIndex"].as_u64().and_then(|index| usize::try_from(index).ok());
        assert_eq!(rules[index.expect("an index")]["id"], result["ruleId"]);
    }
}

/// An additional line at the top moves everything, but the finding is the same.
#[test]
fn sarif_fingerprints_do_not_depend_on_lines() {
    let log = std::fs::read_to_string("fixtures/SM001/fires.log").expect("a fixture");
    let prints = |text: &str| {
        let said = stackmap_verify_reading(text.as_bytes(), ["check", "--format=sarif", "-"]);
        let results = sarif(&said)["runs"][0]["results"].take();
        let results = results.as_array().expect("a list").iter();
        results.map(|result| result["partialFingerprints"].clone()).collect::<Vec<_>>()
    };
    let first = prints(&log);
    assert_eq!(first.len(), 1);
    assert_eq!(prints(&format!("another line\n{log}")), first);
    let twice = prints(&format!("{log}\n{log}"));
    assert_eq!(twice[0], first[0]);
    assert_ne!(twice[1], first[0], "the same defect twice is two findings");
}

#[test]
fn junit_fails_for_a_warning_only_if_it_is_denied() {
    let check = |options: &[&'static str]| {
        let arguments = ["check", "--format=junit", "fixtures/SM101/fires.log"];
        stackmap_verify(arguments.into_iter().chain(options.iter().copied())).output
    };
    assert!(check(&[]).contains("failures=\"0\" errors=\"0\""), "{}", check(&[]));
    let denied = check(&["--deny=warnings"]);
    assert!(denied.contains("<failure message=") && denied.contains("failures=\"1\""), "{denied}");
}

/// Names are up to whoever wrote the log, and so must not end a command early.
#[test]
fn github_annotations_are_escaped() {
    let folder = Folder::new();
    let path = folder.file("a,b:100%.log", "no record\n");
    let arguments = ["check".as_ref(), "--format=github".as_ref(), path.as_os_str()];
    let said = stackmap_verify(arguments);
    assert!(said.output.starts_with("::error file="), "{}", said.output);
    assert!(said.output.contains("a%2Cb%3A100%25.log,title=error::holds no "), "{}", said.output);
}

/// If a path is too long, its middle is left out, and the number of omitted blocks is shown.
#[test]
fn a_long_path_is_cut_in_every_format() {
    let check = |format| {
        let options = ["check", "--max-witness=2", "--format", format];
        stackmap_verify(options.into_iter().chain(["fixtures/SM001/fires.log"])).output
    };
    assert!(check("json").contains(r#""omitted":{"after":1,"blocks":1}"#), "{}", check("json"));
    assert!(check("sarif").contains("after 1 block not shown"), "{}", check("sarif"));
    assert!(check("junit").contains("... 1 block not shown"), "{}", check("junit"));
}
