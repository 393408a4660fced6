//! The arguments of `stackmap-verify explore`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Parser;

use crate::reading::Reading;

pub(crate) const EXAMPLES: &str = "\
Examples:
  stackmap-verify explore spiller.log --output page.html
      shows each function of a log: its lines before and after spilling, what each
      slot holds at each line, where each reference is live, and the stack map of
      each safepoint
  stackmap-verify explore app.wasm --function u0:7 --output page.html
      shows one function of a module: after spilling, after optimization, and as
      machine code
  stackmap-verify explore optimized.clif --output page.html
      shows functions without their counterparts: slots and stack maps

Exit status:
  0  the page is written, whatever the verdicts on it are
  2  it is not: there is nothing to show, or something failed";

/// What to show, and how to read it.
#[derive(Debug, Parser)]
pub(crate) struct Explore {
    /// Logs, CLIF files, pairs as text, WebAssembly modules and scripts, directories of these, or
    /// `-` for standard input [default: those of the settings file]
    #[arg(value_name = "INPUT")]
    pub(crate) paths: Vec<PathBuf>,

    /// Write the page to this file, which appears when it is complete
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,

    /// Show the functions with this name, such as %f or u0:3. May be given more than once
    #[arg(long, value_name = "NAME")]
    pub(crate) function: Vec<String>,

    /// Show at most so many functions, and as many more that are violated
    #[arg(long, value_name = "N", default_value_t = MOST)]
    pub(crate) most: NonZeroUsize,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Have the proof of each verified pair checked by a second, small program
    #[arg(long)]
    pub(crate) certify: bool,

    /// Read settings from this file [default: stackmap-verify.toml in the working directory, if
    /// there is one]
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,

    /// Read no settings from a file
    #[arg(long)]
    pub(crate) no_config: bool,
}

const MOST: NonZeroUsize = NonZeroUsize::new(100).unwrap();
