//! `docs/mutants.md`.

use std::fmt::Write;

use stackmap_oracle::after_only::totals::Totals as AfterOnly;
use stackmap_oracle::totals::{SEEDS as PAIRS, Totals as Pairs};
use stackmap_verifier::Collector;

use crate::totals::{SEEDS, Totals};

const COLLECTORS: [(Collector, &str); 2] = [
    (Collector::Moving, "A collector that moves objects"),
    (Collector::NonMoving, "A collector that moves nothing"),
];

const BEGIN: &str = "\
# Faults, and which of them are found

Printed by one command; do not edit:

```text
cargo run -p stackmap-generator --bin mutants > docs/mutants.md
```

The tests of `stackmap-oracle` and `stackmap-generator` compare the same pairs and
fail if a table here is not what they find. Many more are compared by
`cargo run --release -p stackmap-oracle --bin soak -- SEEDS` and
`cargo run --release -p stackmap-generator --bin soak_spillers -- SEEDS`.

The oracle visits every state of a pair. *Harmful* and *harmless* are what it says
of a pair with one fault of a kind that a spiller could make; the verifier should
report all of the former (*detected*) and none of the latter (*silent*). Where the
two numbers differ, the pair was undecided. *Unsupported* are those that neither can
judge, for the address of a slot escapes, or a split-edge block is on two edges. The codes are
those reported; the oracle has replayed the path of each, edge by edge, and seen it fail
in the place and way that the code says.

## What real spillers make of random functions

Each function goes through the spillers of two versions of Cranelift. *All declared*
are functions that are violated although every reference in them is declared: these
the spiller miscompiles. What else is violated was declared incompletely. *Shared
slot* are the miscompiled ones in which two references share a slot; most others
pass a reference along an edge of a `try_call`.
";

const AFTER_ONLY: &str = "
## Faults that a function shows by itself

[After-only evidence](after-only.md): the functions after of what the oracle's own spiller
made right, with one fault of each kind in them, and the declared values; and functions of
random instructions. Another oracle runs them state by state, with objects that move and
with objects that stay. Of every function here, verifier and oracle say the same. *Violated*
is a fault that shows without the function before. Of the others most are harmless, and
some are not: which value a reload should give, and that a reference is missing from all
maps, only a pair can show. More are compared by
`cargo run --release -p stackmap-oracle --bin soak_after_only -- SEEDS`.
";

/// The whole document.
///
/// # Errors
///
/// The first pair on which verifier and oracle disagree.
pub fn document() -> Result<String, String> {
    let real = Totals::of(SEEDS, Collector::Moving)?;
    let mut document = String::from(BEGIN);
    // Writing to a string cannot fail.
    let _ = write!(
        document,
        "\n{}\n{}\n\
         ## Faults in what real spillers made\n\n{}\n{} pairs compared; {} undecided, {} too \
         large for the oracle.\n",
        real.outcomes(),
        real.feature_table(),
        real.mutants.table(),
        real.mutants.pairs,
        real.mutants.undecided,
        real.mutants.too_large
    );
    document.push_str(
        "\n## Faults in what the oracle's own spiller made\n\n\
         It works on the model, in several styles, and knows registers too.\n",
    );
    for (collector, name) in COLLECTORS {
        let pairs = Pairs::of(PAIRS, collector).map_err(|dispute| dispute.to_string())?;
        if collector == Collector::Moving {
            let _ = write!(document, "\n{}", pairs.feature_table());
        }
        let _ = write!(
            document,
            "\n### {name}\n\n{}\n{} pairs compared; {} undecided, {} too large for the oracle.\n",
            pairs.table(),
            pairs.pairs,
            pairs.undecided,
            pairs.too_large
        );
    }
    document.push_str(AFTER_ONLY);
    for (collector, name) in COLLECTORS {
        let _ = write!(
            document,
            "\n### {name}, and no function before\n\n{}",
            AfterOnly::of(collector)?
        );
    }
    Ok(document)
}
