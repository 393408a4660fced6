//! A just-in-time compiler with the debug-assert pass.
//!
//! `cargo run -p stackmap-builder --example jit` compiles a function into memory.

#[path = "../program/mod.rs"]
mod program;

use std::error::Error;

use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::default_libcall_names;

/// Stands for the runtime's allocator.
extern "C" fn make() -> i64 {
    0
}

/// Stands for a function of the runtime.
extern "C" fn look(_: i64) {}

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let mut builder = JITBuilder::with_isa(program::target(false), default_libcall_names());
    builder.symbol("make", make as *const u8);
    builder.symbol("look", look as *const u8);
    let mut module = JITModule::new(builder);
    let main = program::define(&mut module)?;
    module.finalize_definitions()?;
    println!("main is at {:?}", module.get_finalized_function(main));
    Ok(())
}
