//! The settings of a hook.

use stackmap_clif::compiler::Compiler;
use stackmap_clif::version::AtLeast;
use stackmap_verifier::Options;

/// The settings of a hook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The kind of collector, and whether to certify.
    pub options: Options,
    /// The oldest version of Cranelift that the program may embed, such as
    /// `"0.131.0".parse()?`. From [`AtLeast::UNKNOWN`], the default, follows no wrong
    /// verdict, but perhaps none.
    pub version: AtLeast,
    /// What is known of the program that embeds Cranelift: functions of its own during which the
    /// collector does not run.
    pub compiler: Compiler,
}
