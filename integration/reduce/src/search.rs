//! The search: cases become smaller as long as the same thing goes wrong.

use std::collections::BTreeSet;

use stackmap_verifier::findings::{Code, Finding, Severity};

use crate::case::Case;
use crate::oracle::{Answer, Oracle};
use crate::sides::Side;
use crate::spills::{repaired, unfounded};

/// How far a reduction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The number of lines of the function before, or of the only one.
    pub lines: usize,
    /// How many smaller cases were tried.
    pub tried: usize,
}

/// What must stay the same in a smaller case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keep {
    /// The code. What only shortens paths makes no new fault.
    Code,
    /// The code, the slot and the values; and there are no more findings than before. A change that
    /// might make a fault of its own must not take the place of the one that is to be shown.
    Finding,
}

/// A reduction under way.
pub(crate) struct Search<'s> {
    oracle: &'s mut dyn Oracle,
    progress: &'s mut dyn FnMut(Progress),
    code: Code,
    /// The smallest case so far.
    pub(crate) case: Case,
    /// What is found in it.
    pub(crate) answer: Answer,
    /// The values that the spiller spills without reason to begin with.
    unfounded: BTreeSet<u32>,
    tried: usize,
}

impl<'s> Search<'s> {
    /// Begins with a case; `None` if the code is not found in it.
    pub(crate) fn new(
        case: Case,
        code: Code,
        oracle: &'s mut dyn Oracle,
        progress: &'s mut dyn FnMut(Progress),
    ) -> Option<Search<'s>> {
        let answer = oracle.ask(&case)?;
        answer.finding(code)?;
        let unfounded = unfounded(&case);
        Some(Search { oracle, progress, code, case, answer, unfounded, tried: 0 })
    }

    /// Returns the finding that is kept.
    pub(crate) fn finding(&self) -> Option<&Finding> {
        self.answer.finding(self.code)
    }

    /// Returns the rows that the finding mentions.
    pub(crate) fn shown(&self) -> BTreeSet<u32> {
        let Some(finding) = self.finding() else { return BTreeSet::new() };
        let labels = std::iter::once(&finding.primary).chain(&finding.secondary);
        let events = finding.witness.iter().flat_map(|visited| &visited.events);
        let labels = labels.chain(&finding.notes).chain(events);
        let sites = labels.map(|label| &label.site).chain(&finding.safepoint);
        let lines = sites.filter_map(|site| site.origin.line()?.checked_sub(1));
        let lines: BTreeSet<usize> = lines.map(|line| line as usize).collect();
        let written = self.case.text(Side::After);
        lines.iter().filter_map(|line| written.rows.get(line).copied()).collect()
    }

    /// Replaces the case by another if the same thing goes wrong in it; returns whether it does. What
    /// the spiller made goes where there is no reason for it any more, if possible.
    pub(crate) fn accept(&mut self, mut candidate: Case, keep: Keep) -> bool {
        candidate.tidy();
        if candidate == self.case {
            return false;
        }
        let repaired = repaired(&candidate);
        (repaired != candidate && self.accept_as_it_is(repaired, keep))
            || self.accept_as_it_is(candidate, keep)
    }

    fn accept_as_it_is(&mut self, candidate: Case, keep: Keep) -> bool {
        self.tried += 1;
        let Some(answer) = self.oracle.ask(&candidate) else { return false };
        if !self.is_kept(&answer, keep) || !unfounded(&candidate).is_subset(&self.unfounded) {
            return false;
        }
        (self.case, self.answer) = (candidate, answer);
        (self.progress)(Progress { lines: self.case.lines(), tried: self.tried });
        true
    }

    fn is_kept(&self, answer: &Answer, keep: Keep) -> bool {
        let Some(old) = self.finding() else { return false };
        if answer.finding(self.code).is_none() || !answer.errors().is_subset(&self.answer.errors())
        {
            return false;
        }
        let count = |answer: &Answer| {
            answer.findings.iter().filter(|finding| finding.severity() == Severity::Error).count()
        };
        let is_same = |new: &Finding| {
            (new.code, &new.slot, &new.values) == (old.code, &old.slot, &old.values)
        };
        match keep {
            Keep::Code => true,
            Keep::Finding => {
                count(answer) <= count(&self.answer) && answer.findings.iter().any(is_same)
            }
        }
    }

    /// Removes as many of some parts of the case as possible: all, or else halves, quarters and so
    /// on, in this order. `without` makes the case without some of the parts.
    pub(crate) fn remove<A>(
        &mut self,
        parts: &[A],
        keep: Keep,
        without: &impl Fn(&Case, &[A]) -> Option<Case>,
    ) {
        if parts.is_empty() {
            return;
        }
        if let Some(candidate) = without(&self.case, parts)
            && self.accept(candidate, keep)
        {
            return;
        }
        if parts.len() > 1 {
            let (first, second) = parts.split_at(parts.len() / 2);
            self.remove(first, keep, without);
            self.remove(second, keep, without);
        }
    }
}
