//! The structure of the sources, read from the sources themselves.
//!
//! `modules` finds the files of a crate by its `mod` items, `items` reads what each file
//! defines, re-exports and names, and `uses` resolves the names: an arrow leads from a file to
//! each file whose definitions it names. A re-export is followed to the definition and is not
//! an arrow by itself, so that a `mod.rs` may re-export the contents of its folder.
//!
//! Only paths are read. Methods, and names that a macro creates, are not covered.

mod items;
mod modules;
mod uses;

pub use modules::{Crate, ReadError};
pub use uses::{Arrow, arrows, circles};
