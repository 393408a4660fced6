//! Faults in the tables: the harmful are found, the harmless are not reported. Faults in the
//! instructions: all are found.

use std::fs;
use std::path::Path;

use stackmap_code_tests::faults::KINDS;
use stackmap_code_tests::instructions;
use stackmap_code_tests::table::{page, scores};

#[test]
fn faults_are_found_and_the_page_says_so() {
    let scores = scores();
    let harmless = ["list an entry twice", "list maps and entries backwards", "add an empty map"];
    for (kind, score) in KINDS.iter().zip(&scores) {
        assert_eq!(score.found, score.harmful, "{}: {score:?}", kind.name);
        assert_eq!(score.silent, score.harmless, "{}: {score:?}", kind.name);
        let is_harmless = harmless.contains(&kind.name) || kind.name == "forget the types";
        let enough = if is_harmless { score.harmless } else { score.harmful };
        assert!(enough >= 20, "{}: {score:?}", kind.name);
    }
    let of_instructions = instructions::SETS.map(|(set, _)| instructions::scores(set));
    for ((set, _), scores) in instructions::SETS.iter().zip(&of_instructions) {
        for (kind, score) in instructions::KINDS.iter().zip(scores) {
            let all = (score.harmful, 0);
            assert_eq!((score.found, score.unchecked), all, "{set}, {}: {score:?}", kind.name);
            assert!(score.harmful >= 30, "{set}, {}: {score:?}", kind.name);
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let written = fs::read_to_string(root.join("docs/machine-code-faults.md")).expect("the page");
    let page = page(&scores) + &instructions::page(&of_instructions);
    assert!(written == page, "the page is not what its command prints");
}
