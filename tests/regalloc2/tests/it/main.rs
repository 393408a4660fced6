//! One binary for all tests of the allocation level.

mod chaos;
mod classes;
mod clobbers;
mod environment;
mod errors;
mod generated;
mod hand;
mod mutants;
mod operands;
mod places;
mod roots;
mod text;
mod upstream;
