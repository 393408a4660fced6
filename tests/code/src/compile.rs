//! Compiles what a target can compile.

use std::panic::{AssertUnwindSafe, catch_unwind};

use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::TargetIsa;

/// Returns a context with the code of a function; `None` if Cranelift does not compile it for this
/// target. It returns errors for some types and signatures, and panics on others.
pub fn compile(function: &Function, isa: &dyn TargetIsa) -> Option<Context> {
    let run = || {
        let mut context = Context::for_function(function.clone());
        let compiled = context.compile(isa, &mut ControlPlane::default()).is_ok();
        compiled.then_some(context)
    };
    // After a panic nothing of it is used.
    catch_unwind(AssertUnwindSafe(run)).ok().flatten()
}
