//! Files with small faults, as in the fuzz target `command`.

use stackmap_oracle::dice::bytes;
use stackmap_tests::parsed;

use crate::temporary::Folder;

#[test]
fn every_format_of_a_run_on_mutants_is_read_by_others_and_says_the_same() {
    let mut statuses = [0; 3];
    for seed in 0..200 {
        let folder = Folder::new();
        let status = parsed(&bytes(seed, 400), &folder.path(""));
        statuses[usize::from(status)] += 1;
    }
    // Each status must occur; otherwise the test would show little.
    assert!(statuses.iter().all(|&count| count >= 10), "{statuses:?}");
}
