//! `--collector`.

use clap::ValueEnum;
use serde::Deserialize;

/// The collector the program runs with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Collector {
    /// Objects move: only the roots are updated
    #[default]
    Moving,
    /// Objects stay: a copy is good while a root holds the same reference
    NonMoving,
}

impl From<Collector> for stackmap_verifier::Collector {
    fn from(collector: Collector) -> Self {
        match collector {
            Collector::Moving => stackmap_verifier::Collector::Moving,
            Collector::NonMoving => stackmap_verifier::Collector::NonMoving,
        }
    }
}

impl Collector {
    /// Returns what functions are held to, in words.
    pub(crate) fn rule(self) -> &'static str {
        match self {
            Collector::Moving => "a collector that moves every object",
            Collector::NonMoving => "a collector that moves nothing",
        }
    }
}
