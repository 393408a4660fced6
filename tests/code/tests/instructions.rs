//! Faults
use stackmap_code_tests::instructions::{KINDS, scores};

#[test]
fn faults_are_found() {
    for (kind, score) in KINDS.iter().zip(&scores()) {
        println!("{}: {score:#?}", kind.name);
    }
}
