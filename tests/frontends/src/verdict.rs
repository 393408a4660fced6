//! What the verifier says, through either front end.

use std::panic::{AssertUnwindSafe, catch_unwind};

use cranelift_codegen::ir::{Function, Value};
use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{ReadError, Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::{Options, Outcome, Report};

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

fn of(report: &Report) -> Verdict {
    match report.outcome {
        Outcome::Verified => Verdict::Verified,
        Outcome::Violated => Verdict::Violated,
        Outcome::Unsupported(_) => Verdict::Unsupported,
        Outcome::Internal(_) => Verdict::Panicked,
    }
}

/// The verdict on two texts, and why.
pub fn of_text(before: &str, declared: &[u32], after: &str, minor: u32) -> (Verdict, String) {
    let judged = catch_unwind(|| {
        let text = |text| Text { text, line: 1 };
        let declared = Declared::exactly(declared);
        match read_pair(text(before), text(after), &declared, AtLeast::minor(minor)) {
            Ok(pair) => match pair.verify(&Options::default()) {
                Ok(report) => (of(&report), why(&report)),
                Err(doubtful) => (Verdict::Unsupported, doubtful.to_string()),
            },
            Err(ReadError::Unsupported(why)) => (Verdict::Unsupported, why.to_string()),
            Err(error) => (Verdict::Error, error.to_string()),
        }
    });
    judged.unwrap_or((Verdict::Panicked, String::new()))
}

fn why(report: &Report) -> String {
    let findings = report.findings.iter().map(|f| format!("{} {}", f.code, f.message));
    findings.collect::<Vec<_>>().join("; ")
}

/// The verdict on two functions in memory, and why.
pub fn of_functions(before: &Function, declared: &[u32], after: &Function) -> (Verdict, String) {
    let judged = catch_unwind(AssertUnwindSafe(|| {
        let declared: Vec<Value> = declared.iter().map(|&v| Value::from_u32(v)).collect();
        match stackmap_cranelift::verify(before, &declared, after, &Options::default()) {
            Ok(report) => (of(&report), why(&report)),
            Err(why) => (Verdict::Unsupported, why.to_string()),
        }
    }));
    judged.unwrap_or((Verdict::Panicked, String::new()))
}
