//! The adapter's source as a module of this crate, for the Cranelift that the tests link: so that
//! the formatter and the lints see it. What tests and users run is what the macro makes of it.
#![allow(unused, unreachable_pub, reason = "what other versions of Cranelift and users need")]

use cranelift_codegen as codegen;
use cranelift_frontend as frontend;

use crate::support;

mod opcodes;
mod tags;

#[path = "adapter/functions/mod.rs"]
mod functions;
#[path = "adapter/pass/mod.rs"]
mod pass;
