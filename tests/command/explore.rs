//! `explore`: a page that shows functions, right or wrong.

use std::path::Path;

use scraper::Html;
use stackmap_tests::{Said, stackmap_verify};

use crate::page::{count, parse, selector, text};
use crate::snapshot;
use crate::temporary::Folder;

const B1: &str = "historical/0.132.0/B1_def_by_safepoint_loop.log";
const RIGHT: &str = "fixtures/SM001/near_miss.log";
const LOOP: &str = "webassembly/loop.wat";

/// Runs the command, and returns the page as well.
fn explore(arguments: &[&str]) -> (Said, String) {
    let folder = Folder::new();
    let file = folder.path("page.html");
    let file = file.to_str().expect("UTF-8");
    let said = stackmap_verify(["explore", "--output", file].iter().chain(arguments).copied());
    assert_eq!((said.code, said.output.as_str()), (0, ""), "{}", said.errors);
    let page = std::fs::read_to_string(file).expect("a page");
    assert_eq!(folder.names(), ["page.html"]);
    (Said { errors: folder.hide(&said.errors), ..said }, page)
}

/// Runs the command where it has to fail, and to write nothing.
fn fails(arguments: &[&str]) -> String {
    let folder = Folder::new();
    let file = folder.path("page.html");
    let file = file.to_str().expect("UTF-8");
    let said = stackmap_verify(["explore", "--output", file].iter().chain(arguments).copied());
    assert_eq!((said.code, said.output.as_str()), (2, ""), "{}", said.errors);
    assert_eq!(folder.names(), [""; 0]);
    said.errors
}

/// The texts of elements, one each.
fn texts(page: &Html, of: &str) -> Vec<String> {
    page.select(&selector(of)).map(|element| element.text().collect()).collect()
}

#[test]
fn a_verified_function_is_shown_with_its_slots_live_references_and_maps() {
    let (said, page) = explore(&[RIGHT]);
    assert_eq!(said.errors, "stackmap-verify: page.html shows 1 function\n");
    let parsed = parse(&page);
    assert_eq!(text(&parsed, ".form h4 .verdict"), "verified");
    assert_eq!(texts(&parsed, ".names text.row"), ["ss0", "ss1", "v0", "v1"]);
    assert_eq!(texts(&parsed, ".names text.live"), ["v0", "v1"]);
    // Each safepoint has its line, its map, and a link from the timeline.
    let safepoints = count(&parsed, ".row.safepoint");
    assert_eq!(count(&parsed, ".row.safepoint .map"), safepoints);
    assert_eq!(count(&parsed, "svg a .safepoint"), safepoints);
    assert_eq!(count(&parsed, ".row.safepoint[tabindex='0']"), safepoints);
    let maps = texts(&parsed, ".map");
    assert!(maps.iter().any(|map| map.contains("Live across it: v0 in ss0")), "{maps:?}");
    snapshot::assert("explore_verified.html", &page);
}

#[test]
fn a_violated_function_is_shown_with_what_was_found() {
    let (_, page) = explore(&[B1]);
    let parsed = parse(&page);
    assert_eq!(text(&parsed, ".form h4 .verdict"), "violated");
    assert_eq!(count(&parsed, "section.finding"), 1);
    assert_eq!(count(&parsed, "svg.cfg"), 1);
    // The two of the finding, and the one of the function.
    assert_eq!(count(&parsed, "figure.timeline"), 3);
    assert!(text(&parsed, ".map").contains("v0 in no slot of the map"), "{page}");
}

#[test]
fn a_function_alone_is_shown_by_its_slots() {
    let (_, page) = explore(&["fixtures/SM103/fires.clif"]);
    let parsed = parse(&page);
    assert!(text(&parsed, ".form h4").contains("The function alone"));
    assert_eq!(count(&parsed, "figure.timeline"), 1);
    assert_eq!(count(&parsed, ".names text.live"), 0);
    assert!(count(&parsed, ".row.safepoint .map") > 0);
}

#[test]
fn webassembly_is_shown_down_to_machine_code() {
    let (_, page) = explore(&[LOOP]);
    let parsed = parse(&page);
    assert_eq!(count(&parsed, "article"), 1);
    let forms = texts(&parsed, ".form h4");
    let expected = ["Before and after spilling", "After optimization", "Machine code"];
    assert_eq!(forms.len(), 3);
    assert!(forms.iter().zip(expected).all(|(form, name)| form.starts_with(name)), "{forms:?}");
    assert!(text(&parsed, ".source-place").contains("@005c"));
    assert!(count(&parsed, ".calls tbody tr") >= 4);
    assert!(text(&parsed, ".calls .chip").contains("i32 ss0"));
}

