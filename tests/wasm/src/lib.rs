//! What the tests of whole programs share.

pub mod faults;
pub mod legacy;
