//! What the core promises, on pairs written by hand.

mod malformed;
mod slots;
mod support;
