//! `--html`: a page besides the report.

use std::path::Path;

use scraper::Html;
use stackmap_tests::{Said, stackmap_verify};
use stackmap_verifier::findings::Code;

use crate::page::{count, parse, selector, text};
use crate::snapshot;
use crate::temporary::Folder;

const B1: &str = "historical/0.132.0/B1_def_by_safepoint_loop.log";

/// All outcomes that an input can have.
const MIXED: [&str; 6] =
    ["fixtures", "sketches", "historical/0.111.0", "historical/undecided", "corpus", "nowhere.log"];

/// Checks paths, and returns the page as well.
fn page(options: &[&str], paths: &[&str]) -> (Said, String) {
    let folder = Folder::new();
    let file = folder.path("page.html");
    let file = file.to_str().expect("UTF-8");
    let arguments = ["check", "--html", file].into_iter();
    let arguments = arguments.chain(options.iter().copied()).chain(paths.iter().copied());
    let said = stackmap_verify(arguments);
    let page = std::fs::read_to_string(file).expect("a page");
    assert_eq!(folder.names(), ["page.html"]);
    (said, page)
}

#[test]
fn the_historical_bug_on_a_page() {
    let (said, page) = page(&[], &[B1]);
    assert_eq!(said.code, 1);
    let parsed = parse(&page);
    assert_eq!(count(&parsed, "article"), 1);
    assert_eq!(count(&parsed, "figure.timeline"), 2);
    assert_eq!(count(&parsed, "svg.cfg .block"), 3);
    assert_eq!(count(&parsed, "svg.cfg .edge.back"), 1);
    assert_eq!(text(&parsed, ".names .wrong"), "✕ ss0✕ v11✕ ss0✕ v11");
    snapshot::assert("historical_B1_def_by_safepoint_loop.html", &page);
}

#[test]
fn every_kind_of_result_is_well_formed_and_counted() {
    let (said, page) = page(&["--format=json"], &MIXED);
    assert_eq!(said.code, 1);
    let parsed = parse(&page);
    let summary = said.output.lines().last().expect("the sums");
    let summary: serde_json::Value = serde_json::from_str(summary).expect("JSON");
    let tiles: Vec<String> =
        parsed.select(&selector(".tile dd")).map(|tile| tile.text().collect()).collect();
    let sums = ["functions", "violated", "unsupported", "errors", "warnings", "verified"];
    let sums = sums.map(|what| summary[what].to_string());
    assert_eq!(tiles, sums);
    let unjudged = count(&parsed, ".unjudged tbody tr");
    assert_eq!(
        Some(unjudged as u64),
        summary["errors"].as_u64().zip(summary["unsupported"].as_u64()).map(|(a, b)| a + b)
    );
    assert!(text(&parsed, "#unjudged").contains("nowhere.log"));
}

#[test]
fn the_report_and_the_exit_status_stay_what_they_are() {
    for format in ["human", "short", "json", "sarif", "junit", "github"] {
        for path in [B1, "fixtures/SM101/fires.log", "fixtures/SM001/near_miss.log", "nowhere.log"]
        {
            let option = format!("--format={format}");
            let (said, _) = page(&[&option], &[path]);
            assert_eq!(said, stackmap_verify(["check", &option, path]), "{format} {path}");
        }
    }
}

#[test]
fn the_bytes_do_not_depend_on_how_many_functions_are_verified_at_a_time() {
    let (_, one) = page(&["--jobs=1"], &["fixtures", "sketches"]);
    let (_, four) = page(&["--jobs=4"], &["fixtures", "sketches"]);
    assert!(one == four);
}

#[test]
fn each_finding_has_its_pictures() {
    for code in Code::ALL {
        let pair = format!("fixtures/{code}/fires.log");
        // There are pictures of pairs only.
        let is_no_pair = [Code::ChangedProgram, Code::MisplacedAccess].contains(code);
        if is_no_pair || !Path::new(&pair).exists() {
            continue;
        }
        let (_, page) = page(&[], &[&pair]);
        let parsed = parse(&page);
        assert_eq!(count(&parsed, "section.finding"), 1, "{code}");
        assert_eq!(count(&parsed, "svg.cfg"), 1, "{code}");
        assert_eq!(count(&parsed, "figure.timeline"), 2, "{code}");
        // In red on both timelines, and by name beside them; except a value that is in no slot.
        if code != &Code::UndeclaredFlow {
            assert!(count(&parsed, "g.clash") >= 2, "{code}");
            assert!(count(&parsed, ".names .wrong") >= 2, "{code}");
        }
        assert!(count(&parsed, "g.safepoint") >= 2, "{code}");
        assert!(count(&parsed, "svg.cfg .block.end") == 1, "{code}");
        assert!(count(&parsed, "mark.primary") >= 1, "{code}");
    }
}

