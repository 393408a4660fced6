//! Declarations that a text leaves out, and the function that is read from it has.

use std::collections::BTreeSet;

use super::difference::{Difference, Kind};

/// The sorts of which cranelift-reader makes up those with lower numbers: signatures are
/// `() fast`, the others are as the one that it reads.
const SORTS: [(&str, Kind); 3] =
    [("sig", Kind::CallSignature), ("dt", Kind::DynamicType), ("dss", Kind::DynamicSlot)];

/// Declarations that only one of two texts has.
pub(super) fn left_out(before: &str, after: &str) -> Vec<Difference> {
    let [before, after] = [before, after].map(declared);
    let only_one = before.symmetric_difference(&after);
    let difference = |&(kind, name): &(Kind, &str)| {
        let detail = format!("only one of the texts declares {name}");
        Difference { kind, unreachable: false, detail }
    };
    only_one.map(difference).collect()
}

fn declared(text: &str) -> BTreeSet<(Kind, &str)> {
    let lines = text.lines().map(|line| line.split(';').next().unwrap_or_default());
    let words: Vec<&str> = lines.flat_map(str::split_whitespace).collect();
    let pairs = words.windows(2).filter(|pair| pair[1] == "=");
    pairs.filter_map(|pair| Some((kind(pair[0])?, pair[0]))).collect()
}

fn kind(name: &str) -> Option<Kind> {
    let sort = name.trim_end_matches(|c: char| c.is_ascii_digit());
    SORTS.iter().find(|(known, _)| *known == sort && sort != name).map(|&(_, kind)| kind)
}
