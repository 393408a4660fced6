//! The Cranelift that is linked.

use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::{self, TargetFrontendConfig};
use cranelift_codegen::settings;
use cranelift_frontend::FunctionBuilder;

/// The target's configuration, which `finalize` takes.
pub(crate) fn config() -> TargetFrontendConfig {
    let flags = settings::Flags::new(settings::builder());
    let isa = isa::lookup_by_name("x86_64-unknown-linux-gnu").expect("built in").finish(flags);
    isa.expect("the default settings").frontend_config()
}

/// Cranelift's own `finalize`: up to 0.133 it takes nothing, from 0.134 the configuration.
pub(crate) fn finalize(builder: FunctionBuilder<'_>) {
    Finalize::call(FunctionBuilder::finalize, builder);
}

/// What Cranelift's `finalize` takes is inferred from its type.
trait Finalize<'a, Takes> {
    fn call(self, builder: FunctionBuilder<'a>);
}

impl<'a, F: FnOnce(FunctionBuilder<'a>)> Finalize<'a, ()> for F {
    fn call(self, builder: FunctionBuilder<'a>) {
        self(builder);
    }
}

impl<'a, F> Finalize<'a, TargetFrontendConfig> for F
where
    F: FnOnce(FunctionBuilder<'a>, TargetFrontendConfig),
{
    fn call(self, builder: FunctionBuilder<'a>) {
        self(builder, config());
    }
}

/// Reads the one function of a text; `None` if this line's reader refuses it.
pub(crate) fn parse(text: &str) -> Option<Function> {
    let mut functions = cranelift_reader::parse_functions(text).ok()?;
    (functions.len() == 1).then(|| functions.remove(0))
}
