//! Cranelift 0.135 functions.
