//! What the core promises, on pairs written by hand.

mod alone;
mod certificate;
mod changed;
mod codes;
mod dead_roots;
mod diagnoses;
mod fast;
mod gaps;
mod liveness;
mod malformed;
mod misplaced;
mod model;
mod null_flows;
mod null_rules;
mod nulls;
mod owners;
mod performs;
mod reference;
mod rules;
mod shapes;
mod slots;
mod stats;
mod structural;
mod support;
mod timeline;
mod witness;
