//! The oracle of the front ends, in CI: a share of the mutants, and that it is one.

mod judge;
mod mutants;
mod pairs;
mod planted;
mod property;
mod readers;
