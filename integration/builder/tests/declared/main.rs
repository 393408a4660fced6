//! The declared set is the builder's own, and the function is what Cranelift's
//! builder makes.

mod capture;
mod damaged;
mod lost;
mod programs;
mod random;

use cranelift_codegen::ir::{AliasRegionData, Function};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_codegen::{isa, settings};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use stackmap_builder::{CheckedBuilder, CheckedContext, Unchecked, Verdict};

fn config() -> TargetFrontendConfig {
    let flags = settings::Flags::new(settings::builder());
    let isa = isa::lookup_by_name("x86_64-unknown-linux-gnu").unwrap().finish(flags);
    isa.unwrap().frontend_config()
}

/// The function that Cranelift's builder makes.
fn plain(
    context: &mut FunctionBuilderContext,
    build: impl FnOnce(&mut FunctionBuilder<'_>),
) -> String {
    let mut function = programs::function();
    let mut builder = FunctionBuilder::new(&mut function, context);
    build(&mut builder);
    builder.finalize(config());
    function.display().to_string()
}

/// The function that the checked builder makes, the declared values and the outcome.
fn checked(
    context: &mut CheckedContext,
    build: impl FnOnce(&mut CheckedBuilder<'_>),
) -> (String, Vec<u32>, Verdict) {
    let mut function = programs::function();
    let mut builder = CheckedBuilder::new(&mut function, context);
    build(&mut builder);
    let checked = builder.finalize_checked(config());
    let declared = checked.declared.iter().map(|value| value.as_u32()).collect();
    assert_eq!(checked.problem, None);
    let verdict = checked.result.verdict;
    (function.display().to_string(), declared, verdict)
}

/// Both builders on each program, one after the other on one context.
#[test]
fn the_declared_set_is_exact_and_the_function_the_same() {
    let (mut plain_context, mut context) = (FunctionBuilderContext::new(), CheckedContext::new());
    macro_rules! both {
        ($($program:ident: $count:literal),*) => {$({
            let name = stringify!($program);
            let (expected, sets) =
                capture::sets(|| plain(&mut plain_context, |builder| programs::$program(builder)));
            let (made, declared, outcome) =
                checked(&mut context, |builder| programs::$program(builder));
            assert_eq!(declared, sets.concat(), "{name}");
            assert_eq!(declared.len(), $count, "{name}");
            assert_eq!(made, expected, "{name}");
            assert_eq!(outcome, Verdict::Verified, "{name}: {made}");
        })*};
    }
    both!(diamond: 3, nested_loops: 5, alias: 2, late: 2, undefined: 6, behind: 1, nothing: 0);
}

#[test]
fn random_functions() {
    let (mut plain_context, mut context) = (FunctionBuilderContext::new(), CheckedContext::new());
    let mut inserted = 0;
    for number in 0..2000 {
        let (expected, sets) =
            capture::sets(|| plain(&mut plain_context, |b| random::function(number, b)));
        let (made, declared, outcome) = checked(&mut context, |b| random::function(number, b));
        assert_eq!(declared, sets.concat(), "{number}");
        assert_eq!(made, expected, "{number}");
        assert_eq!(outcome, Verdict::Verified, "{number}: {declared:?}\n{made}");
        inserted += declared.len();
    }
    assert!(inserted > 2000);
}

fn regions(
    regions: &mut cranelift_codegen::ir::AliasRegionSet,
) -> Option<cranelift_codegen::ir::AliasRegion> {
    Some(regions.insert(AliasRegionData { user_id: 7, description: "stack map".into() }))
}

#[test]
fn alias_regions_are_kept() {
    let (mut plain_context, mut context) = (FunctionBuilderContext::new(), CheckedContext::new());
    let expected = plain(&mut plain_context, |builder| {
        builder.make_stack_map_alias_region(Box::new(|set, _, _, _| regions(set)));
        programs::late(builder);
    });
    let (made, _, outcome) = checked(&mut context, |builder| {
        builder.make_stack_map_alias_region(Box::new(|set, _, _, _| regions(set)));
        programs::late(builder);
    });
    assert!(expected.contains("region0"), "{expected}");
    assert_eq!((made, outcome), (expected, Verdict::Verified));
}

#[test]
fn alias_regions_set_behind_the_builder_are_reported() {
    let (mut function, mut context) = (programs::function(), CheckedContext::new());
    let mut builder = CheckedBuilder::new(&mut function, &mut context);
    let inner: &mut FunctionBuilder<'_> = &mut builder;
    inner.make_stack_map_alias_region(Box::new(|set, _, _, _| regions(set)));
    programs::late(&mut builder);
    let checked = builder.finalize_checked(config());
    assert_eq!(checked.problem, Some(Unchecked::HiddenAliasRegions));
    assert!(checked.is_wrong());
}

#[test]
fn a_damaged_function_is_rendered_with_its_lines() {
    let (mut function, mut context) = (programs::function(), CheckedContext::new());
    let mut builder = CheckedBuilder::new(&mut function, &mut context);
    programs::late(&mut builder);
    // Forget a spill.
    let remove_store = |function: &mut Function| {
        let block = function.layout.entry_block().unwrap();
        let stores = |inst: &_| function.dfg.insts[*inst].opcode().can_store();
        let store = function
            .layout
            .block_insts(block)
            .find(|inst| stores(inst) && !function.dfg.insts[*inst].opcode().is_call());
        function.layout.remove_inst(store.unwrap());
    };
    let checked = builder.finalize_with(config(), &Default::default(), remove_store);
    assert!(checked.is_wrong());
    let text = checked.render(Default::default());
    assert!(text.starts_with("the safepoints of function %f are wrong\nerror[SM005]: "), "{text}");
    assert!(text.contains("--> %f (after spilling):"), "{text}");
    assert!(text.contains("in function %f (pair evidence)"), "{text}");
    // Each place of the finding and of its path has a line.
    assert!(text.contains("line ") && !text.contains("block0: "), "{text}");
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| checked.assert_right()));
    assert_eq!(panic.unwrap_err().downcast_ref::<String>(), Some(&text));
}
