//! Baselines: what is known does not fail a run, and nothing else is taken for known.

use std::path::{Path, PathBuf};

use serde_json::Value;
use stackmap_tests::{Said, stackmap_verify};

use crate::formats;
use crate::temporary::Folder;

const FORMATS: [&str; 6] = ["human", "short", "json", "sarif", "junit", "github"];

fn fixture(name: &str) -> String {
    std::fs::read_to_string(format!("fixtures/{name}")).expect("a fixture")
}

/// A log in which `%sm001_fires` is a function by number.
fn numbered(number: u32) -> String {
    fixture("SM001/fires.log").replace("%sm001_fires", &format!("u0:{number}"))
}

fn run(command: &str, options: &[&str], paths: &[&Path]) -> Said {
    let options = options.iter().map(Into::into);
    let paths = paths.iter().map(|path| path.as_os_str().to_owned());
    stackmap_verify(std::iter::once(command.into()).chain(options).chain(paths))
}

/// A folder with a log and the baseline of it.
struct Project {
    folder: Folder,
    log: PathBuf,
    known: String,
}

impl Project {
    fn of(log: &str) -> Project {
        let folder = Folder::new();
        let log = folder.file("a.log", log);
        let known = folder.path("known.jsonl").to_str().expect("UTF-8").to_owned();
        let project = Project { folder, log, known };
        project.write(&[&project.log]);
        project
    }

    /// Writes the baseline.
    fn write(&self, paths: &[&Path]) -> Said {
        run("check", &["--write-baseline", &self.known], paths)
    }

    /// Changes the log, and checks it against the baseline.
    fn check(&self, log: &str) -> Said {
        self.folder.file("a.log", log);
        self.again(&[], &[&self.log])
    }

    fn again(&self, options: &[&str], paths: &[&Path]) -> Said {
        let format: &[&str] = match options.iter().any(|option| option.starts_with("--format")) {
            true => &[],
            false => &["--format=short"],
        };
        let baseline = ["--baseline", self.known.as_str()];
        run("check", &[format, &baseline, options].concat(), paths)
    }

    fn text(&self) -> String {
        std::fs::read_to_string(&self.known).expect("a baseline")
    }
}

#[test]
fn what_is_known_fails_no_run_and_is_said_in_every_format() {
    let log = [fixture("SM001/fires.log"), fixture("SM101/fires.log")].join("\n");
    let project = Project::of(&log);
    assert_eq!(run("check", &["--deny=warnings"], &[&project.log]).code, 1);
    for (format, says) in FORMATS.into_iter().zip([
        "known error[SM001] in %sm001_fires: ",
        "known error[SM001] in %sm001_fires: ",
        r#","known":true}"#,
        r#""baselineState": "unchanged""#,
        r#"<skipped message="known: SM001: "#,
        ",title=known SM001 shared-slot in %25sm001_fires::",
    ]) {
        let said = project.again(&["--deny=warnings", "--format", format], &[&project.log]);
        assert_eq!((said.code, said.errors.as_str()), (0, ""), "{format}: {}", said.output);
        assert!(said.output.contains(says), "{format}: {}", said.output);
    }
    let said = project.again(&[], &[&project.log]).output;
    assert!(said.contains("1 verified, 1 violated (1 known), 1 warning (1 known)"), "{said}");
    assert!(said.ends_with("2 findings and 0 unsupported functions are known\n"), "{said}");
    let page = project.folder.path("page.html");
    let option = format!("--html={}", page.display());
    assert_eq!(project.again(&[&option], &[&project.log]).code, 0);
    let page = std::fs::read_to_string(page).expect("a page");
    assert!(page.contains("2 findings and 0 unsupported functions"), "{page}");
    assert_eq!(page.matches(">known</span>").count(), 4);
}

#[test]
fn the_exit_status_of_a_run_that_writes_a_baseline_is_its_own() {
    let project = Project::of(&numbered(3));
    assert_eq!(project.write(&[&project.log]).code, 1);
    let both = ["--write-baseline", project.known.as_str()];
    assert_eq!(project.again(&both, &[&project.log]).code, 0, "all of it is known");
    assert_eq!(project.text().lines().count(), 2, "what is known stays known");
}

#[test]
fn numbers_and_lines_may_shift() {
    let project = Project::of(&numbered(3));
    let shifted = numbered(7).replace("v0", "v40").replace("v1 ", "v41 ").replace("v1)", "v41)");
    let shifted = shifted.replace("v1}", "v41}").replace("v1,", "v41,").replace("ss0", "ss5");
    let shifted = shifted.replace("block2", "block9").replace("u0:0", "u0:8");
    let shifted = shifted.replace("    call fn2", "@01ab   call fn2");
    for log in [numbered(4), format!("another line\n{}", numbered(3)), shifted] {
        let said = project.check(&log);
        assert!(said.output.contains("known error[SM001]"), "{}", said.output);
        assert_eq!(said.code, 0, "{}", said.output);
    }
}

