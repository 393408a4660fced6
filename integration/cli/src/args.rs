//! The command line.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ColorChoice, Parser, Subcommand, ValueEnum};

use crate::render::Format;

const EXAMPLES: &str = "\
Examples:
  stackmap-verify check spiller.log
      verifies every function in a trace-level log of a program that embeds
      Cranelift (RUST_LOG=cranelift_frontend::frontend::safepoints=trace)
  stackmap-verify check sketch.clif
      runs the linked Cranelift's spiller over functions with a `;! declare v0`
      line, and verifies what it did
  my-compiler 2>&1 | stackmap-verify check --format short -
      reads from standard input
  stackmap-verify explain SM001
      tells what a finding means

Without arguments, the corpus bundled with the sources is checked.

Exit status:
  0  everything is verified
  1  some path goes wrong (or there is a warning, with --deny warnings)
  2  something could not be read or decided, or there was nothing to check;
     everything else was still checked";

/// Proves that GC stack maps, and the spills and reloads around them, are right.
#[derive(Debug, Parser)]
#[command(name = "stackmap-verify", version, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check logs and CLIF files
    #[command(after_help = EXAMPLES)]
    Check(Check),
    /// Tell what a finding means
    Explain(Explain),
}

/// What to check, and how.
#[derive(Debug, Parser)]
pub(crate) struct Check {
    /// Logs, CLIF files, directories of these, or `-` for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// How to print what is found
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// What the collector does to objects at a safepoint
    #[arg(long, value_enum, default_value_t)]
    pub(crate) collector: Collector,

    /// Make the exit status 1 if there is any of these
    #[arg(long, value_enum)]
    pub(crate) deny: Vec<Denied>,

    /// How many functions to verify at a time [default: one for each processor]
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Whether to use colours
    #[arg(long, value_name = "WHEN", default_value_t)]
    pub(crate) color: ColorChoice,

    /// How many blocks of a witness path to show
    #[arg(long, value_name = "N", default_value_t = DEFAULT_WITNESS)]
    pub(crate) max_witness: usize,
}

const DEFAULT_WITNESS: usize = 40;

/// The collector the program runs with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
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

/// What `--deny` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Denied {
    /// Findings that are warnings
    Warnings,
}

impl Check {
    /// The corpus bundled with the sources, from their root.
    pub(crate) fn bundled() -> Self {
        Check {
            paths: vec![PathBuf::from("tests/corpus")],
            format: Format::default(),
            collector: Collector::default(),
            deny: Vec::new(),
            jobs: None,
            color: ColorChoice::Auto,
            max_witness: DEFAULT_WITNESS,
        }
    }
}

/// What to explain.
#[derive(Debug, Parser)]
pub(crate) struct Explain {
    /// A finding's code or name, such as SM001 or shared-slot; all, if left out
    pub(crate) code: Option<String>,
}
