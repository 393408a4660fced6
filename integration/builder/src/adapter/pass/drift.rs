//! What differs between versions of Cranelift's builder.

use super::codegen::isa::TargetFrontendConfig;
use super::frontend::FunctionBuilder;

/// Cranelift's `finalize`: up to 0.133 it takes nothing, from 0.134 the target's configuration.
/// Which of the two it is, is inferred from its type.
trait Finalize<'a, Takes> {
    fn call(self, builder: FunctionBuilder<'a>, config: TargetFrontendConfig);
}

/// Takes nothing.
#[derive(Debug)]
struct Nothing;

/// Takes the target's configuration.
#[derive(Debug)]
struct Config;

impl<'a, F: FnOnce(FunctionBuilder<'a>)> Finalize<'a, Nothing> for F {
    fn call(self, builder: FunctionBuilder<'a>, _: TargetFrontendConfig) {
        self(builder);
    }
}

impl<'a, F> Finalize<'a, Config> for F
where
    F: FnOnce(FunctionBuilder<'a>, TargetFrontendConfig),
{
    fn call(self, builder: FunctionBuilder<'a>, config: TargetFrontendConfig) {
        self(builder, config);
    }
}

/// Calls Cranelift's `finalize`.
pub(super) fn finalize(builder: FunctionBuilder<'_>, config: TargetFrontendConfig) {
    Finalize::call(FunctionBuilder::finalize, builder, config);
}
