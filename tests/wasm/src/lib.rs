//! Code shared by the tests of whole programs.

pub mod faults;
pub mod generated;
pub mod legacy;
pub mod omissions;
pub mod total;
