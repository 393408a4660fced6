//! What the core promises, on pairs written by hand.

mod liveness;
mod malformed;
mod owners;
mod slots;
mod stats;
mod support;
mod timeline;
