//! Reads CLIF: text of any version, and the logs that Cranelift's safepoint
//! spiller writes.

pub mod ast;
pub mod declared;
pub mod log;
pub mod lower;
pub mod names;
pub mod opcode;
pub mod pair;
pub mod text;
pub mod types;
pub mod version;
pub mod view;
