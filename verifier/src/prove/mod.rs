//! The proof that *after* does what *before* does.
//!
//! [`pair`] puts the two programs together, [`references`] and [`nulls`] say which values the
//! collector moves, [`sparse`] proves most right pairs right, and [`contents`] decides the
//! others. Nothing here knows a finding: what fails is left to [`crate::explain`].

pub mod cfg;
pub(crate) mod contents;
pub(crate) mod copied;
pub(crate) mod flows;
pub(crate) mod nulls;
pub mod pair;
pub(crate) mod plain;
pub mod references;
pub(crate) mod rows;
pub(crate) mod sparse;
pub(crate) mod worklist;