#[test]
fn what_is_added_in_front_of_a_module_shifts_nothing() {
    let module = std::fs::read_to_string("webassembly/segment.wat").expect("a module");
    let folder = Folder::new();
    let path = folder.file("a.wat", &module);
    let known = folder.path("known.jsonl").to_str().expect("UTF-8").to_owned();
    run("check", &["--write-baseline", &known], &[&path]);
    let check = |options: &[&str]| {
        let all = [&["--baseline", known.as_str(), "--deny=warnings"], options].concat();
        run("check", &all, &[&path])
    };
    for added in [
        "(import \"a\" \"b\" (func (param i64)))",
        "(func (param i32) (result i32) local.get 0)",
        "(func (export \"first\"))",
    ] {
        folder.file("a.wat", module.replace("(module", &format!("(module {added}")));
        let said = check(&[]);
        assert_eq!(said.code, 0, "{added}: {}", said.output);
        assert!(said.output.contains(": 2 findings and 0"), "{added}: {}", said.output);
    }
    // What is found for another machine is not what is known.
    assert_eq!(check(&["--target=aarch64-unknown-linux-gnu"]).code, 2);
}

#[test]
fn the_same_in_another_function_is_new() {
    let log = fixture("SM001/fires.log");
    let project = Project::of(&log);
    // Another name, another program, another place in it.
    let other = log.replace("%sm001_fires", "%other");
    let longer = log.replace("    jump block1\n", "    v50 = iconst.i32 1\n    jump block1\n");
    let nop = log.replace("    v0 = call fn0()\n", "    nop\n    v0 = call fn0()\n");
    for text in [&other, &longer, &nop] {
        let said = project.check(text);
        assert_eq!(said.code, 1, "{}", said.output);
        assert!(said.output.contains(": error[SM001] in %"), "{}", said.output);
        assert!(!said.output.contains("known error"), "{}", said.output);
        assert!(said.output.contains("  gone: "), "{}", said.output);
    }
    let project = Project::of(&numbered(3));
    assert_eq!(project.check(&longer.replace("%sm001_fires", "u0:3")).code, 1);
}

#[test]
fn another_fault_of_a_known_function_is_new() {
    // The same function, with a root left out as well.
    let log = fixture("SM001/fires.log");
    let project = Project::of(&log);
    let missing = log.replace("call fn2(), stack_map=[i64 @ ss0+0]", "call fn2()");
    assert_ne!(missing, log);
    let said = project.check(&missing);
    assert_eq!(said.code, 1, "{}", said.output);
    assert!(said.output.contains(": error[SM002]"), "{}", said.output);
}

