//! Proves that GC stack maps, and the spills and reloads around them, are right.
//!
//! A *safepoint spiller* (or a register allocator) turns a **before** program into
//! an **after** program: it stores references to stack slots, lists those slots in
//! the stack map of each safepoint, and replaces uses by reloads. [`verify`] takes
//! the two programs and the set of declared references, trusts none of the
//! spiller's analyses, and answers whether *after* does on every path what *before*
//! does, with every object moving at every safepoint.
//!
//! ```
//! use stackmap_verifier::model::{AfterBuilder, BeforeBuilder, Name, Origin};
//! use stackmap_verifier::{Options, Outcome, verify};
//!
//! let (mut before, mut after) = (BeforeBuilder::new(), AfterBuilder::new());
//! let entry = before.block(Name::Numbered("block", 0), Origin::default(), &[]);
//! before.leave([]);
//! after.block(Name::Numbered("block", 0), Origin::default(), Some(entry), &[]);
//! after.leave([]);
//! let report = verify(&before.finish(), &[], &after.finish(), &Options::default());
//! assert_eq!(report.outcome, Outcome::Verified);
//! ```
//!
//! # What is proved
//!
//! Run both programs in lockstep along one path of the control-flow graph.
//!
//! * A definition makes a new **instance**. A block parameter takes its argument's
//!   instance: an edge argument is a copy, not a use.
//! * A **reference** is a declared value, and whatever receives a reference's
//!   instance: see [`references`].
//! * **Null** is one instance, whatever makes it, and is no reference.
//! * At a **safepoint** every object moves. The collector reads each root the stack
//!   map lists. A root must hold null or a fresh instance of a reference; it is updated
//!   and stays fresh. Every other copy of every reference becomes **stale**.
//! * An **observation** is every operand of an operation of *before*. *After* must
//!   see the same instance there, and a fresh one if it is a reference.
//! * The two must not **part**: *after* performs the operations of *before*, takes its
//!   edges, and in between only moves and clobbers, in places of its own.
//!
//! "Verified" means that no path breaks this, and "violated" that one does, which
//! the finding shows. All paths count as feasible, and unreachable blocks as
//! absent. The headline follows: no slot is shared by two references that are live
//! at one safepoint, every live reference is in the map, initialised and fresh, and
//! every reload reads the value the program meant.
//!
//! # How
//!
//! | module | what | direction |
//! |---|---|---|
//! | [`model`] | the two programs, and the names in them | |
//! | [`pair`] | are they the same program? the lockstep as steps | |
//! | [`references`] | which values are references | closure |
//! | `prove::nulls` | which values are null | closure |
//! | `prove::sparse` | the fast prover: proves most right pairs right | down the dominator tree |
//! | `prove::plain` | locations nobody needs to analyse | greatest fixpoint |
//! | `prove::contents::demand` | which claims would prove the pair right: the weakest preconditions | backward |
//! | `prove::contents::flow` | whether those claims hold: the transfer function and the check | forward |
//! | [`findings`] | what can be reported | |
//! | `explain::faults` | where two programs diverge, and what the spiller must not access | forward |
//! | `explain` | a path for each failure, run and diagnosed | |
//! | `lint` | warnings, and what the after program alone shows | |
//! | [`liveness`] | which references are live, for messages and tests | backward |
//! | [`text`] | both programs as text | |
//! | [`timeline`] | what some locations hold at each point, to be looked at | forward |
//!
//! Nobody needs to believe these. [`certify`] says why a pair is right, and
//! [`certificate::check`], which shares only the model with them, decides whether that
//! is a proof.
//!
//! # What it cannot prove
//!
//! Two things are outside the domain, in which a claim is about one location:
//!
//! * Under a non-moving collector, a copy kept good by one root on one path and by
//!   another root on another path.
//! * Anything about memory but stack cells, or about a slot whose address escapes.
//!
//! Such a pair is *unsupported*, never verified, and never reported as violated.

mod certify;
mod decide;
mod explain;
pub mod findings;
mod lint;
pub mod model;
mod names;
mod options;
mod prove;
mod report;
mod stats;
pub mod text;
pub mod timeline;
mod unsupported;
mod verify;

pub use certify::certify;
pub use explain::liveness;
pub use lint::after_only::{self, verify_after_only};
pub use options::Options;
pub use prove::{cfg, pair, references};
pub use report::{InternalError, Outcome, Report, Stats};
pub use stackmap_kernel::{Collector, certificate};
pub use unsupported::Unsupported;
pub use verify::{prove, solve, verify, verify_expecting};

/// The code of that page is run as a test of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../../docs/as-a-library.md")]
struct AsALibrary;
