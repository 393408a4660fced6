//! Whether the statements of a certificate are true.

use std::collections::BTreeSet;

use stackmap_oracle::oracle::{Moment, moments, references};
use stackmap_oracle::program::Built;
use stackmap_verifier::Collector;
use stackmap_verifier::certificate::{Certificate, Claim, Entry, Fact, Otherwise};
use stackmap_verifier::model::{Block, Value};

/// All facts that are true of a pair, according to the oracle.
#[derive(Clone, Debug)]
pub struct Truth {
    moments: Vec<Moment>,
    references: BTreeSet<Value>,
    locations: usize,
    values: usize,
}

impl Truth {
    /// Returns the facts; `None` if there are too many, or if the two programs cannot run in
    /// lockstep.
    pub fn of(pair: &Built, collector: Collector) -> Option<Self> {
        Some(Truth {
            moments: moments(pair, collector)?,
            references: references(pair),
            locations: pair.after.location_count(),
            values: pair.before.value_count(),
        })
    }

    /// Whether the certificate contains a false statement. A certificate that does not state
    /// enough is not refuted.
    pub fn refutes(&self, certificate: &Certificate) -> bool {
        let Certificate { references, blocks } = certificate;
        let listed: BTreeSet<Value> = references.iter().map(|listed| listed.value).collect();
        let mut always = references.iter().filter(|listed| listed.always);
        listed != self.references
            || always.any(|listed| self.is_once_no_reference(listed.value))
            || blocks.iter().any(|entry| self.refutes_entry(entry))
    }

    fn is_once_no_reference(&self, value: Value) -> bool {
        self.moments.iter().any(|moment| moment.is_reference(value) == Some(false))
    }

    fn refutes_entry(&self, entry: &Entry) -> bool {
        let mut here = self.at(entry.block).peekable();
        let is_reached = here.peek().is_some();
        !is_reached
            || here.any(|moment| moment.pending() != entry.pending)
            || entry.nulls.iter().any(|&null| self.refutes_null(entry.block, null))
            || entry.claims.iter().any(|claim| self.refutes_claim(entry.block, claim))
    }

    fn refutes_null(&self, block: Block, value: Value) -> bool {
        value.index() >= self.values || !self.at(block).all(|moment| moment.is_null(value))
    }

    fn refutes_claim(&self, block: Block, Claim { at, fact }: &Claim) -> bool {
        let Fact { values, otherwise } = fact;
        let holds = |moment: &Moment, value: &Value| {
            value.index() < self.values && moment.holds(*at, *value)
        };
        let is_true = |moment: &Moment| {
            values.iter().any(|value| holds(moment, value))
                || match otherwise {
                    Otherwise::Nothing => false,
                    Otherwise::Null => moment.holds_null(*at),
                    Otherwise::Reference => moment.holds_reference(*at),
                }
        };
        at.index() >= self.locations || !self.at(block).all(is_true)
    }

    /// Returns the states in which a block is entered.
    fn at(&self, block: Block) -> impl Iterator<Item = &Moment> {
        self.moments.iter().filter(move |moment| moment.block() == block)
    }
}
