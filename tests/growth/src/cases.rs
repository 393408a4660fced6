//! Every analysis on an input of each family and on one that is 64 times as large.

use crate::work::{after_only, certified, read, recordings, solved, verify};
use crate::{Pair, Texts, chain, diamonds, idle, straight, threads};

/// The large input is this many times the small one.
pub const FACTOR: usize = 64;
const SMALL: usize = 32;

/// One analysis on two inputs.
pub struct Case<'i> {
    /// The family and the analysis.
    pub name: String,
    /// The factor by which the bound of the analysis allows the large run to take more.
    pub larger: f64,
    /// Runs it on the small input. Returns whether the result is right.
    pub small: &'i dyn Fn() -> bool,
    /// Runs it on the large input. Returns whether the result is right.
    pub large: &'i dyn Fn() -> bool,
}

/// Makes all cases, one after the other.
///
/// # Panics
///
/// If a pair of a family cannot be read.
pub fn cases(mut visit: impl FnMut(Case<'_>)) {
    let families =
        [("straight", straight as fn(usize) -> Pair), ("diamonds", diamonds), ("chain", chain)];
    for (name, family) in families {
        pairs(name, 1.0, &family(SMALL), &family(SMALL * FACTOR), &mut visit);
    }
    // Many slots through as many blocks: there is a claim for each slot and block.
    let (small, large) = (idle(8, 8), idle(8 * FACTOR, 8 * FACTOR));
    pairs("idle", FACTOR as f64, &small, &large, &mut visit);
    for texts in [Texts::Equal, Texts::Different] {
        let (small, large) = (threads(SMALL, texts), threads(SMALL * FACTOR, texts));
        visit(Case {
            name: format!("a log, {texts:?}"),
            larger: large.len() as f64 / small.len() as f64,
            small: &|| recordings(&small, SMALL),
            large: &|| recordings(&large, SMALL * FACTOR),
        });
    }
}

/// Makes the cases of two pairs. The claims of the reference solver and of certificates grow
/// by `claims` more than the text.
fn pairs(family: &str, claims: f64, small: &Pair, large: &Pair, visit: &mut impl FnMut(Case<'_>)) {
    let text = large.after.len() as f64 / small.after.len() as f64;
    let mut case = |analysis: &str, larger, small: &dyn Fn() -> bool, large: &dyn Fn() -> bool| {
        visit(Case { name: format!("{family}, {analysis}"), larger, small, large });
    };
    case("reading", text, &|| read(small).is_some(), &|| read(large).is_some());
    case("after-only", text, &|| after_only(small), &|| after_only(large));
    let (small, large) = (read(small).expect("a pair"), read(large).expect("a pair"));
    case("verifying", text, &|| verify(&small), &|| verify(&large));
    case("solving", text * claims, &|| solved(&small), &|| solved(&large));
    case("certifying", text * claims, &|| certified(&small), &|| certified(&large));
}
