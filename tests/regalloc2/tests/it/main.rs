//! One binary for all tests of the allocation level.

mod chaos;
mod errors;
mod generated;
mod hand;
mod mutants;
mod operands;
mod places;
mod roots;
mod upstream;
