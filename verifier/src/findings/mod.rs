//! Findings: what the verifier reports.
//!
//! This is the bottom layer: the table of codes, one file a code, and the type of a finding.
//! The modules that find something (`explain`, `lint`) have a file of the
//! same name for each code that they report, which puts its finding into words. Codes of machine
//! code are only listed here: it is a compiler's adapter that finds them.

mod finding;
mod rule;
mod sm001;
mod sm002;
mod sm003;
mod sm004;
mod sm005;
mod sm006;
mod sm007;
mod sm008;
mod sm009;
mod sm010;
mod sm011;
mod sm012;
mod sm101;
mod sm102;
mod sm103;
mod sm104;
mod sm105;
mod sm106;
mod sm201;
mod sm202;
mod sm203;
mod sm204;
mod sm205;
mod sm206;
mod sm207;
mod sm208;

use std::fmt;
use std::str::FromStr;

pub use finding::{Finding, Label, Site, WitnessBlock};
use rule::Rule;
pub use rule::{Severity, Subject};
pub use sm010::changed_program;
pub use sm011::misplaced_access;

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $module:ident;)*) => {
        /// A finding's stable code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$meta])* $variant,)*
        }

        impl Code {
            /// All codes, in order.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            fn rule(self) -> &'static Rule {
                match self { $(Code::$variant => &$module::RULE,)* }
            }
        }
    };
}

codes! {
    /// Two references needed at the same time have one slot.
    SharedSlot = sm001;
    /// A reference live across a safepoint is in none of its roots.
    MissingRoot = sm002;
    /// A copy taken before a safepoint is observed after it.
    StaleReference = sm003;
    /// An observation sees another value than the before program does.
    WrongValue = sm004;
    /// A root is not written on some path.
    UninitializedRoot = sm005;
    /// A root holds a reference that an earlier safepoint did not update.
    StaleRoot = sm006;
    /// A root holds something that is no reference.
    NonReferenceRoot = sm007;
    /// A stack map entry that is not inside a slot, or overlaps another.
    MalformedEntry = sm008;
    /// A reference flows into a value nobody declared.
    UndeclaredReference = sm009;
    /// Something differs that is not the spiller's to change.
    ChangedProgram = sm010;
    /// An inserted access of a place that is not the spiller's.
    MisplacedAccess = sm011;
    /// A reference, by what is known of the program, that nobody declared.
    UndeclaredByType = sm012;
    /// A root that nothing reads again.
    DeadRoot = sm101;
    /// A stack map lists one place twice.
    DuplicateEntry = sm102;
    /// Two different spills reach one reload.
    AmbiguousReload = sm103;
    /// A load that may be moved past a safepoint, but must not be.
    HazardousLoad = sm104;
    /// An address made from a reference before a safepoint is used after it.
    StaleAddress = sm105;
    /// An undeclared value lives across a safepoint and flows into a declared one.
    UndeclaredFlow = sm106;
    /// A call with stack map entries has no stack map in machine code.
    MissingMap = sm201;
    /// A stack map in machine code, at no call with stack map entries.
    StrayMap = sm202;
    /// A stack map in machine code that does not list the places of the call's entries.
    WrongMapEntry = sm203;
    /// A load or store of a slot with references that machine code does not make.
    MissingAccess = sm204;
    /// An access in machine code of a slot with references that is not the CLIF's.
    ForeignAccess = sm205;
    /// A reference from before a call that machine code reads after it, and the CLIF does not.
    StaleCopy = sm206;
    /// Exception handlers in machine code that are not those of the call.
    WrongHandler = sm207;
    /// A stack pointer at a call in machine code that is not where the slots are counted from.
    MovedFrame = sm208;
}

impl Code {
    /// Returns the code itself: `SM001`.
    pub fn code(self) -> &'static str {
        self.rule().code
    }

    /// Returns the name: `shared-slot`.
    pub fn name(self) -> &'static str {
        self.rule().name
    }

    /// Returns an explanation in Markdown: the meaning, the causes and how to mend it.
    pub fn explain(self) -> &'static str {
        self.rule().explain
    }

    /// Returns the severity of its findings.
    pub fn severity(self) -> Severity {
        self.rule().severity
    }

    /// Returns the part of a function that its findings call wrong.
    pub fn subject(self) -> Subject {
        self.rule().subject
    }

    /// Returns whether its findings are about machine code, which the core knows nothing of. All
    /// others are about functions before code is generated.
    pub fn is_of_machine_code(self) -> bool {
        self.subject() == Subject::MachineCode
    }

    /// Returns the codes of findings about functions before code is generated, in order.
    pub fn of_functions() -> impl Iterator<Item = Code> {
        Code::ALL.iter().copied().filter(|code| !code.is_of_machine_code())
    }

    /// Returns the rank: of several findings of one defect, the lowest tells most.
    pub(crate) fn rank(self) -> u8 {
        self.rule().rank
    }

    /// Returns all codes in words: `SM001 to SM012 and SM101`.
    fn list() -> String {
        let number = |code: Code| code.code()[2..].parse().unwrap_or(0_u32);
        let runs = Code::ALL.chunk_by(|&a, &b| number(a) + 1 == number(b));
        let mut runs: Vec<String> = runs.map(range).collect();
        let last = runs.pop().unwrap_or_default();
        match runs.is_empty() {
            true => last,
            false => format!("{} and {last}", runs.join(", ")),
        }
    }
}

/// Returns the first and the last of some codes.
fn range(codes: &[Code]) -> String {
    match codes {
        [first, .., last] => format!("{first} to {last}"),
        [only] => only.to_string(),
        [] => String::new(),
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// No finding has this code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no finding has the code `{text}`; there are {}", Code::list())]
pub struct UnknownCode {
    text: String,
}

impl FromStr for Code {
    type Err = UnknownCode;

    /// Reads a code or a name, in any case.
    fn from_str(text: &str) -> Result<Code, UnknownCode> {
        let found = Code::ALL.iter().find(|code| {
            code.code().eq_ignore_ascii_case(text) || code.name().eq_ignore_ascii_case(text)
        });
        found.copied().ok_or_else(|| UnknownCode { text: text.to_owned() })
    }
}

/// Whether any of the findings is a violation.
pub(crate) fn is_violated<'f>(findings: impl IntoIterator<Item = &'f Finding>) -> bool {
    findings.into_iter().any(|finding| finding.severity() == Severity::Error)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn codes_names_and_ranks_are_unique() {
        let all = Code::ALL;
        let codes: BTreeSet<&str> = all.iter().map(|code| code.code()).collect();
        let names: BTreeSet<&str> = all.iter().map(|code| code.name()).collect();
        let ranks: BTreeSet<u8> = all.iter().map(|code| code.rank()).collect();
        assert_eq!([codes.len(), names.len(), ranks.len()], [all.len(); 3]);
    }

    #[test]
    fn a_code_that_does_not_exist_is_told_which_do() {
        let error = "SM999".parse::<Code>().expect_err("no such code");
        assert_eq!(
            error.to_string(),
            "no finding has the code `SM999`; there are SM001 to SM012, SM101 to SM106 \
             and SM201 to SM208"
        );
        assert_eq!("shared-SLOT".parse(), Ok(Code::SharedSlot));
    }

    #[test]
    fn codes_of_functions_and_of_machine_code_are_all() {
        let of_code = Code::ALL.iter().filter(|code| code.is_of_machine_code());
        assert!(of_code.clone().all(|code| code.code().starts_with("SM2")));
        assert_eq!(of_code.count() + Code::of_functions().count(), Code::ALL.len());
    }
}
