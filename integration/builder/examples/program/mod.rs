//! A function with references, for any `cranelift_module::Module`.

use cranelift_codegen::ir::{AbiParam, InstBuilder, Signature, types};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_codegen::{Context, isa};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_module::{FuncId, Linkage, Module, ModuleError};

stackmap_builder::adapter!(mod stackmap for cranelift_codegen, cranelift_frontend);

/// The target: x86-64, with position-independent code if that is asked for.
pub(crate) fn target(is_pic: bool) -> OwnedTargetIsa {
    let mut flags = settings::builder();
    flags.set("is_pic", &is_pic.to_string()).expect("a flag");
    let flags = settings::Flags::new(flags);
    let isa = isa::lookup_by_name("x86_64-unknown-linux-gnu").expect("built in").finish(flags);
    isa.expect("the default settings")
}

/// Defines `main`, which makes an object, makes another, and looks at the first.
///
/// # Errors
///
/// As the module's.
pub(crate) fn define(module: &mut impl Module) -> Result<FuncId, Box<ModuleError>> {
    let mut make = module.make_signature();
    make.returns.push(AbiParam::new(types::I64));
    let mut look = module.make_signature();
    look.params.push(AbiParam::new(types::I64));
    let make = module.declare_function("make", Linkage::Import, &make)?;
    let look = module.declare_function("look", Linkage::Import, &look)?;
    let signature = Signature::new(module.isa().default_call_conv());
    let main = module.declare_function("main", Linkage::Export, &signature)?;

    let mut context = Context::new();
    context.func.signature = signature;
    let mut builder_context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut context.func, &mut builder_context);
    let make = module.declare_func_in_func(make, builder.func);
    let look = module.declare_func_in_func(look, builder.func);
    let entry = builder.create_block();
    builder.switch_to_block(entry);
    builder.seal_block(entry);
    let mut objects = [(); 2].map(|()| {
        let call = builder.ins().call(make, &[]);
        let object = builder.inst_results(call)[0];
        builder.declare_value_needs_stack_map(object);
        object
    });
    objects.reverse();
    for object in objects {
        builder.ins().call(look, &[object]);
    }
    builder.ins().return_(&[]);
    // Instead of `builder.finalize(module.target_config())`.
    stackmap::finalize(builder, module.target_config());

    module.define_function(main, &mut context)?;
    // The stack maps of the machine code are those of the CLIF that the pass has verified.
    if cfg!(debug_assertions) {
        let report = stackmap_code::verify_compiled(&context, module.isa());
        report.expect("it was compiled").assert_verified();
    }
    let code = context.compiled_code().expect("it was compiled");
    assert_eq!(code.buffer.user_stack_maps().len(), 2, "where objects are live");
    Ok(main)
}
