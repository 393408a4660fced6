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
