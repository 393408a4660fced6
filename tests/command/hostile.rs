//! Inputs that are meant to make a run succeed or hang, or to falsify its output.

use serde_json::Value;
use stackmap_tests::{Said, stackmap_verify};

use crate::temporary::Folder;

const FORMATS: [&str; 6] = ["human", "short", "json", "sarif", "junit", "github"];

/// A function with a root missing.
fn wrong() -> String {
    let log = std::fs::read_to_string("cases/hostile/missing_remark.log").expect("a case");
    log.lines().skip(2).map(|line| line.to_owned() + "\n").collect()
}

fn check<S: AsRef<std::ffi::OsStr>>(format: &str, paths: &[S]) -> Said {
    let options = ["check", "--format", format].map(std::ffi::OsString::from);
    stackmap_verify(options.into_iter().chain(paths.iter().map(|path| path.as_ref().to_owned())))
}

/// The characters that no output may contain. This does not use the function under test.
fn does_something(char: char) -> bool {
    char.is_control()
        || "\u{61c}\u{200e}\u{200f}\u{2028}\u{2029}".contains(char)
        || ('\u{202a}'..='\u{202e}').contains(&char)
        || ('\u{2066}'..='\u{2069}').contains(&char)
}

/// Asserts that a run's output has no effect on a terminal or a workflow, and that other
/// programs can read it.
fn assert_harmless(format: &str, text: &str) {
    for line in text.split('\n') {
        // Lines of functions are shown as they are indented.
        let is_bad = |char| does_something(char) && !(format == "html" && char == '\t');
        let bad = line.chars().find(|&char| is_bad(char));
        assert_eq!(bad, None, "{format}: {line:?}");
        assert!(!line.contains("##["), "{format}: {line}");
        let is_command = line.trim_start().starts_with("::");
        let is_ours = line.starts_with("::error ") || line.starts_with("::warning ");
        assert!(!is_command || (format == "github" && is_ours), "{format}: {line}");
    }
    match format {
        "json" => {
            for line in text.lines() {
                serde_json::from_str::<Value>(line).expect("JSON");
            }
        }
        "sarif" => drop(serde_json::from_str::<Value>(text).expect("JSON")),
        "junit" => assert_well_formed(text),
        _ => {}
    }
}

/// Reads XML to its end, and checks that all characters are allowed in XML 1.0.
fn assert_well_formed(text: &str) {
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    while !matches!(reader.read_event().expect("XML"), quick_xml::events::Event::Eof) {}
    let is_no_character = |char: char| matches!(char, '\u{fffe}' | '\u{ffff}');
    assert_eq!(text.chars().find(|&char| is_no_character(char)), None);
}

/// All reports of a run, those of `merge` too, and the page.
fn assert_all_harmless(folder: &Folder, input: &std::path::Path) {
    let report = folder.file("report.jsonl", check("json", &[input]).output);
    for format in FORMATS {
        let said = check(format, &[input]);
        assert_eq!(said.code, 1, "{format}");
        assert_harmless(format, &said.output);
        let options = ["merge", "--format", format].map(std::ffi::OsString::from);
        let said = stackmap_verify(options.into_iter().chain([report.clone().into()]));
        assert_eq!(said.code, 1, "{format}");
        assert_harmless(format, &said.output);
    }
    let colored = stackmap_verify(
        ["check".as_ref(), "--color=always".as_ref(), input.as_os_str()].map(|a| a.to_owned()),
    );
    assert!(!colored.output.contains("\u{1b}[8m") && !colored.output.contains("##["));
    let page = folder.path("page.html");
    let html = format!("--html={}", page.display());
    stackmap_verify(["check".into(), html.into(), input.as_os_str().to_owned()]);
    assert_harmless("html", &std::fs::read_to_string(&page).expect("a page"));
    let said = stackmap_verify([
        "explore".into(),
        input.as_os_str().to_owned(),
        "--output".into(),
        page.clone().into(),
    ]);
    assert_eq!(said.code, 0, "{}", said.errors);
    assert_harmless("html", &std::fs::read_to_string(page).expect("a page"));
}

#[test]
fn no_character_of_a_name_does_anything_in_any_format() {
    let all: Vec<char> = ('\0'..=char::MAX).filter(|char| !"\n".contains(*char)).collect();
    let wrong = wrong();
    let log = all.chunks(1 << 15).map(|chars| {
        let name: String = chars.iter().collect();
        wrong.replace("%m", &format!("%m{name}"))
    });
    let folder = Folder::new();
    // A log that contains a zero character is not treated as binary for that reason.
    let input = folder.file("all.log", log.collect::<String>());
    assert_all_harmless(&folder, &input);
}

