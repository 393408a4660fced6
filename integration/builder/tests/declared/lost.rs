//! A builder that loses a declared reference is reported: the spiller did not see it, in
//! debug builds as in release builds.

use std::mem;

use cranelift_codegen::ir::{Function, InstBuilder, Value};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use stackmap_builder::{CheckedBuilder, CheckedContext, Unchecked};

use crate::programs::Builder;
use crate::{config, programs};

/// Builds a function whose one reference is live across a call, and lets `forget` work on
/// Cranelift's builder before it is finalized. Returns the reference and the problem.
fn problem(forget: impl FnOnce(&mut CheckedBuilder<'_>)) -> (Value, Option<Unchecked>) {
    let (mut function, mut context) = (programs::function(), CheckedContext::new());
    let mut builder = CheckedBuilder::new(&mut function, &mut context);
    let [entry] = builder.blocks();
    builder.append_block_params_for_function_params(entry);
    builder.sealed(entry);
    let reference = builder.make();
    builder.declare_value(reference);
    builder.look(reference);
    builder.look(reference);
    builder.ins().return_(&[]);
    forget(&mut builder);
    let checked = builder.finalize_checked(config());
    assert_eq!(checked.is_wrong(), checked.problem.is_some());
    (reference, checked.problem)
}

#[test]
fn a_declared_reference_is_kept() {
    assert_eq!(problem(|_| {}).1, None);
}

/// The declared values are in the context, so a builder on another has none.
#[test]
fn a_declared_reference_is_lost() {
    let (mut function, mut context) = (Function::new(), FunctionBuilderContext::new());
    let (function, context) = (&mut function, &mut context);
    let (reference, problem) = problem(|builder| {
        // Leaked: a context must live as long as the builder that it is put into.
        let function = Box::leak(Box::new(mem::replace(function, Function::new())));
        let context = Box::leak(Box::new(mem::take(context)));
        let mut other = FunctionBuilder::new(function, context);
        mem::swap(&mut **builder, &mut other);
        mem::swap(&mut builder.func, &mut other.func);
    });
    assert_eq!(problem, Some(Unchecked::LostDeclarations(vec![reference])));
}
