//! Proves what Cranelift's safepoint spiller makes of each function, as it is compiled.
//!
//! This crate depends on no Cranelift. [`adapter!`] compiles an adapter against the Cranelift that
//! the caller names, whatever its version, as a module of the caller's crate:
//!
//! ```
//! stackmap_builder::adapter!(mod stackmap for cranelift_codegen, cranelift_frontend);
//! # fn main() {}
//! ```
//!
//! Call its `finalize` instead of the builder's:
//!
//! ```text
//! -builder.finalize(isa.frontend_config());
//! +stackmap::finalize(builder, isa.frontend_config());
//! ```
//!
//! With debug assertions on, it spills, verifies, and panics with the rendered findings if a path
//! through the function goes wrong. With debug assertions off it is Cranelift's `finalize`. It is
//! the caller's crate whose debug assertions count.
//!
//! # The module
//!
//! | item | what |
//! |---|---|
//! | `finalize`, `finalize_strict` | the debug-assert pass; the second does not let pass what cannot be decided |
//! | `finalize_checked`, `finalize_with` | spills and verifies in any build, and returns a `Checked` |
//! | `Settings` | the collector, the declared values that the compiler knows, what to do to the builder and to the function |
//! | `verify`, `verify_expecting`, `lower` | a pair of functions; the second knows more references than are declared |
//! | `verify_after`, `lower_after` | a function alone |
//! | `VERSION`, `minor` | the version of Cranelift |
//!
//! `adapter!(mod stackmap for cranelift_codegen)`, without cranelift-frontend, has only the
//! functions on functions. The module is private unless it is declared `pub mod`, and may have
//! attributes.
//!
//! With a Cranelift that changed what the adapter needs, the module does not compile. The compiler
//! then tells what is missing, but names no line of the adapter: build with the environment variable
//! `STACKMAP_ADAPTER_FILES=1`, in a crate of edition 2024, and it does.
//!
//! # Which values are declared
//!
//! The set of declared values is private to Cranelift's builder. It holds what
//! `declare_value_needs_stack_map` was given, what was bound to a declared
//! variable, and every block parameter that SSA construction made for such a
//! variable, in `use_var`, `seal_block` or `seal_all_blocks`.
//!
//! `finalize` hands the set to the spiller together with whatever function `func` refers to. So
//! the builder is finalized on a *probe*: a function of one block whose parameters have the numbers
//! and types of the real function's values, in which each is live across one call. Those that come
//! back reloaded are the set. The function itself is then spilled by a second builder that declares
//! just these.
//!
//! The probe is exact if the spiller can be trusted with one block. This is controlled:
//!
//! * What is reloaded must be what the call's stack map lists.
//! * If all values are declared, all must come back, of as many as the function has. (Asked once
//!   for each power of two.)
//! * The values that the compiler says are declared (`Settings::known`), must be in the set.
//!
//! What remains: a spiller that loses values of one block, and only if certain sets of them are
//! declared; and a builder that loses a value that is not among the known ones.

#[doc(hidden)]
pub mod support;

mod lines;
#[cfg(test)]
mod linked;
mod unchecked;
mod verified;

pub use stackmap_clif::lower::LowerError;
pub use stackmap_report::{FunctionResult, Style, Verdict};
pub use unchecked::Unchecked;

include!(concat!(env!("OUT_DIR"), "/functions.rs"));
include!(concat!(env!("OUT_DIR"), "/pass.rs"));

/// Compiles the adapter against a Cranelift, as a module.
///
/// See the [crate's documentation](crate) for what is in it.
#[macro_export]
macro_rules! adapter {
    ($(#[$meta:meta])* $vis:vis mod $name:ident for $($codegen:ident)::+) => {
        $(#[$meta])*
        $vis mod $name {
            use $($codegen)::+ as codegen;
            use $crate::support;
            $crate::__adapter_functions!();
            pub use functions::{
                VERSION, lower, lower_after, minor, verify, verify_after, verify_expecting,
                verify_only_declared,
            };
        }
    };
    (
        $(#[$meta:meta])* $vis:vis mod $name:ident
        for $($codegen:ident)::+, $($frontend:ident)::+
    ) => {
        $(#[$meta])*
        $vis mod $name {
            use $($codegen)::+ as codegen;
            use $($frontend)::+ as frontend;
            use $crate::support;
            $crate::__adapter_functions!();
            $crate::__adapter_pass!();
            pub use functions::{
                VERSION, lower, lower_after, minor, verify, verify_after, verify_expecting,
                verify_only_declared,
            };
            pub use pass::{
                Checked, Settings, finalize, finalize_checked, finalize_strict, finalize_with,
            };
        }
    };
}
