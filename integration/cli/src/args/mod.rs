//! The command line.

mod report;

use std::path::PathBuf;

use clap::builder::PossibleValue;
use clap::{ColorChoice, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use stackmap_report::Slice;

use crate::explore::Explore;
use crate::reading::Reading;
use crate::reduce::Reduce;
pub(crate) use report::Report;

const EXAMPLES: &str = "\
Examples:
  stackmap-verify check spiller.log
      verifies every function in a trace-level log of a program that embeds
      Cranelift (RUST_LOG=cranelift_frontend::frontend::safepoints=trace, and
      WASMTIME_LOG for the command wasmtime)
  stackmap-verify check sketch.clif
      runs the linked Cranelift's spiller over functions with a `;! declare v0`
      line, and verifies what it did
  stackmap-verify check optimized.clif
      checks what each function shows by itself (after-only evidence): its roots,
      and that no stale copy of a reference is used
  stackmap-verify check app.wasm spec/
      compiles modules, components and scripts (.wasm, .wat, .wast) with Wasmtime,
      and verifies every function with references: as a pair, once more after
      optimization, and the stack maps and exception tables of its machine code
  stackmap-verify check --clif clif/ app.cwasm
      checks the machine code of a module that somebody else compiled, with
      what `wasmtime compile --emit-clif clif/ app.wasm` wrote beside it
  stackmap-verify check pairs.txt
      verifies what a compiler in any language printed of its functions before and
      after spilling, in the form that begins with `stackmap-pair 1`: docs/pairs.md
  my-compiler 2>&1 | stackmap-verify check --format short -
      reads from standard input
  stackmap-verify check --format sarif --output report.sarif logs/
      writes a report for code scanning
  stackmap-verify check --html report.html logs/
      shows what stack slots hold, and where it goes wrong, on a page
  stackmap-verify explore --output page.html app.wasm --function u0:7
      shows functions on a page, right or wrong: lines, slots and stack maps
  stackmap-verify check --partition slice:1/3 --format json logs/ > 1.jsonl
  stackmap-verify merge 1.jsonl 2.jsonl 3.jsonl
      spread a run over machines, and put it together again
  stackmap-verify check --write-baseline known.jsonl logs/
  stackmap-verify check --baseline known.jsonl logs/
      accepts what is known, and fails for what is new
  stackmap-verify check
      checks what stackmap-verify.toml in the working directory says, as it says
  stackmap-verify explain SM001
      tells what a finding means

Without arguments, the corpus bundled with the sources is checked, with --certify.

Exit status:
  1  something is violated (or there is a warning that is denied), whatever else
     happened
  2  nothing is, but something could not be read or decided, or there was nothing
     to check
  0  everything is verified
What a baseline has counts as if it were not there, and with --exit-zero 1 becomes 0.
Everything else is still checked, whatever cannot be.";

const MERGING: &str = "\
Example:
  stackmap-verify merge --format sarif --output report.sarif shards/*.jsonl

The report is that of a run without slices. The text of the functions is not in
JSON, so the format `human` tells places instead of showing lines.

Exit status: that of a run over everything. If a shard is missing, truncated or
corrupt, there is no report, and the status is 1 if one of the shards says that
something is violated, else 2.";

/// Proves that GC stack maps, and the spills and reloads around them, are right.
#[derive(Debug, Parser)]
#[command(name = "stackmap-verify", version, after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check logs, CLIF and WebAssembly
    #[command(after_help = EXAMPLES)]
    Check(Check),
    /// Write a page that shows functions: what slots hold, what is live, and stack maps
    #[command(after_help = crate::explore::EXAMPLES)]
    Explore(Explore),
    /// Merge the JSON reports of slices, or of runs, into one report
    #[command(after_help = MERGING)]
    Merge(Merge),
    /// Make a wrong function as small as it can be
    #[command(after_help = crate::reduce::EXAMPLES)]
    Reduce(Reduce),
    /// Tell what a finding means, or list all findings
    Explain(Explain),
    /// Print the JSON schema of the format json
    Schema,
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual page of the command, or of a subcommand
    Man(Manual),
}

/// What to check, and how.
#[derive(Debug, Parser)]
pub(crate) struct Check {
    /// Logs, CLIF files, pairs as text, WebAssembly modules, scripts and what they were
    /// compiled to, directories of these, or `-` for standard input [default: those of the
    /// settings file]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) report: Report,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// Have the proof of each verified pair checked by a second, small program that does
    /// not search; a proof that it rejects is an internal error
    #[arg(long)]
    pub(crate) certify: bool,

    /// Write model and certificate of each pair, the function before and after spilling, to
    /// this file, for another checker than --certify, which this includes:
    /// docs/certificates.md
    #[arg(long, value_name = "FILE")]
    pub(crate) certificates: Option<PathBuf>,

    /// Check only the K-th of N slices of the files, sorted by name and dealt out in
    /// turn: slice:1/3, slice:2/3 and slice:3/3 together are everything
    #[arg(long, value_name = "slice:K/N")]
    pub(crate) partition: Option<Slice>,

    /// Whether to use colours
    #[arg(long, value_name = "WHEN", default_value_t)]
    pub(crate) color: ColorChoice,

    /// How many blocks of a witness path to show
    #[arg(long, value_name = "N", default_value_t = DEFAULT_WITNESS)]
    pub(crate) max_witness: usize,
}

const DEFAULT_WITNESS: usize = 40;

/// What to merge, and how.
#[derive(Debug, Parser)]
pub(crate) struct Merge {
    /// What `check --format json` wrote: all slices of one run, in any order; or
    /// whole runs, which follow each other in the report
    #[arg(required = true, value_name = "SHARD")]
    pub(crate) shards: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) report: Report,
}

impl Check {
    /// The options that results depend on, in a form that is the same if they are.
    pub(crate) fn that_matters(&self) -> String {
        let name = |value: Option<PossibleValue>| {
            value.map_or_else(String::new, |value| value.get_name().to_owned())
        };
        let mut options = vec![
            format!("--collector={}", name(self.reading.collector.to_possible_value())),
            format!("--wasm-collector={}", name(self.reading.wasm_collector().to_possible_value())),
            format!("--wasm-optimized={}", name(self.reading.wasm_optimized.to_possible_value())),
            format!("--wasm-code={}", name(self.reading.wasm_code.to_possible_value())),
            format!("--max-witness={}", self.max_witness),
        ];
        options.extend(self.reading.target.as_ref().map(|target| format!("--target={target}")));
        options.extend(
            self.reading.clif.as_ref().map(|folder| format!("--clif={}", folder.display())),
        );
        options.extend(self.reading.cranelift.map(|version| format!("--cranelift={version}")));
        options.extend(self.reading.assumed());
        options.extend(self.reading.declare_lines.then(|| "--declare-lines".to_owned()));
        let certify = self.certify || self.certificates.is_some();
        options.extend(certify.then(|| "--certify".to_owned()));
        let levels = self.report.levels();
        options.extend(levels.allowed().map(|code| format!("--allow={code}")));
        options.join(" ")
    }

    /// The corpus bundled with the sources, from their root.
    pub(crate) fn bundled() -> Self {
        Check {
            paths: vec![PathBuf::from("tests/corpus")],
            report: Report::default(),
            reading: Reading::default(),
            certify: true,
            certificates: None,
            partition: None,
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

/// What to complete.
#[derive(Debug, Parser)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: Shell,
}

/// What to print the manual page of.
#[derive(Debug, Parser)]
pub(crate) struct Manual {
    /// The subcommand, such as check [default: the command itself]
    pub(crate) subcommand: Option<String>,
}
