//! Compiles and checks.

use cranelift_codegen::Context;
use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::TargetIsa;

use crate::emitted::Emitted;
use crate::error::CodeError;
use crate::options::Options;
use crate::report::CodeReport;
use crate::verify::verify;

/// Compiles a function, as [`Context::compile`] does, and checks the code.
///
/// The code is in [`Context::compiled_code`] afterwards, whatever the report says.
///
/// Cost: that of compiling and, once more, of what follows optimization.
///
/// # Errors
///
/// If the function cannot be compiled.
pub fn compile_verified(
    context: &mut Context,
    isa: &dyn TargetIsa,
) -> Result<CodeReport, CodeError> {
    let compiled = context.compile(isa, &mut ControlPlane::default());
    compiled.map_err(|error| CodeError::Compile(error.inner))?;
    verify_compiled(context, isa)
}

/// Checks code that a context holds, for instance after `Module::define_function`.
///
/// # Errors
///
/// If the context has no code.
pub fn verify_compiled(context: &Context, isa: &dyn TargetIsa) -> Result<CodeReport, CodeError> {
    let code = context.compiled_code().ok_or(CodeError::NotCompiled)?;
    // It was lowered as it is.
    let options = Options { check_clif: false, ..Options::default() };
    verify(&context.func, isa, &Emitted::of(code), &options)
}
