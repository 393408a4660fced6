//! The part of the documentation with the scores.

use std::fmt::Write;

use super::score::{KINDS, Score, Scores};

/// Returns the part of `docs/machine-code-faults.md` with these scores.
pub fn page(scores: &Scores) -> String {
    let mut page = HEAD.to_owned();
    for (kind, score) in KINDS.iter().zip(scores) {
        let codes: Vec<String> =
            score.codes.iter().map(|(code, count)| format!("{code}: {count}")).collect();
        let Score { injected, found, unchecked, .. } = score;
        let (name, codes) = (kind.name, codes.join(", "));
        writeln!(page, "| {name} | {injected} | {found} | {unchecked} | {codes} |")
            .expect("a string takes all");
    }
    page
}

const HEAD: &str = "
## Faults in the instructions

The same functions, and more that are generated, are compiled for x86-64, without and with
optimization. Then either bytes of the code are changed, or another function is lowered
than the one that is verified, as by a code generator with a fault. Each fault changes
which bytes of the frame are accessed, or when; some change nothing that the function
computes, as if what a load reads is not used. All should be *found*, and none should make
the code one whose instructions are *not checked*. A test fails if the numbers are others.

| fault | injected | found | not checked | reported |
|---|---:|---:|---:|---|
";
