//! The spiller of Cranelift 0.132.0.

use cranelift_codegen_0132::ir::Value;
use cranelift_frontend_0132::{FunctionBuilder, FunctionBuilderContext};
use cranelift_reader_0132::parse_functions;

use crate::Function;

/// The function before and after, as this version prints it.
pub(super) fn spill(function: &Function) -> Result<(String, String), String> {
    let mut functions = parse_functions(&function.text).map_err(|error| error.to_string())?;
    let mut spilled = functions.pop().ok_or("no function")?;
    let before = spilled.display().to_string();
    let mut context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut spilled, &mut context);
    for &value in &function.declared {
        builder.declare_value_needs_stack_map(Value::from_u32(value));
    }
    builder.finalize();
    Ok((before, spilled.display().to_string()))
}
