//! The settings of a hook.

use stackmap_clif::version::AtLeast;
use stackmap_verifier::Options;

/// How to verify.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// What the collector does.
    pub options: Options,
    /// What is known of the version of Cranelift that the program embeds, such as
    /// `"0.131.0".parse()?`. From [`AtLeast::UNKNOWN`], the default, follows no wrong
    /// verdict, but perhaps none.
    pub version: AtLeast,
}
