//! Arbitrary files in every output format: each output is well-formed, and all agree.

use std::path::{Path, PathBuf};

use quick_xml::events::Event;
use serde_json::Value;
use stackmap_oracle::dice::Dice;

use crate::{Said, stackmap_verify};

/// The inputs from which files are made.
const SEEDS: [&[u8]; 8] = [
    include_bytes!("fixtures/SM001/fires.log"),
    include_bytes!("fixtures/SM001/near_miss.log"),
    include_bytes!("fixtures/SM002/fires.log"),
    include_bytes!("fixtures/SM101/fires.log"),
    include_bytes!("cases/hostile/missing_remark.log"),
    include_bytes!("cases/hostile/gh_v1.log"),
    include_bytes!("sketches/H3_alias_declared.clif"),
    include_bytes!("sketches/B1_def_by_safepoint_loop.clif"),
];

/// The words that are inserted into them.
const WORDS: [&str; 16] = [
    "\0",
    "\u{1b}[8m",
    "##[x",
    "::error::x",
    "v0",
    "v4294967295",
    "ss0",
    "block0",
    "\n",
    "}",
    "stack_map=[i64 @ ss0+0]",
    ";! declare v0\n",
    "function %f() {",
    "\u{2028}",
    "{\"log\":\"",
    "values needing inclusion in stack maps: {v0}\n",
];

const FORMATS: [&str; 6] = ["json", "human", "short", "sarif", "junit", "github"];

/// Runs the command on files that are made from these bytes, in an empty folder, and returns
/// its exit status.
///
/// # Panics
///
/// If an output is not well-formed, or if two outputs disagree.
pub fn parsed(bytes: &[u8], folder: &Path) -> u8 {
    let mut dice = Dice::new(bytes);
    let count = dice.between(1, 3);
    let paths: Vec<PathBuf> = (0..count).map(|number| file(&mut dice, folder, number)).collect();
    let mut options: Vec<&str> = Vec::new();
    for option in ["--certify", "--collector=non-moving", "--deny=warnings", "--declare-lines"] {
        if dice.chance(25) {
            options.push(option);
        }
    }
    let run = |format: &str| {
        let format = format!("--format={format}");
        let first =
            ["check".to_owned(), format].into_iter().chain(options.iter().map(|&o| o.into()));
        let paths = paths.iter().map(|path| path.display().to_string());
        stackmap_verify(first.chain(paths))
    };
    let denied = options.contains(&"--deny=warnings");
    let json = run("json");
    let told = Told::of(&json, denied);
    assert_eq!(json.code, told.status(), "{}", json.output);
    for format in FORMATS {
        let said = run(format);
        assert_eq!(said.code, json.code, "{format}: {}", said.output);
        told.assert_said(format, &said.output);
    }
    let report = folder.join("report.jsonl");
    std::fs::write(&report, &json.output).expect("a file of our own");
    let deny = denied.then(|| "--deny=warnings".to_owned());
    let merge = ["merge".to_owned(), "--format=json".to_owned()].into_iter().chain(deny);
    let merged = stackmap_verify(merge.chain([report.display().to_string()]));
    assert_eq!((merged.code, merged.output), (json.code, json.output));
    json.code
}

/// Writes a file that is a mutant of a seed, or of two.
fn file(dice: &mut Dice<'_>, folder: &Path, number: usize) -> PathBuf {
    let mut content = dice.pick(&SEEDS).unwrap_or_default().to_vec();
    if dice.chance(30) {
        content.extend_from_slice(dice.pick(&SEEDS).unwrap_or_default());
    }
    for _ in 0..dice.below(4) {
        let at = dice.below(content.len());
        let end = (at + dice.below(40)).min(content.len());
        match dice.below(4) {
            0 => drop(content.drain(at..end)),
            1 => {
                let word = dice.pick(&WORDS).unwrap_or_default();
                drop(content.splice(at..at, word.bytes()));
            }
            2 => {
                let piece = content[at..end].to_vec();
                let to = dice.below(content.len());
                drop(content.splice(to..to, piece));
            }
            _ => {
                if let Some(byte) = content.get_mut(at) {
                    *byte = u8::try_from(dice.below(256)).unwrap_or(0);
                }
            }
        }
    }
    let name = dice.pick(&["log", "clif", "txt", "log.gz", "l\u{1b}g"]).unwrap_or("log");
    let path = folder.join(format!("{number}.{name}"));
    std::fs::write(&path, content).expect("a file of our own");
    path
}

/// The content of a JSON report.
struct Told {
    verdicts: Vec<String>,
    findings: usize,
    failures: usize,
    roots: bool,
}

impl Told {
    fn of(json: &Said, denied: bool) -> Told {
        let lines: Vec<Value> = json.output.lines().map(parse).collect();
        let (summary, lines) = lines.split_last().expect("a summary");
        assert_eq!(summary["type"], "summary");
        let functions: Vec<&Value> =
            lines.iter().filter(|line| line["type"] == "function").collect();
        let verdicts: Vec<String> = functions
            .iter()
            .map(|f| f["verdict"].as_str().expect("a verdict").to_owned())
            .collect();
        for verdict in ["verified", "violated", "unsupported"] {
            let count = verdicts.iter().filter(|v| *v == verdict).count();
            assert_eq!(summary[verdict], count, "{verdict}: {}", json.output);
        }
        let findings = |function: &Value| function["findings"].as_array().map_or(0, Vec::len);
        let is_wrong = |function: &&&Value| {
            function["verdict"] == "violated" || (denied && findings(function) > 0)
        };
        let has_roots = |function: &&Value| function["stats"]["roots"].as_u64().unwrap_or(0) > 0;
        Told {
            findings: functions.iter().map(|function| findings(function)).sum(),
            failures: functions.iter().filter(is_wrong).count(),
            roots: functions.iter().any(has_roots),
            verdicts,
        }
    }

    /// Returns the exit status that corresponds to the report.
    fn status(&self) -> u8 {
        let is_judged = |verdict: &String| verdict == "verified" || verdict == "violated";
        if self.failures > 0 {
            1
        } else if self.verdicts.iter().all(is_judged) && self.roots {
            0
        } else {
            2
        }
    }

    /// Asserts that another report agrees, as far as its format shows.
    fn assert_said(&self, format: &str, text: &str) {
        for line in text.split('\n') {
            assert!(!line.chars().any(char::is_control), "{format}: {line:?}");
            assert!(!line.contains("##["), "{format}: {line}");
        }
        match format {
            "sarif" => {
                let results = parse(text)["runs"][0]["results"].as_array().map_or(0, Vec::len);
                assert_eq!(results, self.findings, "{text}");
            }
            "junit" => {
                let cases = elements(text, b"testcase");
                assert_eq!(cases, self.verdicts.len(), "{text}");
                assert_eq!(elements(text, b"failure"), self.failures, "{text}");
            }
            _ => {}
        }
    }
}

fn parse(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Returns the number of elements of this name in a document.
fn elements(text: &str, name: &[u8]) -> usize {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut count = 0;
    loop {
        let event = reader.read_event().expect("XML");
        if let Event::Start(element) | Event::Empty(element) = &event {
            count += usize::from(element.name().as_ref() == name);
        }
        if matches!(event, Event::Eof) {
            return count;
        }
    }
}
