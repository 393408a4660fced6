//! The part of the documentation with the scores.

use std::fmt::Write;

use super::fault::KINDS;
use super::score::{SETS, Score, Scores};

/// Returns the part of `docs/machine-code-faults.md` with the scores of each of [`SETS`].
pub fn page(scores: &[Scores]) -> String {
    let mut page = HEAD.to_owned();
    for ((_, name), scores) in SETS.iter().zip(scores) {
        page += &format!("\n### {name}\n{TABLE}");
        rows(&mut page, scores);
    }
    page
}

fn rows(page: &mut String, scores: &Scores) {
    for (kind, score) in KINDS.iter().zip(scores) {
        let codes: Vec<String> =
            score.codes.iter().map(|(code, count)| format!("{code}: {count}")).collect();
        let Score { harmful, found, harmless, silent, unchecked, .. } = score;
        let (name, codes) = (kind.name, codes.join(", "));
        writeln!(
            page,
            "| {name} | {harmful} | {found} | {harmless} | {silent} | {unchecked} | {codes} |"
        )
        .expect("a string takes all");
    }
}

const HEAD: &str = "
## Faults in the instructions

The same functions, and more that are generated, are compiled for x86-64 and for Pulley,
without and with optimization. Then either bytes of the code are changed, or another function is lowered
than the one that is verified, as by a code generator with a fault.

A fault is *harmless* if a program shows that it changes nothing that has an effect: what
calls, stores, branches, traps and other loads than those of slots get is the same, with all
that it is computed from; and if bytes are changed, these are those of a load on whose value
none of this depends, and the register that it loads instead is used by nothing, or written again
before it is read. All others are *harmful*, as far as is known. Of these all should be *found*. With the
former the code may be verified in *silence*; but a slot that is accessed otherwise is told
whether or not it matters. None should make the code one whose instructions are *not
checked*. A test fails if the numbers are others.
";

const TABLE: &str = "
| fault | harmful | found | harmless | silent | not checked | reported |
|---|---:|---:|---:|---:|---:|---|
";
