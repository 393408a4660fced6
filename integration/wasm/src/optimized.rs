//! The second pass: what optimization made of each function, as Wasmtime writes it.
//!
//! Wasmtime writes a function to a file when it has compiled it, and then turns to the
//! next. When Cranelift says that it begins with that one, the files that are complete
//! are taken: so there are never many, and what the next function needs in memory waits
//! until the last one is verified.

use std::fmt::{self, Display, Write};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use log::{LevelFilter, Record};
use stackmap_clif::after_only::{AfterOnlyError, Known, read_after_only_of};
use stackmap_clif::compiler::Compiler;
use stackmap_clif::exempt::Exempt;
use stackmap_clif::lower::AfterOnlyFunction;
use stackmap_clif::pair::Text;
use stackmap_clif::version::AtLeast;
use stackmap_report::{Evidence, FunctionResult, Listing, Part, Reason, Verdict};
use stackmap_verifier::{Collector, verify_after_only};

use crate::Options;
use crate::dispatch::{Listener, listen, lock};
use crate::error::WasmError;
use crate::folder::{Folder, Wanted, Written};
use crate::judged::Judged;
use crate::keep::Keeper;
use crate::order::order;
use crate::spilled::CRANELIFT_MINOR;

/// The target of the record that the optimization of a function begins, and its first words.
const TARGET: &str = "cranelift_codegen::context";
const BEGINS: &str = "Number of CLIF instructions to optimize";

/// The results of the second pass.
pub(crate) struct Found {
    /// Each function, in the order of its number.
    pub(crate) functions: Vec<Judged>,
    /// On how many functions the verifier panicked.
    pub(crate) verifier_panics: usize,
    /// The messages of all panics, one line each.
    pub(crate) panics: Vec<String>,
    /// Time spent verifying, summed over all threads.
    pub(crate) verifying: Duration,
    /// The functions that were not written.
    pub(crate) missing: Vec<String>,
}

/// Hears when functions begin, and verifies those that are written.
struct Sweeper {
    folder: Arc<Folder>,
    options: stackmap_verifier::Options,
    compiler: Compiler,
    keep: Keeper,
    found: Mutex<Vec<Judged>>,
    failed: Mutex<Option<io::Error>>,
    verifying: Mutex<Duration>,
    verifier_panics: AtomicUsize,
}

impl Listener for Sweeper {
    fn hear(&self, record: &Record<'_>) {
        if record.target() == TARGET && begins_with(record.args(), BEGINS) {
            self.sweep();
        }
    }
}

impl Sweeper {
    /// Verifies what is complete, one function after the other.
    fn sweep(&self) {
        let begin = Instant::now();
        loop {
            match self.folder.take() {
                Ok(Some(written)) => self.verify(written),
                Ok(None) => break,
                Err(error) => {
                    lock(&self.failed).get_or_insert(error);
                    break;
                }
            }
        }
        *lock(&self.verifying) += begin.elapsed();
    }