#[test]
fn a_function_with_several_findings_shows_each() {
    let folder = Folder::new();
    let log = std::fs::read_to_string("fixtures/SM007/fires.log").expect("a fixture");
    let log = log.replace("stack_map=[i64 @ ss0+0]", "stack_map=[i64 @ ss0+0, i64 @ ss0+0]");
    let log = folder.file("two.log", log);
    let (said, page) = page(&["--format=short"], &[log.to_str().expect("UTF-8")]);
    assert!(said.output.contains("error[SM007]") && said.output.contains("warning[SM102]"));
    let parsed = parse(&page);
    assert_eq!(count(&parsed, "article"), 1);
    assert_eq!(count(&parsed, "section.finding.bad"), 1);
    assert_eq!(count(&parsed, "section.finding.warn"), 1);
    assert_eq!(count(&parsed, "svg.cfg"), 2);
    assert_eq!(count(&parsed, "figure.timeline"), 4);
    assert!(text(&parsed, ".index").contains("and 1 more"));
}

#[test]
fn a_run_that_checked_nothing_says_so() {
    let (said, page) = page(&["--partition=slice:2/2"], &[B1]);
    assert_eq!(said.code, 0);
    let parsed = parse(&page);
    assert!(text(&parsed, "#summary").contains("Nothing was checked, so nothing is claimed."));
    assert_eq!(count(&parsed, "article"), 0);
}

#[test]
fn verified_functions_are_only_counted() {
    let (said, page) = page(&[], &["corpus"]);
    assert_eq!(said.code, 0);
    let parsed = parse(&page);
    assert_eq!(count(&parsed, "article") + count(&parsed, "#unjudged"), 0);
    assert!(page.len() < 30_000, "{}", page.len());
}

#[test]
fn what_comes_from_outside_is_text() {
    let hostile = "<img src=x onerror=alert(1)>\\\" & `</style>";
    let folder = Folder::new();
    let report = stackmap_verify(["check", "--format=json", B1]).output;
    let report = report.replace("%b1", hostile).replace("block0", hostile);
    let shard = folder.file("1.jsonl", report.replace("v0", hostile));
    let file = folder.path("page.html");
    let arguments = ["merge".into(), "--html".into(), file.clone().into(), shard.into()];
    assert_eq!(stackmap_verify::<std::ffi::OsString>(arguments).code, 1);
    let page = std::fs::read_to_string(file).expect("a page");
    let parsed = Html::parse_document(&page);
    assert_eq!(parsed.errors, [""; 0]);
    assert_eq!(count(&parsed, "img"), 0);
    assert_eq!(count(&parsed, "style"), 1);
    assert!(text(&parsed, "article h3").starts_with("<img src=x onerror=alert(1)>\" & `</style>"));
    // A file may be called anything as well.
    let name = folder.file("<svg onload=alert(1)>.log", std::fs::read(B1).expect("a log"));
    let arguments = ["check".into(), "--html".into(), folder.path("2.html").into(), name.into()];
    assert_eq!(stackmap_verify::<std::ffi::OsString>(arguments).code, 1);
    let page = std::fs::read_to_string(folder.path("2.html")).expect("a page");
    assert!(page.contains("&lt;svg onload=alert(1)&gt;.log"));
    assert!(!page.contains("<svg onload"));
}

#[test]
fn merged_shards_make_a_page_without_pictures() {
    let folder = Folder::new();
    let shard = |which: usize| {
        let partition = format!("--partition=slice:{which}/2");
        let said = stackmap_verify(["check", "--format=json", &partition, "fixtures", "sketches"]);
        folder.file(&format!("{which}.jsonl"), said.output)
    };
    let shards = [shard(1), shard(2)];
    let file = folder.path("page.html");
    let arguments = ["merge".into(), "--html".into(), file.clone().into_os_string()];
    let said = stackmap_verify(arguments.into_iter().chain(shards.map(Into::into)));
    assert_eq!(said.errors, "");
    let merged = parse(&std::fs::read_to_string(file).expect("a page"));
    let (_, whole) = page(&[], &["fixtures", "sketches"]);
    let whole = parse(&whole);
    for same in [".tiles", "table.inputs", ".index", ".message", ".notes", ".witness"] {
        assert_eq!(text(&merged, same), text(&whole, same), "{same}");
    }
    assert_eq!(count(&merged, "svg"), 0);
    assert!(text(&merged, "article").contains("There are no pictures"));
}

#[test]
fn a_page_that_cannot_be_written() {
    let folder = Folder::new();
    let place = folder.path("nowhere/page.html");
    let place = place.to_str().expect("UTF-8");
    let said = stackmap_verify(["check", "--html", place, B1]);
    assert_eq!((said.code, said.output.as_str()), (2, ""));
    assert!(said.errors.contains("nowhere/page.html cannot be written: "), "{}", said.errors);
    let both = folder.path("both");
    let both = both.to_str().expect("UTF-8");
    let said = stackmap_verify(["check", "--html", both, "--output", both, B1]);
    assert_eq!((said.code, said.output.as_str()), (2, ""));
    assert!(said.errors.contains("--output and --html are both "), "{}", said.errors);
    assert_eq!(folder.names(), [""; 0]);
}

#[test]
fn a_page_and_a_report_both_appear() {
    let folder = Folder::new();
    let (page, report) = (folder.path("page.html"), folder.path("report.txt"));
    let (page, report) = (page.to_str().expect("UTF-8"), report.to_str().expect("UTF-8"));
    let said = stackmap_verify(["check", "--html", page, "--output", report, B1]);
    assert_eq!(said.code, 1);
    assert_eq!(folder.names(), ["page.html", "report.txt"]);
}
