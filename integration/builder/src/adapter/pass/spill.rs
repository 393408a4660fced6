//! Runs the spiller on a function, and learns what was declared.

use std::cell::Cell;
use std::mem;

use super::codegen::ir::{Function, Value};
use super::codegen::isa::TargetFrontendConfig;
use super::frontend::{FunctionBuilder, FunctionBuilderContext};
use super::settings::Settings;
use super::support::Unchecked;
use super::{drift, probe, regions};

/// The input and output of one run of the spiller.
pub(super) struct Spilled {
    /// The function before.
    pub(super) before: Function,
    /// The values that the builder took for declared, in order.
    pub(super) declared: Vec<Value>,
    /// A copy of the function after.
    pub(super) after: Function,
    /// Why it must not be verified.
    pub(super) problem: Option<Unchecked>,
}

/// Finalizes the builder on a function made to show what is declared, and then another builder,
/// which declares the same, on the function itself.
pub(super) fn spill(
    builder: FunctionBuilder<'_>,
    config: TargetFrontendConfig,
    settings: &Settings<'_>,
) -> Spilled {
    // The user's function is taken out of the builder, and something that is never looked at put
    // in: the builder's lifetime shrinks to that of `stand_in`.
    let mut stand_in = Function::new();
    let mut builder = builder;
    let function = mem::replace(&mut builder.func, &mut stand_in);

    // And once more, to that of the probe.
    let mut probe = probe::function(probe::value_types(function));
    let mut probing = builder;
    probing.func = &mut probe;
    check_blocks(function);
    drift::finalize(probing, config);
    let shown = probe::declared(&probe);
    let shown = shown.filter(|_| probe::shows_all(function.dfg.num_values(), config));

    let before = function.clone();
    let declared = shown.clone().unwrap_or_default();
    spill_declared(function, &declared, config, settings);
    let is_lost = |value: &&Value| declared.binary_search(value).is_err();
    let lost: Vec<u32> =
        settings.known.iter().filter(is_lost).map(|value| value.as_u32()).collect();
    let problem = if shown.is_none() {
        Some(Unchecked::Probe)
    } else if !lost.is_empty() {
        Some(Unchecked::LostDeclarations(lost))
    } else if regions::are_hidden(&before, function, &probe) {
        Some(Unchecked::HiddenAliasRegions)
    } else {
        None
    };
    (settings.pass)(function);
    Spilled { before, declared, after: function.clone(), problem }
}

/// Declares the values with a builder of its own, and finalizes it.
fn spill_declared(
    function: &mut Function,
    declared: &[Value],
    config: TargetFrontendConfig,
    settings: &Settings<'_>,
) {
    thread_local! {
        /// Kept, as a compiler keeps its context, so that what the spiller fails to clear between
        /// functions shows.
        static CONTEXT: Cell<Option<Box<FunctionBuilderContext>>> = const { Cell::new(None) };
    }
    let mut context = CONTEXT.take().unwrap_or_default();
    let mut builder = FunctionBuilder::new(function, &mut context);
    for &value in declared {
        builder.declare_value_needs_stack_map(value);
    }
    (settings.prepare)(&mut builder);
    drift::finalize(builder, config);
    CONTEXT.set(Some(context));
}

/// The checks that Cranelift's `finalize` makes of the function's blocks, which it cannot see when
/// it is called on the probe.
fn check_blocks(function: &Function) {
    if cfg!(debug_assertions) {
        for block in function.layout.blocks() {
            if let Err((instruction, message)) = function.is_block_basic(block) {
                let instruction = function.dfg.display_inst(instruction);
                panic!("{block} failed basic block invariants on {instruction}: {message}");
            }
        }
    }
}
