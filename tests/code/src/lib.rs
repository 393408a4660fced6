//! Machine code for tests: functions, the instruction sets they are compiled for, and faults in
//! what was emitted.

pub mod compile;
pub mod faults;
pub mod functions;
pub mod instructions;
mod owner;
pub mod table;
pub mod targets;
