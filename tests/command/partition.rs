//! `--partition`.

use std::collections::BTreeSet;

use stackmap_tests::{Said, stackmap_verify};

const PATHS: [&str; 3] = ["sketches", "fixtures", "nowhere.log"];

fn inputs(said: &Said) -> Vec<String> {
    let lines = said.output.lines().map(|line| serde_json::from_str(line).expect("JSON"));
    let mut inputs: Vec<String> = lines
        .filter_map(|line: serde_json::Value| line["input"].as_str().map(str::to_owned))
        .collect();
    inputs.dedup();
    inputs
}

fn check(options: &[&str], paths: &[&str]) -> Said {
    let options = ["check", "--format=json"].iter().chain(options);
    stackmap_verify(options.chain(paths).copied())
}

#[test]
fn slices_are_dealt_out_in_turn_over_the_sorted_files() {
    let mut all = inputs(&check(&[], &PATHS));
    all.sort();
    for (first, slice) in ["slice:1/3", "slice:2/3", "slice:3/3"].iter().enumerate() {
        let mut slice = inputs(&check(&["--partition", slice], &PATHS));
        slice.sort();
        let expected: Vec<String> = all.iter().skip(first).step_by(3).cloned().collect();
        assert_eq!(slice, expected);
    }
}

#[test]
fn the_order_of_the_paths_does_not_decide_who_checks_what() {
    let set = |paths| inputs(&check(&["--partition=slice:2/5"], paths)).into_iter();
    let forwards: BTreeSet<String> = set(&PATHS).collect();
    let backwards = set(&["nowhere.log", "fixtures", "sketches"]).collect();
    assert_eq!(forwards, backwards);
}

#[test]
fn an_empty_slice_is_no_trouble_but_shows() {
    let said = check(&["--partition=slice:2/2"], &["fixtures/SM001/near_miss.log"]);
    assert_eq!((said.code, said.errors.as_str()), (0, ""));
    assert!(
        said.output.starts_with(r#"{"version":1,"type":"summary","functions":0,"#),
        "{}",
        said.output
    );
    assert!(said.output.contains(r#""inputs":0,"partition":"slice:2/2""#), "{}", said.output);
}

#[test]
fn a_slice_that_cannot_be_read_is_explained() {
    let cases = [
        ("1/3", "a partition has the form `slice:K/N`, such as `slice:1/3`"),
        ("slice:1", "a partition has the form `slice:K/N`, such as `slice:1/3`"),
        ("hash:1/3", "there is no partition by `hash`; the form is `slice:K/N`"),
        ("slice:0/3", "`0` is no number from 1 on"),
        ("slice:a/3", "`a` is no number from 1 on"),
        ("slice:1/99999999999999999999", "`99999999999999999999` is no number from 1 on"),
        ("slice:4/3", "there is no slice 4 of 3: they are counted from 1 to 3"),
    ];
    for (text, message) in cases {
        let said = check(&["--partition", text], &PATHS);
        assert_eq!((said.code, said.output.as_str()), (2, ""), "{text}");
        assert!(said.errors.contains(message), "{text}: {}", said.errors);
        assert!(said.errors.contains("--partition <slice:K/N>"), "{text}: {}", said.errors);
    }
}
