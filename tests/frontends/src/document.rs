//! `docs/front-ends.md`.

use std::collections::BTreeMap;
use std::fmt::Write;

use rayon::prelude::*;

use crate::base::{Base, all};
use crate::harmless::TABLE;
use crate::mutate::memory::Pool;
use crate::totals::{Row, Share, Totals};
use crate::verdict::FrontEnds;

const BEGIN: &str = "\
# What is read: the front ends against a judge

Printed by one command; do not edit:

```text
cargo run --release --bin frontends > docs/front-ends.md
```

The proof is about two functions. Whether they are the two that were written is up to
what reads them: the reader of CLIF text, and the view of Cranelift's functions in
memory. So pairs that are right are taken, one thing in one of the two functions is
changed, and both front ends are asked again.

A judge knows the answer. It reads text with cranelift-reader, asks Cranelift's own
verifier whether these are functions, and does on Cranelift's data what the [frame
condition](frame-condition.md) says: it erases from *after* what a spiller may add, puts the
operands back, and compares what is left with *before*, in everything a function has.
Whether what was added is right, the naive oracle decides, on a model that the judge
makes. It shares no code with the front ends, their comparison or the proof.

A mutant that verifies has to be the same function to the judge, rightly spilled; one
that is has to verify; one that is not has to be violated if Cranelift would compile it;
and both front ends have to say the same of every text that cranelift-reader takes.
Everything else stands in the last table, with the reason why it is harmless. A test in
CI tries a share of these mutants, another one each time the code changes what they are,
and fails if one is not explained; the fuzz target `frontends` tries random ones, several
changes at once.
";

/// The results for a share of the mutants.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    /// Of texts.
    pub texts: Totals,
    /// In memory.
    pub memory: Totals,
}

impl Counts {
    /// Tries a share of the mutants of texts, and one of those in memory.
    pub fn of(front_ends: FrontEnds, bases: &[Base], texts: Share, memory: Share) -> Counts {
        let pool = Pool::new(
            bases.iter().filter_map(|base| base.memory.as_ref()).flat_map(|m| [&m.0, &m.1]),
        );
        let shares = bases.par_iter().enumerate().map(|(i, base)| Counts {
            texts: Totals::of_texts(front_ends, base, texts.shifted(i)),
            memory: Totals::of_memory(front_ends, base, &pool, memory.shifted(i)),
        });
        shares.reduce(Counts::default, Counts::merge)
    }

    fn merge(self, other: Counts) -> Counts {
        Counts { texts: self.texts.merge(other.texts), memory: self.memory.merge(other.memory) }
    }

    /// Both together.
    pub fn both(&self) -> Totals {
        self.texts.clone().merge(self.memory.clone())
    }
}

/// Returns the whole document, and the unexplained results.
pub fn document(texts: Share, memory: Share) -> (String, String) {
    let bases = all();
    let counts = Counts::of(FrontEnds::REAL, &bases, texts, memory);
    let both = counts.both();
    let mut document = String::from(BEGIN);
    // Writing to a string cannot fail.
    let _ = write!(
        document,
        "\n## The pairs\n\n{}\n## Texts\n\n{}\n{}\n## In memory\n\n{}\n{}\n## What is harmless\n\n{}",
        pairs(&bases),
        one_of(texts),
        table("change", &counts.texts),
        one_of(memory),
        table("part of a function", &counts.memory),
        harmless(&both),
    );
    (document, both.report())
}

fn one_of(share: Share) -> String {
    match share.of {
        1 => "All mutants.\n".to_owned(),
        of => format!("One mutant of {of}.\n"),
    }
}

/// Returns the number of pairs made by each version's spiller.
pub fn pairs(bases: &[Base]) -> String {
    let mut versions: BTreeMap<Vec<u32>, (&str, usize)> = BTreeMap::new();
    for base in bases {
        let order = base.version.split('.').filter_map(|part| part.parse().ok()).collect();
        versions.entry(order).or_insert((&base.version, 0)).1 += 1;
    }
    let mut table = String::from("| spiller of Cranelift | pairs |\n|---|---:|\n");
    for (version, count) in versions.values() {
        let _ = writeln!(table, "| {version} | {count} |");
    }
    table
}

fn table(what: &str, totals: &Totals) -> String {
    let mut table = format!(
        "| {what} | mutants | no function | same, verified | other, violated | other, undecided \
         | harmless | too large |\n|---|---:|---:|---:|---:|---:|---:|---:|\n"
    );
    let mut sum = Row::default();
    for (kind, row) in &totals.rows {
        sum.add(row);
        let _ = writeln!(table, "| {kind} | {row} |");
    }
    let _ = writeln!(table, "| **all** | {sum} |");
    table
}

/// Returns the table of harmless differences, with the reasons.
fn harmless(totals: &Totals) -> String {
    let mut table = String::from("| what | mutants | why it is harmless |\n|---|---:|---|\n");
    for (i, row) in TABLE.iter().enumerate() {
        let count = totals.harmless.get(&i).copied().unwrap_or_default();
        let _ = writeln!(table, "| {} | {count} | {} |", row.pattern, row.reason);
    }
    table
}
