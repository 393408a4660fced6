//! Reads one text with both readers, and compares what they understood.

mod new;
mod old;
mod shape;
mod text;

use shape::Shape;

/// A version of cranelift-reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Version {
    New,
    Old,
}

/// The outcome of reading a text that holds one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Both understood the same.
    Same,
    /// Neither takes it.
    NeitherTakes,
    /// Ours does not take it, and Cranelift's verifier does not either.
    Invalid,
    /// Ours takes an opcode that may be one of a later version.
    UnknownOpcode,
    /// Only ours takes it, for a word that early versions had.
    Early,
    /// Only ours takes it: cranelift-reader has a limit on the numbers of blocks.
    ManyBlocks,
    /// Only ours takes it.
    OnlyOurs(String),
    /// Only cranelift-reader takes it.
    OnlyTheirs(String),
    /// They understood different things.
    Different(String),
}

impl Outcome {
    /// The name of the outcome in a table.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Outcome::Same => "same",
            Outcome::NeitherTakes => "neither takes",
            Outcome::Invalid => "ours and Cranelift's verifier refuse",
            Outcome::UnknownOpcode => "unknown opcode",
            Outcome::Early => "word of an early version",
            Outcome::ManyBlocks => "too many blocks",
            Outcome::OnlyOurs(_) => "only ours takes",
            Outcome::OnlyTheirs(_) => "only theirs takes",
            Outcome::Different(_) => "different",
        }
    }

    /// The first difference, if there is one.
    pub(crate) fn detail(&self) -> Option<&str> {
        match self {
            Outcome::Same
            | Outcome::NeitherTakes
            | Outcome::Invalid
            | Outcome::UnknownOpcode
            | Outcome::Early
            | Outcome::ManyBlocks => None,
            Outcome::OnlyOurs(detail)
            | Outcome::OnlyTheirs(detail)
            | Outcome::Different(detail) => Some(detail),
        }
    }
}

/// Words that ours takes as early versions had them, and of which the linked versions
/// take none or some.
pub(crate) const EARLY: [&str; 8] =
    ["r32", "r64", "user0", "heap", "table", "vmctx", "checked", "cold"];

/// Reads a text that one word was put into: with ours, and with each version's reader
/// until one understands the same.
pub(crate) fn compare_changed(text: &str, word: &str) -> Outcome {
    let outcome = compare(text, Version::New);
    if outcome.detail().is_none() {
        return outcome;
    }
    if compare(text, Version::Old) == Outcome::Same {
        return Outcome::Same;
    }
    let is_early = matches!(outcome, Outcome::OnlyOurs(_)) && EARLY.contains(&word);
    if is_early { Outcome::Early } else { outcome }
}

/// Reads a text that holds one function with both.
pub(crate) fn compare(text: &str, version: Version) -> Outcome {
    let ours = text::read(text);
    let theirs = match version {
        Version::New => new::cranelift::read(text),
        Version::Old => old::cranelift::read(text),
    };
    match (ours, theirs) {
        (Err(_), Err(_)) => Outcome::NeitherTakes,
        (Err(ours), Ok((_, false))) if text::is_about_validity(&ours) => Outcome::Invalid,
        (Err(ours), Ok(_)) => Outcome::OnlyTheirs(ours.to_string()),
        (Ok((_, true)), Err(theirs)) if theirs.contains("Unknown opcode") => Outcome::UnknownOpcode,
        (Ok(_), Err(theirs)) if theirs.contains("too many blocks") => Outcome::ManyBlocks,
        (Ok(_), Err(theirs)) => Outcome::OnlyOurs(theirs),
        (Ok((ours, _)), Ok((mut theirs, _))) => match difference(&ours, theirs.aligned_with(&ours))
        {
            None => Outcome::Same,
            Some(difference) => Outcome::Different(difference),
        },
    }
}

/// The first thing in which the two differ.
fn difference(ours: &Shape, theirs: &Shape) -> Option<String> {
    if ours == theirs {
        return None;
    }
    let blocks = ours.blocks.iter().zip(&theirs.blocks);
    for (mine, other) in blocks {
        for (mine, other) in mine.instructions.iter().zip(&other.instructions) {
            if mine != other {
                return Some(format!("{mine:?}\n{other:?}"));
            }
        }
        if mine != other {
            return Some(format!("{:?}\n{:?}", mine.params, other.params));
        }
    }
    Some(format!("{ours:?}\n{theirs:?}"))
}

/// The functions of a text: each from a line that begins with `function` up to the
/// next such line.
pub(crate) fn functions(text: &str) -> Vec<&str> {
    let begins = |line: &str| line.trim_start().starts_with("function ");
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if begins(line) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(&start, end)| &text[start..end]).collect()
}
