//! Findings: what the verifier reports.
//!
//! One code = one file: what it says, its `explain` text, and how its finding is
//! put into words. A finding is data; renderers turn it into text.

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
mod sm101;
mod sm102;
mod sm103;
mod sm104;
mod sm105;

use std::fmt;
use std::str::FromStr;

use crate::model::{Block, EdgeIndex, InstructionId, Origin};

pub use sm010::changed_program;
pub use sm011::misplaced_access;

pub(crate) use sm001::SharedSlot;
pub(crate) use sm002::MissingRoot;
pub(crate) use sm003::{StaleCopy, StaleReference, Use};
pub(crate) use sm004::{Found, WrongValue};
pub(crate) use sm005::UninitializedRoot;
pub(crate) use sm006::{StaleRoot, StaleSpill};
pub(crate) use sm007::{Held, NoReference, NonReferenceRoot};
pub(crate) use sm008::MalformedEntry;
pub(crate) use sm009::UndeclaredReference;
pub(crate) use sm101::DeadRoot;
pub(crate) use sm102::DuplicateEntry;
pub(crate) use sm103::AmbiguousReload;
pub(crate) use sm104::HazardousLoad;
pub(crate) use sm105::StaleAddress;

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

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $module:ident, $severity:ident;)*) => {
        /// A finding's stable code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$meta])* $variant,)*
        }

        impl Code {
            /// All codes, in order.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The code itself: `SM001`.
            pub fn code(self) -> &'static str {
                match self { $(Code::$variant => $module::CODE,)* }
            }

            /// Its name: `shared-slot`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $module::NAME,)* }
            }

            /// Returns an explanation in Markdown: its meaning, its causes and how to mend them.
            pub fn explain(self) -> &'static str {
                match self { $(Code::$variant => $module::EXPLAIN,)* }
            }

            /// Returns the severity.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    /// Two references needed at the same time have one slot.
    SharedSlot = sm001, Error;
    /// A reference live across a safepoint is in none of its roots.
    MissingRoot = sm002, Error;
    /// A copy taken before a safepoint is observed after it.
    StaleReference = sm003, Error;
    /// An observation sees another value than the before program does.
    WrongValue = sm004, Error;
    /// A root is not written on some path.
    UninitializedRoot = sm005, Error;
    /// A root holds a reference that an earlier safepoint did not update.
    StaleRoot = sm006, Error;
    /// A root holds something that is no reference.
    NonReferenceRoot = sm007, Error;
    /// A stack map entry that is not inside a slot, or overlaps another.
    MalformedEntry = sm008, Error;
    /// A reference flows into a value nobody declared.
    UndeclaredReference = sm009, Error;
    /// Something differs that is not the spiller's to change.
    ChangedProgram = sm010, Error;
    /// An inserted access of a place that is not the spiller's.
    MisplacedAccess = sm011, Error;
    /// A root that nothing reads again.
    DeadRoot = sm101, Warning;
    /// A stack map lists one place twice.
    DuplicateEntry = sm102, Warning;
    /// Two different spills reach one reload.
    AmbiguousReload = sm103, Warning;
    /// A load that may be moved past a safepoint, but must not be.
    HazardousLoad = sm104, Warning;
    /// An address made from a reference before a safepoint is used after it.
    StaleAddress = sm105, Warning;
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// No finding has this code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no finding has the code `{0}`; there are SM001 to SM011 and SM101 to SM105")]
pub struct UnknownCode(String);

impl FromStr for Code {
    type Err = UnknownCode;

    /// Reads a code or a name, in any case.
    fn from_str(text: &str) -> Result<Code, UnknownCode> {
        let found = Code::ALL.iter().find(|code| {
            code.code().eq_ignore_ascii_case(text) || code.name().eq_ignore_ascii_case(text)
        });
        found.copied().ok_or_else(|| UnknownCode(text.to_owned()))
    }
}

/// A place in the after program, or in a secondary label of [`changed_program`] and
/// [`misplaced_access`] also one in the before program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// The block, as the input calls it; empty for a place before the first block,
    /// among the function's declarations.
    pub block: String,
    /// The instruction; `None` for a place at the start of the block, or for one that
    /// is not in the after program.
    pub instruction: Option<InstructionId>,
    /// The place in the input.
    pub origin: Origin,
}

/// A place and what to say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub site: Site,
    /// The event, in words.
    pub text: String,
}

/// One block of a witness path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessBlock {
    /// The block, in the after program.
    pub block: Block,
    /// The edge of the block before it by which the path came; none for the
    /// entry.
    pub entered_by: Option<EdgeIndex>,
    /// The block's header.
    pub site: Site,
    /// Whether the path came here by a back edge, around a loop.
    pub by_back_edge: bool,
    /// The events in it that matter, in order.
    pub events: Vec<Label>,
}

/// Something the verifier found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The kind of finding.
    pub code: Code,
    /// One sentence.
    pub message: String,
    /// The slot or other place it is about, as the input calls it.
    pub slot: Option<String>,
    /// The values it is about, the one that is lost or wrong first.
    pub values: Vec<String>,
    /// The safepoint at which it matters.
    pub safepoint: Option<Site>,
    /// The place at which it shows.
    pub primary: Label,
    /// The places that led there.
    pub secondary: Vec<Label>,
    /// A path from the entry on which it shows; empty if it shows on none in
    /// particular.
    pub witness: Vec<WitnessBlock>,
    /// More to know: next uses, and what else follows from the same defect.
    pub notes: Vec<Label>,
    /// Advice on how to mend it.
    pub help: &'static str,
}

impl Finding {
    /// Returns the severity.
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}