    fn verify(&self, written: Written) {
        // What panics here must not unwind through the compiler.
        let verified =
            AssertUnwindSafe(|| verified(written, &self.options, &self.compiler, &self.keep));
        match catch_unwind(verified) {
            Ok(optimized) => lock(&self.found).push(optimized),
            Err(_) => {
                self.verifier_panics.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Runs `compile` on so many threads, which writes to `folder`, and verifies what it
/// writes. If it fails, the functions that it did not come to are not written.
pub(crate) fn sweep<T: Send>(
    folder: Arc<Folder>,
    (options, keep): (&Options<'_>, Keeper),
    threads: usize,
    compile: impl FnOnce() -> T + Send,
) -> Result<(T, Found), WasmError> {
    let compiler = options.gc.compiler();
    let collector = rule(options, &compiler);
    let sweeper = Arc::new(Sweeper {
        folder,
        options: stackmap_verifier::Options { collector, ..options.options },
        compiler,
        keep,
        found: Mutex::default(),
        failed: Mutex::default(),
        verifying: Mutex::default(),
        verifier_panics: AtomicUsize::new(0),
    });
    let last = sweeper.clone();
    let (result, panics) = listen(sweeper.clone(), LevelFilter::Debug, threads, move || {
        let result = compile();
        // After the last function of each thread no other begins.
        last.sweep();
        result
    })?;
    let left = sweeper.folder.close();
    let failed = lock(&sweeper.failed).take();
    let left = failed.map_or(left, Err).map_err(WasmError::folder)?;

    let mut functions = std::mem::take(&mut *lock(&sweeper.found));
    functions.extend(left.iter().cloned().map(not_written));
    functions.sort_by_cached_key(|optimized| order(&optimized.result));
    let verifier_panics = sweeper.verifier_panics.load(Ordering::Relaxed);
    let verifying = *lock(&sweeper.verifying);
    Ok((result, Found { functions, verifier_panics, panics, verifying, missing: left }))
}

/// The options for optimised code. Of Wasmtime's collectors only one moves objects, and
/// the optimiser is told which it is: for the others, a copy stays good behind a call.
pub(crate) fn rule(options: &Options<'_>, compiler: &Compiler) -> Collector {
    match compiler.moves_nothing {
        true => Collector::NonMoving,
        false => options.options.collector,
    }
}

/// Verifies a function that Wasmtime wrote, by what it shows by itself.
pub(crate) fn verified(
    written: Written,
    options: &stackmap_verifier::Options,
    compiler: &Compiler,
    keep: &Keeper,
) -> Judged {
    let Written { function, text, wanted: Wanted { declared, exempt } } = written;
    let result = match read(&text, &declared, &exempt, compiler) {
        Ok(AfterOnlyFunction { program, declared }) => {
            let report = verify_after_only(&program, &declared, options);
            let part = Part::new(format!("{function} (after optimization)"), text);
            FunctionResult::new(function, Evidence::AfterOnly, report, Listing::from(part))
        }
        Err(error @ AfterOnlyError::Syntax(_)) => {
            FunctionResult::error(Some(function), Reason::new(error.to_string()))
        }
        Err(error @ AfterOnlyError::Unsupported(_)) => {
            let reason = Reason::new(error.to_string());
            let part = Part::new(format!("{function} (after optimization)"), text);
            FunctionResult::unsupported(function, Evidence::AfterOnly, reason).of_texts(part)
        }
    };
    let mut result = FunctionResult { optimized: true, ..result };
    let is_kept = result.function.as_deref().is_some_and(|name| keep.keeps(name));
    if !is_kept && result.verdict == Verdict::Verified && result.findings.is_empty() {
        result.texts = None;
    }
    Judged { result, declared, exempt, types: None }
}

/// Reads a function as Wasmtime writes it after optimization.
pub(crate) fn read(
    text: &str,
    declared: &[u32],
    exempt: &Exempt,
    compiler: &Compiler,
) -> Result<AfterOnlyFunction, AfterOnlyError> {
    let version = AtLeast::minor(CRANELIFT_MINOR);
    read_after_only_of(Text { text, line: 1 }, &Known { declared, exempt, version, compiler })
}

fn not_written(function: String) -> Judged {
    let reason = Reason::new("Wasmtime did not write the function after optimization");
    let result = FunctionResult::error(Some(function), reason);
    Judged {
        result: FunctionResult { optimized: true, ..result },
        declared: Vec::new(),
        exempt: Exempt::default(),
        types: None,
    }
}

/// Whether a text begins so, and formats no more of it than shows that.
fn begins_with(text: &dyn Display, start: &'static str) -> bool {
    struct Start {
        rest: &'static str,
        begins: bool,
    }
    impl Write for Start {
        fn write_str(&mut self, part: &str) -> fmt::Result {
            let length = part.len().min(self.rest.len());
            self.begins = part.as_bytes()[..length] == self.rest.as_bytes()[..length];
            self.rest = self.rest.get(length..).unwrap_or_default();
            match self.begins && !self.rest.is_empty() {
                true => Ok(()),
                false => Err(fmt::Error),
            }
        }
    }
    let mut start = Start { rest: start, begins: true };
    let all = write!(start, "{text}");
    all.is_err() && start.begins
}
