//! An ahead-of-time compiler with the debug-assert pass: writes an object file.
//!
//! It needs `cranelift-object`, which this package does not depend on; `tests/lines/0.135` builds
//! and runs it.

#[path = "../program/mod.rs"]
mod program;

use std::error::Error;

use cranelift_module::default_libcall_names;
use cranelift_object::{ObjectBuilder, ObjectModule};

fn main() -> Result<(), Box<dyn Error>> {
    let builder = ObjectBuilder::new(program::target(true), "program", default_libcall_names())?;
    let mut module = ObjectModule::new(builder);
    program::define(&mut module)?;
    let object = module.finish().emit()?;
    println!("an object of {} bytes", object.len());
    Ok(())
}
