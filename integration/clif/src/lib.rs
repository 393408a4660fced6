//! Reads CLIF, and the logs that Cranelift's safepoint spiller writes, and lowers
//! a function and its rewritten form to the verifier's model.
//!
//! ```text
//! log ── log ──> Recording ─┐
//!                           ├─ pair ─> text ─> ast ─┐
//! two texts ────────────────┘                       ├─ view ─> lower ─> model
//! two functions in memory (another crate) ──────────┘
//! ```
//!
//! The reader is not tied to a version: it accepts the CLIF of any Cranelift that has stack maps.
//! Text that it cannot parse is an error with a line and a column; a function that can be parsed
//! but about which nothing can be proved is a [`lower::LowerError`]. The crate does not depend on
//! any part of Cranelift; another crate tests its [`opcode`] table against Cranelift's own.
//!
//! ```
//! use stackmap_clif::declared::Declared;
//! use stackmap_clif::pair::{Text, read_pair};
//! use stackmap_clif::version::AtLeast;
//!
//! let before = "function %f(i32) -> i32 system_v {
//!     sig0 = () system_v
//!     fn0 = u0:0 sig0
//!
//! block0(v0: i32):
//!     call fn0()
//!     return v0
//! }
//! ";
//! let after = "function %f(i32) -> i32 system_v {
//!     ss0 = explicit_slot 4, align = 4
//!     sig0 = () system_v
//!     fn0 = u0:0 sig0
//!
//! block0(v0: i32):
//!     stack_store v0, ss0
//!     call fn0(), stack_map=[i32 @ ss0+0]
//!     v1 = stack_load.i32 ss0
//!     return v1
//! }
//! ";
//! let text = |text| Text { text, line: 1 };
//! let declared = Declared::exactly([0]);
//! let pair = read_pair(text(before), text(after), &declared, AtLeast::UNKNOWN)?;
//! let model = pair.model().expect("the spiller changed nothing that it may not");
//! assert_eq!(model.after.instruction_count(), 4);
//! # Ok::<(), stackmap_clif::pair::ReadError>(())
//! ```

pub mod after_only;
pub mod ast;
pub mod compiler;
pub mod declared;
pub mod exempt;
pub mod expected;
pub mod limits;
pub mod liveness;
pub mod log;
pub mod lower;
pub mod names;
pub mod opcode;
pub mod pair;
pub mod text;
pub mod types;
pub mod verdict;
pub mod version;
pub mod view;
