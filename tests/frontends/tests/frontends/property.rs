//! The property of the fuzz target `frontends`, on some random choices and on those that once
//! made it fail.

use std::fs;
use std::path::Path;

use stackmap_frontends::frontends;
use stackmap_oracle::dice::bytes;

const SEEDS: u64 = 400;

#[test]
fn random_mutants() {
    let failed = (0..SEEDS).find_map(|seed| frontends(&bytes(seed, 400)).err());
    assert_eq!(failed, None);
}

#[test]
fn fixtures_hold() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/fuzz/frontends");
    for entry in fs::read_dir(folder).expect("a folder of the tests") {
        let path = entry.expect("readable").path();
        assert_eq!(frontends(&fs::read(&path).expect("a file")), Ok(()), "{}", path.display());
    }
}
