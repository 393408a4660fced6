//! The arguments of `stackmap-verify reduce`.

use std::num::NonZeroU64;
use std::path::PathBuf;

use clap::Parser;
use stackmap_clif::version::AtLeast;
use stackmap_verifier::findings::Code;

use crate::collector::Collector;

pub(crate) const EXAMPLES: &str = "\
Examples:
  stackmap-verify reduce spiller.log --output small.log
      writes the smallest pair of functions that is still wrong, as a log, with a
      comment that says what goes wrong where; of several wrong functions, the
      smallest is reduced
  stackmap-verify reduce spiller.log --function %f --code SM001
      reduces one function, and keeps one finding
  stackmap-verify reduce sketch.clif --spiller linked
      runs the linked Cranelift's spiller at each step, so that what comes out is
      CLIF that this spiller gets wrong
  stackmap-verify reduce spiller.log --spiller 'tests/recorder/record.sh 0.132.0'
      the same with a program that runs the spiller of any version: it is given
      the path of a CLIF file with a `;! declare v0` line, and prints the log
  stackmap-verify reduce spiller.log --spiller linked --test
      writes a Rust test that fails as long as the spiller is wrong

Exit status:
  0  there is a smaller function, or the function cannot be made smaller
  2  there is nothing to reduce: nothing is wrong, or it is not known what";

/// What to reduce, and how.
#[derive(Debug, Parser)]
pub(crate) struct Reduce {
    /// A log, a CLIF file, or `-` for standard input
    #[arg(value_name = "INPUT")]
    pub(crate) input: PathBuf,

    /// The function to reduce, such as %f or u0:3 [default: the smallest that is wrong]
    #[arg(long, value_name = "NAME")]
    pub(crate) function: Option<String>,

    /// The finding to keep, by code or name [default: the function's first error]
    #[arg(long, value_name = "CODE")]
    pub(crate) code: Option<Code>,

    /// Reduce the function before spilling alone, and run a spiller on it at each step: `linked` is
    /// that of the linked Cranelift. Any other is a command, whose words are separated by blanks; the
    /// path of a CLIF file is added to it, and it prints the log
    #[arg(long, value_name = "SPILLER")]
    pub(crate) spiller: Option<String>,

    /// For how many seconds the program of --spiller may run at a time
    #[arg(long, value_name = "SECONDS", default_value = "60")]
    pub(crate) spiller_timeout: NonZeroU64,

    /// Write a Rust test that runs the spiller on the function
    #[arg(long)]
    pub(crate) test: bool,

    /// Write to this file, which appears when it is complete
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// What the collector does to objects at a safepoint
    #[arg(long, value_enum, default_value_t)]
    pub(crate) collector: Collector,

    /// Which Cranelift wrote the input, such as 0.131.0
    #[arg(long, value_name = "VERSION")]
    pub(crate) cranelift: Option<AtLeast>,

    /// Take lines `;! declare v0 v3` in a log at their word
    #[arg(long)]
    pub(crate) declare_lines: bool,
}
