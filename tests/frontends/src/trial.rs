//! A mutant, the verifier's answer, and whether that is as expected.

use std::fmt;

use cranelift_codegen::ir::Function;

use crate::base::Base;
use crate::gaps::filled;
use crate::harmless::explanation;
use crate::judge::{
    Difference, Judgement, Proof, Reader, judge_functions, judge_text, read_function,
};
use crate::verdict::{Answer, FrontEnds, Verdict};

/// The function that is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The input of the spiller.
    Before,
    /// The output of the spiller.
    After,
}

impl Side {
    /// Both.
    pub const ALL: [Side; 2] = [Side::Before, Side::After];
}

/// The result of trying one mutant.
#[derive(Clone, Debug)]
pub struct Trial {
    /// The verifier's answer, through the front end under test.
    pub answer: Answer,
    /// The judge's answer, or cranelift-reader's message if it does not read a text.
    pub judged: Result<Judgement, String>,
    /// The verifier's answer in memory, if the mutant is a text that Cranelift reads.
    pub in_memory: Option<Answer>,
}

impl Trial {
    /// Tries a pair of texts.
    pub fn of_text(front_ends: FrontEnds, base: &Base, before: &str, after: &str) -> Trial {
        let declared = &base.declared;
        let whole = filled(before, after);
        let functions = match base.reader {
            Reader::V0132 => None,
            Reader::V0135 => read_function(&whole).ok().zip(read_function(after).ok()),
        };
        let in_memory =
            |(before, after): (Function, Function)| (front_ends.memory)(&before, declared, &after);
        Trial {
            answer: (front_ends.text)(before, declared, after, base.minor()),
            judged: judge_text(base.reader, &whole, declared, after),
            in_memory: functions.map(in_memory),
        }
    }

    /// Tries a pair in memory.
    pub fn of_functions(
        front_ends: FrontEnds,
        before: &Function,
        declared: &[u32],
        after: &Function,
    ) -> Trial {
        Trial {
            answer: (front_ends.memory)(before, declared, after),
            judged: Ok(judge_functions(before, declared, after)),
            in_memory: None,
        }
    }

    /// Whether the judge can tell which answer is right.
    pub fn is_judged(&self) -> bool {
        self.judged.as_ref().is_ok_and(|judgement| judgement.proof != Proof::TooLarge)
    }

    /// Whether it is the same function, rightly spilled.
    pub fn is_same(&self) -> bool {
        self.judged.as_ref().is_ok_and(Judgement::is_same)
    }

    /// Returns the results that are not as expected, each under a name that the table of
    /// harmless differences can list. Empty for most mutants.
    pub fn oddities(&self) -> Vec<String> {
        let mut odd = self.against_the_judge();
        let is_valid = self.judged.as_ref().is_ok_and(Judgement::is_valid);
        if let Some(memory) = &self.in_memory
            && !memory.verdict.agrees(self.answer.verdict, is_valid)
        {
            let why = pattern(&format!("{}{}", self.answer.why, memory.why));
            let [text, memory] = [self.answer.verdict, memory.verdict].map(Verdict::name);
            odd.push(format!("text {text}, memory {memory}: {why}"));
        }
        odd
    }

    fn against_the_judge(&self) -> Vec<String> {
        let Answer { verdict, why } = &self.answer;
        let (verdict, why) = (*verdict, pattern(why));
        let judgement = match &self.judged {
            Err(message) if verdict == Verdict::Verified => {
                return vec![format!("verified, unreadable: {}", pattern(message))];
            }
            Err(_) => return Vec::new(),
            Ok(judgement) if judgement.proof == Proof::TooLarge => return Vec::new(),
            Ok(judgement) => judgement,
        };
        match verdict {
            Verdict::Panicked if judgement.is_valid() => vec!["a panic".to_owned()],
            Verdict::Panicked => vec!["a panic on what is no function".to_owned()],
            Verdict::Verified => survivals(judgement),
            Verdict::Violated | Verdict::Unsupported | Verdict::Error if judgement.is_same() => {
                vec![format!("same, {}: {why}", verdict.name())]
            }
            Verdict::Violated => Vec::new(),
            Verdict::Unsupported | Verdict::Error => {
                let is_harmless =
                    |kind: &String| explanation(&format!("verified, {kind}")).is_some();
                let mut kinds = kinds(judgement);
                kinds.retain(|kind| !is_harmless(kind));
                let odd = format!("undecided, {}: {why}", kinds.join(", "));
                if judgement.is_valid() { vec![odd] } else { Vec::new() }
            }
        }
    }
}

impl fmt::Display for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "    {}", self.answer)?;
        if let Some(memory) = &self.in_memory {
            writeln!(f, "    in memory: {memory}")?;
        }
        match &self.judged {
            Err(message) => write!(f, "    cranelift-reader: {message}"),
            Ok(Judgement { differences, proof }) => {
                for difference in differences {
                    writeln!(f, "    {difference}: {}", difference.detail)?;
                }
                write!(f, "    the naive oracle: {proof:?}")
            }
        }
    }
}

/// Returns the oddities of a verified pair: the differences that the judge finds, or that the
/// oracle does not find the pair right.
fn survivals(judgement: &Judgement) -> Vec<String> {
    let kinds = kinds(judgement).into_iter().map(|kind| format!("verified, {kind}"));
    let mut odd: Vec<String> = kinds.collect();
    if judgement.differences.is_empty() && judgement.proof != Proof::Right {
        odd.push("verified, wrong".to_owned());
    }
    odd
}

/// Returns the kinds of differences, each once. If the functions are invalid, only the reasons
/// for that, since the other differences follow from it.
fn kinds(judgement: &Judgement) -> Vec<String> {
    let mut kinds: Vec<String> = Vec::new();
    let is_cause = |d: &&Difference| d.is_invalid() && !d.unreachable;
    let runs = !judgement.differences.iter().any(|d| is_cause(&d));
    for difference in judgement.differences.iter().filter(|d| runs || is_cause(d)) {
        let kind = pattern(&difference.to_string());
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// Returns the first line of a message, without numbers and quoted parts.
pub fn pattern(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let mut pattern = String::new();
    for (i, part) in line.split('`').enumerate() {
        if i % 2 == 1 {
            pattern.push('…');
            continue;
        }
        for c in part.chars() {
            match c.is_ascii_digit() {
                true if pattern.ends_with('#') => {}
                true => pattern.push('#'),
                false => pattern.push(c),
            }
        }
    }
    pattern
}
