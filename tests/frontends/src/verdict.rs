//! The verifier's answers, through either front end.

use std::fmt;

use cranelift_codegen::ir::{Function, Value};
use stackmap_clif::declared::Declared;
use stackmap_clif::lower::verify_slice;
use stackmap_clif::names::Names;
use stackmap_clif::pair::{ReadError, Text, read_pair};
use stackmap_clif::text::{TextView, read_function};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::{Options, Outcome, Report};

use crate::quiet::caught;

/// A verdict, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The verdict.
    pub verdict: Verdict,
    /// The findings, or the reason why there is no decision.
    pub why: String,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verdict.name(), self.why)
    }
}

/// A verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The pair is right.
    Verified,
    /// It is wrong.
    Violated,
    /// It could not be decided.
    Unsupported,
    /// It could not be read.
    Error,
    /// The front end panicked.
    Panicked,
}

impl Verdict {
    /// As it is called elsewhere.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Verified => "verified",
            Verdict::Violated => "violated",
            Verdict::Unsupported => "unsupported",
            Verdict::Error => "error",
            Verdict::Panicked => "panicked",
        }
    }

    /// Whether the two front ends agree. An unreadable text corresponds to an undecided pair in
    /// memory, where nothing is read. For invalid functions it suffices that neither front end
    /// verifies the pair.
    pub fn agrees(self, other: Verdict, is_valid: bool) -> bool {
        let class = |verdict| match verdict {
            Verdict::Verified => 0,
            Verdict::Violated if is_valid => 1,
            Verdict::Violated | Verdict::Unsupported | Verdict::Error => 2,
            Verdict::Panicked => 3,
        };
        class(self) == class(other)
    }
}

/// The two front ends: one verifies a pair of texts, the other two functions in memory.
#[derive(Clone, Copy, Debug)]
pub struct FrontEnds {
    /// Of the text before, the declared values, the text after, and the minor version of
    /// Cranelift that printed both.
    pub text: fn(&str, &[u32], &str, u32) -> Answer,
    /// Of the function before, the declared values, and the function after.
    pub memory: fn(&Function, &[u32], &Function) -> Answer,
}

impl FrontEnds {
    /// Those that are tried.
    pub const REAL: FrontEnds = FrontEnds { text: of_text, memory: of_functions };
}

fn of(report: &Report) -> Answer {
    let findings = report.findings.iter().map(|f| format!("{} {}", f.code, f.message));
    let verdict = match &report.outcome {
        Outcome::Verified => Verdict::Verified,
        Outcome::Violated => Verdict::Violated,
        Outcome::Unsupported(why) => return undecided(Verdict::Unsupported, why),
        Outcome::Internal(why) => return undecided(Verdict::Panicked, why),
    };
    Answer { verdict, why: findings.collect::<Vec<_>>().join("; ") }
}

/// Whether two reports say the same.
fn is_same(a: &Report, b: &Report) -> bool {
    a.outcome == b.outcome && a.findings == b.findings && a.stats == b.stats
}

/// A slice of a pair must give the report of the whole pair, or none.
fn differs(slice: &Report, whole: &Report) -> Answer {
    let why = format!(
        "the slice is {:?} {:?}, the whole is {:?} {:?}",
        slice.outcome, slice.stats, whole.outcome, whole.stats
    );
    undecided(Verdict::Panicked, why)
}

/// Returns the report on the slice of two texts, if there is one.
fn slice_of_texts(before: &str, declared: &[u32], after: &str, minor: u32) -> Option<Report> {
    let mut names = Names::default();
    let before = read_function(before, 1, &mut names).ok()?;
    let after = read_function(after, 1, &mut names).ok()?;
    let texts = AtLeast::of_function(&before).max(AtLeast::of_function(&after));
    let prints_maps = AtLeast::minor(minor).max(texts).prints_try_call_maps();
    let view = |function| TextView::new(function, &names, prints_maps);
    let numbers = declared.iter().filter_map(|&number| names.values.index(number));
    let (before, after) = (view(&before), view(&after));
    verify_slice(&before, &after, numbers, &Options::default())
}

fn undecided(verdict: Verdict, why: impl ToString) -> Answer {
    Answer { verdict, why: why.to_string() }
}

fn panicked() -> Answer {
    undecided(Verdict::Panicked, "a panic")
}

/// The verdict on two texts. `minor` is the version that printed them.
pub fn of_text(before: &str, values: &[u32], after: &str, minor: u32) -> Answer {
    let judged = caught(|| {
        let text = |text| Text { text, line: 1 };
        let declared = Declared::exactly(values);
        match read_pair(text(before), text(after), &declared, AtLeast::minor(minor)) {
            Ok(pair) => match pair.verify(&Options::default()) {
                Ok(report) => match slice_of_texts(before, values, after, minor) {
                    Some(slice) if !is_same(&slice, &report) => differs(&slice, &report),
                    Some(_) | None => of(&report),
                },
                Err(doubtful) => undecided(Verdict::Unsupported, doubtful),
            },
            Err(ReadError::Unsupported(why)) => undecided(Verdict::Unsupported, why),
            Err(
                error @ (ReadError::Before(_)
                | ReadError::After(_)
                | ReadError::Declared(_)
                | ReadError::References(_)),
            ) => undecided(Verdict::Error, error),
        }
    });
    judged.unwrap_or_else(panicked)
}

/// The verdict on two functions in memory.
pub fn of_functions(before: &Function, declared: &[u32], after: &Function) -> Answer {
    let judged = caught(|| {
        let declared: Vec<Value> = declared.iter().map(|&v| Value::from_u32(v)).collect();
        let options = Options::default();
        let report = stackmap_cranelift::verify(before, &declared, after, &options);
        let whole = stackmap_cranelift::lower(before, declared, after);
        match (report, whole.map(|comparison| comparison.verify(&options))) {
            (Ok(report), Ok(whole)) if !is_same(&report, &whole) => differs(&report, &whole),
            (Ok(report), Ok(_)) => of(&report),
            (Ok(report), Err(why)) => undecided(
                Verdict::Panicked,
                format!("the slice is {:?}, the whole is not: {why}", report.outcome),
            ),
            (Err(why), _) => undecided(Verdict::Unsupported, why),
        }
    });
    judged.unwrap_or_else(panicked)
}
