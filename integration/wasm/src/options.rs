//! Options of compilation and verification.

use std::path::Path;
use std::thread::available_parallelism;

use crate::engine::Gc;
use crate::keep::Keep;

/// Options of compilation and verification.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options<'f> {
    /// The kind of collector that the verifier assumes. Moving, the default, is the most
    /// that can be asked, and Wasmtime's spiller satisfies it for every collector.
    pub options: stackmap_verifier::Options,
    /// For which of Wasmtime's collectors to compile.
    pub gc: Gc,
    /// For which target to compile, such as `aarch64-unknown-linux-gnu`; `None` for this machine, with
    /// what its processor has. Instruction sets other than that of this machine need the cargo feature
    /// `all-arch`.
    pub target: Option<&'f str>,
    /// The number of threads that compile, and verify, at a time; 0 for one for each processor.
    pub threads: usize,
    /// The functions whose texts are kept although they are verified. They may be very large.
    pub keep: Keep<'f>,
    /// An empty folder that Wasmtime can write to: each function with references is then
    /// verified once more, after optimization. `None`: it is not.
    ///
    /// Each file is removed when it has been checked. For Wasmtime's collectors that do
    /// not move objects, what is asked of optimised code is the rule for these: the
    /// optimiser relies on it.
    pub optimized: Option<&'f Path>,
    /// Whether the machine code of the functions that are verified after optimization is checked as
    /// well. It is then made by Wasmtime's default register allocator, and what Wasmtime writes
    /// stays in the folder until the module is compiled.
    pub code: bool,
    /// Only for modules in which no function has more blocks than this, if there is a
    /// limit. Cranelift's alias analysis keeps a table of what was stored to for each.
    pub most_blocks: Option<usize>,
    /// Only for modules in which no function, with references or without, takes more bytes
    /// than this, if there is a limit. Wasmtime writes what it optimized a token at a time, with a
    /// system call for each.
    pub most_bytes: Option<usize>,
}

impl Options<'_> {
    /// Returns the number of threads that compile, and verify, at a time.
    pub(crate) fn thread_count(&self) -> usize {
        match self.threads {
            0 => available_parallelism().map_or(1, usize::from),
            threads => threads,
        }
    }
}
