//! The property of the fuzz target `frontends`, on some random choices.

use stackmap_frontends::frontends;
use stackmap_oracle::dice::bytes;

const SEEDS: u64 = 400;

#[test]
fn random_mutants() {
    let failed = (0..SEEDS).find_map(|seed| frontends(&bytes(seed, 400)).err());
    assert_eq!(failed, None);
}
