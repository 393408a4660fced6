//! Front-end oracle.
pub mod base;
pub mod judge;
pub mod mutate;
pub mod trial;
pub mod verdict;
