//! Alias regions that the builder chooses for spills and reloads, which not every version has.

use cranelift_codegen::ir::{
    AbiParam, AliasRegion, AliasRegionData, AliasRegionSet, Function, InstBuilder, SigRef,
    Signature, StackSlot, Type, types,
};
use cranelift_codegen::isa::{self, CallConv, TargetFrontendConfig};
use cranelift_codegen::settings;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use stackmap::Settings;
use stackmap_builder::{Unchecked, Verdict};

stackmap_builder::adapter!(mod stackmap for cranelift_codegen, cranelift_frontend);

fn config() -> TargetFrontendConfig {
    let flags = settings::Flags::new(settings::builder());
    let isa = isa::lookup_by_name("x86_64-unknown-linux-gnu").expect("built in").finish(flags);
    isa.expect("the default settings").frontend_config()
}

/// A function whose only reference, of this type, is live across a call if `lives`.
fn build(builder: &mut FunctionBuilder<'_>, r#type: Type, lives: bool) {
    builder.func.import_signature(Signature::new(CallConv::SystemV));
    builder.func.signature.params.push(AbiParam::new(r#type));
    builder.func.signature.returns.push(AbiParam::new(r#type));
    let entry = builder.create_block();
    builder.append_block_params_for_function_params(entry);
    builder.switch_to_block(entry);
    builder.seal_block(entry);
    let reference = builder.block_params(entry)[0];
    builder.declare_value_needs_stack_map(reference);
    if lives {
        let code = builder.ins().iconst(types::I64, 4096);
        builder.ins().call_indirect(SigRef::from_u32(0), code, &[]);
    }
    builder.ins().return_(&[reference]);
}

/// A region for what is of 64 bits.
fn region(regions: &mut AliasRegionSet, r#type: Type, _: StackSlot, _: u32) -> Option<AliasRegion> {
    let data = AliasRegionData { user_id: 7, description: "stack map".into() };
    (r#type == types::I64).then(|| regions.insert(data))
}

fn choose(builder: &mut FunctionBuilder<'_>) {
    builder.make_stack_map_alias_region(Box::new(region));
}

/// Cranelift's own, and the one of the pass with its problem and verdict. The user's builder
/// chooses regions; so does the one that spills if `is_told`.
fn both(r#type: Type, lives: bool, is_told: bool) -> (String, String, Option<Unchecked>, Verdict) {
    let (mut expected, mut made) = (Function::new(), Function::new());
    let mut context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut expected, &mut context);
    choose(&mut builder);
    build(&mut builder, r#type, lives);
    builder.finalize(config());
    let mut builder = FunctionBuilder::new(&mut made, &mut context);
    choose(&mut builder);
    build(&mut builder, r#type, lives);
    let mut settings = Settings::default();
    if is_told {
        settings.prepare = &choose;
    }
    let checked = stackmap::finalize_with(builder, config(), &settings);
    let text = |function: &Function| function.display().to_string();
    (text(&expected), text(&made), checked.problem, checked.result.verdict)
}

#[test]
fn they_are_kept() {
    let (expected, made, problem, verdict) = both(types::I64, true, true);
    assert!(expected.contains("region0"), "{expected}");
    assert_eq!((made, problem, verdict), (expected, None, Verdict::Verified));
}

#[test]
fn they_are_hidden() {
    let (expected, made, problem, verdict) = both(types::I64, true, false);
    assert_ne!(made, expected);
    assert_eq!((problem, verdict), (Some(Unchecked::HiddenAliasRegions), Verdict::Error));
}

#[test]
fn there_are_none_for_what_is_spilled() {
    for (r#type, lives) in [(types::I32, true), (types::I64, false)] {
        let (expected, made, problem, verdict) = both(r#type, lives, false);
        assert_eq!((made, problem, verdict), (expected, None, Verdict::Verified));
    }
}