#[test]
fn each_is_known_as_often_as_the_baseline_has_it() {
    let project = Project::of(&numbered(3));
    let twice = [numbered(3), numbered(4)].join("\n");
    let said = project.check(&twice);
    assert_eq!(said.code, 1, "{}", said.output);
    assert!(said.output.contains("2 violated (1 known)"), "{}", said.output);
    assert_eq!(said.output.matches(": known error[SM001]").count(), 1, "{}", said.output);
    project.write(&[&project.log]);
    assert!(project.text().contains(r#""count":2"#), "{}", project.text());
    assert_eq!(project.check(&twice).code, 0);
    let said = project.check(&numbered(3));
    assert_eq!(said.code, 0);
    assert!(said.output.contains("; 1 that it has is gone"), "{}", said.output);
}

#[test]
fn a_function_that_is_known_to_be_undecided() {
    let undecided = "historical/undecided/0.131.0/K1_sparse_declared.log";
    let undecided = std::fs::read_to_string(undecided).expect("a log");
    // With a declared line it would be decided.
    let undecided = undecided.replace(";! declare", "; declare");
    let right = fixture("SM001/near_miss.log");
    let project = Project::of(&[undecided.as_str(), &right].join("\n"));
    let said = project.again(&[], &[&project.log]);
    assert_eq!(said.code, 0, "{}", said.output);
    assert!(said.output.contains(": known unsupported in %k1: "), "{}", said.output);
    assert!(said.output.contains("1 unsupported (1 known)"), "{}", said.output);
    let other = undecided.replace("%k1", "%k2");
    let said = project.check(&[other.as_str(), &right].join("\n"));
    assert_eq!(said.code, 2, "{}", said.output);
    // Nothing but what is known to be undecided: nothing is claimed, and that is no success.
    assert_eq!(project.check(&undecided).code, 2);
}

#[test]
fn what_cannot_be_read_is_never_known() {
    let broken = fixture("SM001/fires.log").replace("    brif v9, block1, block2\n", "    (\n");
    let right = fixture("SM001/near_miss.log");
    let project = Project::of(&[broken.as_str(), &right].join("\n"));
    assert_eq!(project.text().lines().count(), 1, "{}", project.text());
    assert_eq!(project.again(&[], &[&project.log]).code, 2);
    let project = Project::of("");
    for path in [project.log.clone(), project.folder.path("nowhere.log")] {
        assert_eq!(project.write(&[&path]).code, 2);
        assert_eq!(project.again(&[], &[&path]).code, 2);
        assert_eq!(project.again(&["--exit-zero"], &[&path]).code, 2);
    }
}

#[test]
fn what_was_not_checked_is_not_gone() {
    let project = Project::of(&numbered(3));
    let right = project.folder.file("b.log", fixture("SM001/near_miss.log"));
    let said = project.again(&[], &[&right]);
    assert_eq!(said.code, 0, "{}", said.output);
    assert!(said.output.contains("1 entry of it is about inputs that were not checked"));
    assert!(!said.output.contains("gone"), "{}", said.output);
    // The function is there, and cannot be read.
    let said = project.check(&numbered(3).replace("    brif v9, block1, block2\n", "    (\n"));
    assert_eq!(said.code, 2, "{}", said.output);
    assert!(!said.output.contains("gone"), "{}", said.output);
    let said = project.check(&fixture("SM001/near_miss.log"));
    assert_eq!(said.code, 0, "{}", said.output);
    assert!(said.output.contains("  gone: "), "{}", said.output);
    assert!(said.output.contains(": SM001 in u0:3: `v0` and `v1` share"), "{}", said.output);
}

#[test]
fn a_baseline_that_cannot_be_used() {
    let project = Project::of(&numbered(3));
    let whole = project.text();
    let (first, entry) = whole.trim_end().split_once('\n').expect("two lines");
    let cases = [
        (String::new(), "is empty"),
        (entry.to_owned(), "line 1 is not that of a baseline"),
        ("fn main() {}\n".to_owned(), "line 1 is not that of a baseline"),
        (first.replace(r#""version":2"#, r#""version":1"#), "line 1: it has the form 1"),
        (format!("{whole}{{"), "line 3 is not one that `--write-baseline` writes: "),
        (whole.replace(r#""count":1"#, r#""count":-1"#), "line 2 is not one"),
        (whole.replace(r#""count":1"#, r#""count":0"#), "line 2 is not one"),
        (whole.replace(r#""count":1"#, r#""counts":1"#), "line 2 is not one"),
        (format!("{whole}{first}\n"), "line 3 is not one"),
        (format!("{whole}{entry}\n"), "line 3 is about the same as line 2"),
        (whole.replace("=moving", "=non-moving"), "is of another kind of run"),
    ];
    for (text, says) in cases {
        std::fs::write(&project.known, text).expect("a file of our own");
        let said = project.again(&["--exit-zero"], &[&project.log]);
        assert_eq!((said.code, said.output.as_str()), (2, ""), "{says}");
        assert!(said.errors.contains("known.jsonl "), "{}", said.errors);
        assert!(said.errors.contains(says), "{says}: {}", said.errors);
    }
    std::fs::write(&project.known, [0xff, 0xfe]).expect("a file of our own");
    assert_eq!(project.again(&[], &[&project.log]).code, 2);
    std::fs::remove_file(&project.known).expect("a file of our own");
    let said = project.again(&[], &[&project.log]);
    assert!(said.code == 2 && said.errors.contains("cannot be read"), "{}", said.errors);
    // What shows of a witness, and whether a proof is checked, decides nothing.
    project.write(&[&project.log]);
    assert_eq!(project.again(&["--certify", "--max-witness=1"], &[&project.log]).code, 0);
    assert_eq!(project.again(&["--collector=non-moving"], &[&project.log]).code, 2);
}

#[test]
fn a_baseline_replaces_no_input_and_no_report_a_baseline() {
    let project = Project::of(&numbered(3));
    let log = project.log.to_str().expect("UTF-8").to_owned();
    let said = run("check", &["--write-baseline", &log], &[&project.log]);
    assert!(said.code == 2 && said.errors.contains("would replace"), "{}", said.errors);
    for option in ["--output", "--html", "--certificates"] {
        let said = project.again(&[option, &project.known], &[&project.log]);
        assert!(said.code == 2 && said.errors.contains("are both"), "{}", said.errors);
    }
    assert_eq!(project.again(&[], &[&project.log]).code, 0);
}

#[test]
fn slices_have_the_baseline_of_the_whole() {
    let folder = Folder::new();
    let known = folder.path("known.jsonl").to_str().expect("UTF-8").to_owned();
    let paths = ["fixtures", "historical", "sketches", "corpus"].map(Path::new);
    run("check", &["--write-baseline", &known], &paths);
    // Some of it is gone, some of it is elsewhere, and some of what there is is new.
    let paths = &paths[1..];
    let text = std::fs::read_to_string(&known).expect("a baseline");
    let (text, _) = text.split_at(text.rmatch_indices('\n').nth(20).expect("many lines").0 + 1);
    std::fs::write(&known, text.replacen("\"fingerprint\":\"", "\"fingerprint\":\"x", 70))
        .expect("a file of our own");
    let options = ["--format=json", "--baseline", &known];
    let whole = run("check", &options, paths);
    let shards: Vec<PathBuf> = (1..=3)
        .map(|which| {
            let slice = format!("--partition=slice:{which}/3");
            let said = run("check", &[&options[..], &[&slice]].concat(), paths);
            folder.file(&format!("{which}.jsonl"), said.output)
        })
        .collect();
    let shards: Vec<&Path> = shards.iter().map(PathBuf::as_path).collect();
    assert_eq!(run("merge", &["--format=json"], &shards), whole);
    let plain: Vec<PathBuf> = (1..=3)
        .map(|which| {
            let slice = format!("--partition=slice:{which}/3");
            let said = run("check", &["--format=json", &slice], paths);
            folder.file(&format!("plain-{which}.jsonl"), said.output)
        })
        .collect();
    let plain: Vec<&Path> = plain.iter().map(PathBuf::as_path).collect();
    assert_eq!(run("merge", &options, &plain), whole, "what is known may be said later");
    // And a new one may be written then.
    let write = |command: &str, name: &str, paths: &[&Path]| {
        let file = folder.path(name);
        let option = format!("--write-baseline={}", file.display());
        let said = run(command, &["--format=short", &option], paths);
        (said.code, std::fs::read_to_string(file).unwrap_or_default())
    };
    assert_eq!(write("merge", "merged.jsonl", &plain), write("check", "whole.jsonl", paths));
    let option = format!("--write-baseline={known}");
    let said = run("check", &["--partition=slice:1/3", &option], paths);
    assert!(said.code == 2 && said.errors.contains("what one slice has"), "{}", said.errors);
}

#[test]
fn sarif_with_a_baseline_follows_its_schema() {
    let project = Project::of(&numbered(3));
    let paths = ["fixtures", "historical"].map(Path::new);
    let paths: Vec<&Path> = paths.into_iter().chain([project.log.as_path()]).collect();
    let said = project.again(&["--format=sarif"], &paths);
    let document: Value = serde_json::from_str(&said.output).expect("JSON");
    let schema = formats::schema();
    let errors: Vec<String> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
    assert_eq!(errors, [""; 0]);
    let results = document["runs"][0]["results"].as_array().expect("a list");
    let count = |state| results.iter().filter(|result| result["baselineState"] == state).count();
    assert_eq!((count("unchanged"), count("new")), (1, results.len() - 1));
    let without = run("check", &["--format=sarif"], &paths);
    assert!(!without.output.contains("baselineState"));
}

#[test]
fn exit_zero_says_what_it_hides() {
    let wrong = Path::new("fixtures/SM001/fires.log");
    for format in FORMATS {
        let said = run("check", &["--exit-zero", "--format", format], &[wrong]);
        assert_eq!(said.code, 0, "{format}");
        assert!(said.output.contains("SM001"), "{format}: {}", said.output);
        let note = "1 function is violated; with --exit-zero, the exit status is 0";
        assert!(said.errors.contains(note), "{}", said.errors);
    }
    let warned = Path::new("fixtures/SM101/fires.log");
    let said = run("check", &["--exit-zero", "--deny=warnings"], &[warned]);
    assert!(said.code == 0 && said.errors.contains("there are warnings"), "{}", said.errors);
    // Trouble stays trouble, and what is right needs no word.
    let said = run("check", &["--exit-zero"], &[wrong, Path::new("nowhere")]);
    assert!(said.code == 2 && said.errors.contains("the exit status is 2"), "{}", said.errors);
    let right = Path::new("fixtures/SM001/near_miss.log");
    assert_eq!(run("check", &["--exit-zero"], &[right]).errors, "");
    let said = run("check", &["--exit-zero", "--output=nowhere/report"], &[wrong]);
    assert_eq!(said.code, 2);
}