#[test]
fn no_name_of_a_file_does_anything_in_any_format() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path("logs")).expect("a folder of our own");
    let chars = ('\u{1}'..='\u{ff}').chain("\u{61c}\u{2028}\u{202e}\u{2066}\u{fffe}".chars());
    let mut names: Vec<String> = chars.filter(|&char| char != '/').map(String::from).collect();
    names.extend(
        ["##[stop-commands]x", "::error::x", "a\n::error::x", "%0A::error::x"].map(String::from),
    );
    for name in &names {
        folder.file(&format!("logs/{name}.log"), wrong());
        // Something to skip.
        folder.file(&format!("logs/{name}.txt"), "");
    }
    assert_all_harmless(&folder, &folder.path("logs"));
    // A path that is given, and a report that cannot be read.
    for name in &names {
        let said = check("short", &[folder.path(&format!("{name}.log"))]);
        assert_harmless("short", &said.output);
        let said = stackmap_verify(["merge".into(), folder.path(&format!("{name}.log"))]);
        assert_eq!(said.errors.lines().count(), 1, "{}", said.errors);
        assert_harmless("errors", &said.errors);
    }
}

/// Names of pairs as text are in pictures, too.
#[test]
fn no_name_in_a_picture_does_anything() {
    let pair = std::fs::read_to_string("fixtures/pairs/missing_root.pair").expect("a fixture");
    let name = "\"<img src=x onerror=alert(1)>\u{202e}\u{200b}##[x\"";
    let declared = pair.lines().find_map(|line| line.strip_prefix("declared ")).expect("names");
    let first = declared.split(' ').next().expect("a name");
    let words = |line: &str| -> String {
        let named = |word: &str| match word.trim_matches(['[', ']', ',', ';']) == first {
            true => word.replace(first, name),
            false => word.to_owned(),
        };
        line.split(' ').map(named).collect::<Vec<_>>().join(" ") + "\n"
    };
    let folder = Folder::new();
    let input = folder.file("a.pair", pair.lines().map(words).collect::<String>());
    for (option, command) in [("--html", "check"), ("--output", "explore")] {
        let page = folder.path("page.html");
        let arguments = [command.into(), option.into(), page.clone().into(), input.clone().into()];
        stackmap_verify::<std::ffi::OsString>(arguments);
        let page = std::fs::read_to_string(page).expect("a page");
        assert!(
            page.contains("figure class=\"timeline\"") && page.contains("&lt;img"),
            "{command}"
        );
        assert!(!page.contains("<img"));
        assert_harmless("html", &page);
        assert!(!page.contains('\u{200b}'), "{command}");
    }
}

#[test]
fn words_that_are_commands_to_workflows() {
    let folder = Folder::new();
    for name in ["##[stop-commands]tok", "###[x", "::error::x", "a##[b##[c::d:::e"] {
        let input = folder.file("a.log", wrong().replace("%m", &format!("%m{name}")));
        assert_all_harmless(&folder, &input);
        // JSON preserves all of it.
        let line = check("json", &[&input]).output;
        let record: Value = serde_json::from_str(line.lines().next().unwrap()).expect("JSON");
        assert_eq!(record["function"], format!("%m{name}"));
    }
}

#[test]
fn a_declare_line_shows_where_it_decides_and_nowhere_else() {
    let asked = ["--declare-lines", "cases/hostile/ambiguous_remark.log"];
    for paths in [&asked[..], &asked[1..], &["cases/hostile/ambiguous_header.log"]] {
        let said = check("short", paths);
        assert_eq!(said.code, 0);
        let words = "; the references of 1 are those of `;! declare` lines in logs";
        assert!(said.output.contains(words), "{}", said.output);
        let lines = check("json", paths).output;
        let mut lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        assert_eq!(lines.next().unwrap()["stated"], true);
        assert_eq!(lines.next().unwrap()["stated"], 1);
        assert!(check("junit", paths).output.contains("declare-line"));
    }
    // A line that a program printed does not affect what is certain.
    for case in ["missing_remark", "ambiguous_remark_hides"] {
        let said = check("short", &[format!("cases/hostile/{case}.log")]);
        assert_eq!(said.code, 1, "{case}");
        assert!(!said.output.contains("those of `;! declare` lines"), "{}", said.output);
    }
    let said = check("short", &["cases/hostile/ambiguous_spilled.log"]);
    assert_eq!(said.code, 2);
    assert!(said.output.contains("`;! declare v0 v3`"), "{}", said.output);
}

#[test]
fn numbers_that_nobody_uses_cost_nothing() {
    for case in ["declbig", "decl_sig10000000", "declared_beyond"] {
        let path = format!("cases/hostile/{case}.clif");
        // The input beside it is checked nevertheless.
        let said = check("short", &[path.as_str(), "fixtures/SM001/near_miss.log"]);
        assert_eq!(said.code, 2, "{}", said.output);
        assert!(said.output.contains("has a number that is too large"), "{}", said.output);
        assert!(said.output.contains("1 verified"), "{}", said.output);
    }
}

#[test]
fn more_jobs_than_anything_could_use() {
    let said = check("short", &["--jobs=10000", "fixtures/SM001/near_miss.log"]);
    assert_eq!(said.code, 0, "{}", said.errors);
}
