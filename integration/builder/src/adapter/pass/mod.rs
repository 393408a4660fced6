//! Finalizes a function, and verifies what the spiller made of it.

mod checked;
mod drift;
mod probe;
mod regions;
mod settings;
mod spill;

use super::functions::{minor, reload, verify_mut, verify_only_declared};
use super::{codegen, frontend, support};
use codegen::isa::TargetFrontendConfig;
use frontend::FunctionBuilder;

pub use checked::Checked;
pub use settings::Settings;

/// Finalizes a function: the debug-assert pass. Spills, verifies, and panics if a path through the
/// function goes wrong. Without debug assertions it is Cranelift's `finalize`.
///
/// A function that cannot be decided passes; the first one is reported to the `log` crate, as a
/// warning. [`finalize_strict`] does not let it pass.
///
/// # Panics
///
/// With the rendered findings, if there are any. Also as Cranelift's `finalize` does.
#[track_caller]
pub fn finalize(builder: FunctionBuilder<'_>, config: TargetFrontendConfig) {
    match cfg!(debug_assertions) {
        true => finalize_checked(builder, config).assert_right(),
        false => drift::finalize(builder, config),
    }
}

/// [`finalize`], except that a function that cannot be decided does not pass either.
///
/// # Panics
///
/// With the rendered findings, or with the reason why the function cannot be decided. Also as
/// Cranelift's `finalize` does.
#[track_caller]
pub fn finalize_strict(builder: FunctionBuilder<'_>, config: TargetFrontendConfig) {
    match cfg!(debug_assertions) {
        true => finalize_checked(builder, config).assert_verified(),
        false => drift::finalize(builder, config),
    }
}

/// Spills in any build, and verifies what the spiller made, for a moving collector.
///
/// # Panics
///
/// As Cranelift's `finalize` does.
pub fn finalize_checked(builder: FunctionBuilder<'_>, config: TargetFrontendConfig) -> Checked {
    finalize_with(builder, config, &Settings::default())
}

/// [`finalize_checked`], with settings.
///
/// Cost: that of two copies of the function and of a spiller run on one block with as many
/// values, and the verifier's.
///
/// # Panics
///
/// As Cranelift's `finalize` does.
pub fn finalize_with(
    builder: FunctionBuilder<'_>,
    config: TargetFrontendConfig,
    settings: &Settings<'_>,
) -> Checked {
    let spilled = spill::spill(builder, config, settings);
    Checked::new(spilled, settings)
}
