//! Checks that what is known of CLIF holds for the machine code that it was compiled to: that the
//! stack maps and exception tables of the code are those of the CLIF's calls, and that its
//! instructions access slots with references as the CLIF does.
//!
//! ```
//! use cranelift_codegen::{Context, isa, settings};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let text = "
//!     function %keeps(i64) -> i64 system_v {
//!         ss0 = explicit_slot 8
//!         fn0 = %may_collect() system_v
//!     block0(v0: i64):
//!         v1 = stack_addr.i64 ss0
//!         store v0, v1
//!         call fn0(), stack_map=[i64 @ ss0+0]
//!         v2 = load.i64 v1
//!         return v2
//!     }";
//! let flags = settings::Flags::new(settings::builder());
//! let isa = isa::lookup_by_name("x86_64-unknown-linux-gnu")?.finish(flags)?;
//! for function in cranelift_reader::parse_functions(text)? {
//!     let mut context = Context::for_function(function);
//!     // Instead of `context.compile(&*isa, ...)`.
//!     let report = stackmap_code::compile_verified(&mut context, &*isa)?;
//!     report.assert_verified();
//!     assert_eq!(report.stats.maps, 1);
//!     assert_eq!(report.instructions, stackmap_code::Instructions::Checked { accesses: 2 });
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # How
//!
//! The CLIF that was lowered is lowered once more, with the number of each instruction as its source
//! location. If that gives the same bytes, then the source locations of the second code link each
//! return address of the first to the instruction whose call returns there. What the call's stack map
//! must list is then known from the CLIF and from the layout of the frame: the offsets of its entries'
//! slots.
//!
//! For x86-64 and Pulley there is a decoder. There it is checked as well that the instructions access
//! the slots with references as the CLIF does, that nothing else does, and that after a call no reference from
//! before it is read where the CLIF reads what was loaded again.
//!
//! | module | what |
//! |---|---|
//! | `emitted` | code and its tables, from Cranelift or from an object file |
//! | `replay` | lowers the CLIF again, and compares the bytes |
//! | `calls` | links calls with return addresses |
//! | `maps`, `handlers` | compare the tables |
//! | `machine` | decodes, and follows addresses of the frame |
//! | `instructions` | compares accesses of slots, and what is read, with the CLIF |
//! | `findings` | what they find, in words |
//!
//! # What it does not show
//!
//! That the CLIF is right: verify it as a pair, or alone. That the right values are stored, and that
//! arithmetic is right. See `docs/machine-code.md`.

mod access;
mod apart;
mod calls;
mod checked;
mod compile;
mod emitted;
mod error;
mod facts;
mod findings;
mod frame;
mod handlers;
mod instructions;
mod machine;
mod maps;
mod mask;
mod options;
mod printed;
mod reachable;
mod replay;
mod report;
mod table;
mod unchecked;
mod unsupported;
mod verify;

pub use apart::verify_instructions;
pub use compile::{compile_verified, verify_compiled};
pub use emitted::{Emitted, Handler, Handlers, MapEntry, Relocations, StackMap};
pub use error::CodeError;
pub use options::Options;
pub use replay::Replay;
pub use report::{CodeOutcome, CodeReport, CodeStats, Instructions};
pub use stackmap_report::Style;
pub use unchecked::Unchecked;
pub use unsupported::{Difference, Unsupported};
pub use verify::verify;