#[test]
fn functions_are_chosen_by_name() {
    let (said, page) = explore(&["--function", "b1", "--function=%b1", "historical/0.132.0"]);
    assert!(said.errors.contains("shows 1 function\n"), "{}", said.errors);
    assert_eq!(text(&parse(&page), "article h3"), "%b1");
    let errors = fails(&["--function", "%nowhere", RIGHT]);
    assert!(errors.contains("there is no function %nowhere: %"), "{errors}");
}

#[test]
fn what_is_left_out_is_said_on_the_page_and_beside_it() {
    let (said, page) = explore(&["--most=2", "corpus"]);
    assert!(said.errors.contains("page.html shows 2 functions\n"), "{}", said.errors);
    let last = said.errors.lines().last().unwrap_or_default();
    assert!(last.contains("more functions would be too much for a page"), "{last}");
    assert!(last.contains("--function NAME") && last.contains("--most N"), "{last}");
    let parsed = parse(&page);
    assert_eq!(count(&parsed, "article"), 2);
    assert!(text(&parsed, ".note").contains("more functions ("), "{page}");
    // Violated functions have room of their own.
    let (_, page) = explore(&["--most=1", "corpus", B1]);
    let verdicts = texts(&parse(&page), ".form h4 .verdict");
    assert_eq!(verdicts, ["verified", "violated"]);
}

#[test]
fn there_is_nothing_to_show() {
    for nothing in ["nowhere.log", "lib.rs"] {
        let errors = fails(&[nothing]);
        assert!(errors.contains("there is no function to show: "), "{errors}");
        assert!(errors.contains(nothing), "{errors}");
    }
    let folder = Folder::new();
    let module = folder.file("a.wat", "(module (func) (func))");
    let errors = fails(&[module.to_str().expect("UTF-8")]);
    assert!(errors.contains("of 2 functions, none has references"), "{errors}");
    let errors = fails(&["--no-config"]);
    assert!(errors.contains("what to explore is neither on the command line"), "{errors}");
}

#[test]
fn a_page_that_cannot_be_written_or_would_replace_its_input() {
    let folder = Folder::new();
    let place = folder.path("nowhere/page.html");
    let said =
        stackmap_verify(["explore".as_ref(), RIGHT.as_ref(), "-o".as_ref(), place.as_os_str()]);
    assert_eq!(said.code, 2);
    assert!(said.errors.contains("page.html cannot be written: "), "{}", said.errors);
    let log = folder.file("a.log", std::fs::read(RIGHT).expect("a log"));
    let said =
        stackmap_verify(["explore".as_ref(), log.as_os_str(), "-o".as_ref(), log.as_os_str()]);
    assert_eq!(said.code, 2);
    assert!(said.errors.contains("--output would replace "), "{}", said.errors);
}

#[test]
fn every_input_of_the_tests_makes_a_page_that_is_well_formed() {
    let mut shown = 0;
    let folders = ["fixtures", "cases", "sketches", "historical", "corpus", "webassembly"];
    for folder in folders.iter().filter(|folder| Path::new(folder).exists()) {
        let (_, page) = explore(&["--most=400", folder]);
        let parsed = parse(&page);
        shown += count(&parsed, "article");
        // A verified pair has each live reference in each stack map.
        for form in parsed.select(&selector(".form")) {
            let of = |what: &str| -> String {
                form.select(&selector(what)).flat_map(|element| element.text()).collect()
            };
            let is_right = of("h4").contains("Before") && of("h4 .verdict").contains("verified");
            assert!(!is_right || !of(".map").contains("in no slot of the map"), "{}", of("h4"));
        }
    }
    assert!(shown > 700, "{shown}");
}

#[test]
fn the_bytes_do_not_depend_on_how_many_functions_are_verified_at_a_time() {
    let (_, one) = explore(&["--jobs=1", "fixtures", LOOP]);
    let (_, four) = explore(&["--jobs=4", "fixtures", LOOP]);
    assert!(one == four);
}
