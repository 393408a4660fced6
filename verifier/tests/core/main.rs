//! What the core promises, on pairs written by hand.

mod liveness;
mod malformed;
mod slots;
mod support;
mod timeline;
