//! The properties of a code, which all its findings share.

use std::fmt;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Some path of the program goes wrong.
    Error,
    /// No path goes wrong, but something is not as it should be.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// The part of a function that a finding calls wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A slot: what it holds, how it is accessed, or that a stack map lists it.
    Slot,
    /// A value: a copy of it that is read, or that no root holds one.
    Value,
    /// An instruction.
    Instruction,
    /// What was generated of the function: machine code and its tables.
    MachineCode,
}

/// The entry of one code in the table of codes.
pub(super) struct Rule {
    /// The stable code: `SM001`.
    pub(super) code: &'static str,
    /// The name: `shared-slot`.
    pub(super) name: &'static str,
    pub(super) severity: Severity,
    /// Of several findings of one defect, the one with the lowest rank is reported. No two
    /// codes have the same.
    pub(super) rank: u8,
    pub(super) subject: Subject,
    /// The meaning, the causes and how to mend it, in Markdown.
    pub(super) explain: &'static str,
}
