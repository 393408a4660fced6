//! Reads CLIF: text of any version, and the logs that Cranelift's safepoint
//! spiller writes.

pub mod ast;
pub mod names;
pub mod opcode;
pub mod text;
pub mod types;
