//! Running the spiller of Cranelift 0.132.0.

use cranelift_codegen_0132::ir::Value;
use cranelift_frontend_0132::{FunctionBuilder, FunctionBuilderContext};
use cranelift_reader_0132::parse_functions;
use stackmap_clif::declared::declare_line;

/// The output of the spiller.
pub(crate) struct Spilled {
    pub(crate) before: String,
    pub(crate) after: String,
    pub(crate) declared: Vec<u32>,
}

/// Spills the one function of a sketch.
pub(crate) fn spill(text: &str) -> Spilled {
    let mut function = parse_functions(text).expect("CLIF that 0.132.0 reads").remove(0);
    let mut lines = text.lines().filter_map(declare_line);
    let declared = lines.next().expect("a `;! declare` line").expect("values");
    let before = function.display().to_string();
    let mut context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut function, &mut context);
    for &value in &declared {
        builder.declare_value_needs_stack_map(Value::from_u32(value));
    }
    builder.finalize();
    Spilled { before, after: function.display().to_string(), declared }
}
