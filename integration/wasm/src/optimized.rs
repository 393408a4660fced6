//! The second pass: what optimisation made of each function, as Wasmtime writes it.
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
use stackmap_clif::alone::{AloneError, read_alone};
use stackmap_clif::lower::Alone;
use stackmap_clif::pair::Text;
use stackmap_clif::version::AtLeast;
use stackmap_render::{Part, Style, human};
use stackmap_verifier::{Collector, Outcome, Report, verify_after};
use thiserror::Error;

use crate::dispatch::{Listener, listen, lock};
use crate::error::WasmError;
use crate::folder::{Folder, Wanted, Written};
use crate::spilled::{CRANELIFT_MINOR, order};
use crate::{Gc, Options};

/// The target of the record that the optimisation of a function begins, and its first words.
const TARGET: &str = "cranelift_codegen::context";
const BEGINS: &str = "Number of CLIF instructions to optimize";

/// The result of a function after optimisation.
#[derive(Clone, Debug)]
pub struct Optimized {
    /// The function's name, `u0:3`: the same as before.
    pub function: String,
    /// The function as Wasmtime wrote it. Empty where that of a pair is.
    pub text: String,
    /// The numbers of the values that were declared in the first pass.
    pub declared: Vec<u32>,
    /// The verifier's answer, on after-only evidence and with the declared values of the
    /// first pass, or why it could not be asked. Lines are those of
    /// [`text`](Self::text), from 1.
    pub result: Result<Report, OptimizedProblem>,
}

/// Why an optimised function could not be verified.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OptimizedProblem {
    /// Wasmtime did not write it.
    #[error("Wasmtime did not write the function after optimization")]
    NotWritten,
    /// It cannot be read, or something about it is unknown.
    #[error(transparent)]
    Read(#[from] AloneError),
}

/// The results of the second pass.
pub(crate) struct Found {
    /// Each function, in the order of its number.
    pub(crate) functions: Vec<Optimized>,
    /// On how many functions the verifier panicked.
    pub(crate) verifier_panics: usize,
    /// The messages of all panics, one line each.
    pub(crate) panics: Vec<String>,
    /// Time spent verifying, summed over all threads.
    pub(crate) verifying: Duration,
}

/// Hears when functions begin, and verifies those that are written.
struct Sweeper {
    folder: Folder,
    options: stackmap_verifier::Options,
    keep: bool,
    found: Mutex<Vec<Optimized>>,
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
        let verified = AssertUnwindSafe(|| verified(written, &self.options, self.keep));
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
    folder: Folder,
    options: &Options<'_>,
    threads: usize,
    compile: impl FnOnce() -> T + Send,
) -> Result<(T, Found), WasmError> {
    let sweeper = Arc::new(Sweeper {
        folder,
        options: stackmap_verifier::Options { collector: rule(options), ..options.options },
        keep: options.keep,
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
    let left = failed.map_or(left, Err).map_err(|error| WasmError::Folder(error.to_string()))?;

    let mut functions = std::mem::take(&mut *lock(&sweeper.found));
    functions.extend(left.into_iter().map(not_written));
    functions.sort_by_cached_key(|optimized| order(&optimized.function));
    let verifier_panics = sweeper.verifier_panics.load(Ordering::Relaxed);
    let verifying = *lock(&sweeper.verifying);
    Ok((result, Found { functions, verifier_panics, panics, verifying }))
}

/// The options for optimised code. Of Wasmtime's collectors only one moves objects, and
/// the optimiser is told which it is: for the others, a copy stays good behind a call.
fn rule(options: &Options<'_>) -> Collector {
    match options.gc {
        Gc::Copying => options.options.collector,
        Gc::ReferenceCounting | Gc::Null => Collector::NonMoving,
    }
}

fn verified(written: Written, options: &stackmap_verifier::Options, keep: bool) -> Optimized {
    let Written { function, mut text, wanted: Wanted { declared } } = written;
    let result = read(&text, &declared)
        .map(|Alone { program, declared }| verify_after(&program, &declared, options))
        .map_err(OptimizedProblem::Read);
    let is_fine =
        |report: &Report| report.outcome == Outcome::Verified && report.findings.is_empty();
    if !keep && result.as_ref().is_ok_and(is_fine) {
        text = String::new();
    }
    Optimized { function, text, declared, result }
}

fn read(text: &str, declared: &[u32]) -> Result<Alone, AloneError> {
    read_alone(Text { text, line: 1 }, declared, AtLeast::minor(CRANELIFT_MINOR))
}

fn not_written(function: String) -> Optimized {
    let result = Err(OptimizedProblem::NotWritten);
    Optimized { function, text: String::new(), declared: Vec::new(), result }
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

impl Optimized {
    /// The model that was verified, if the text was [kept](Options::keep).
    ///
    /// # Errors
    ///
    /// [`AloneError`] if the function cannot be read, as its [`result`](Self::result) says
    /// then.
    pub fn model(&self) -> Result<Alone, AloneError> {
        read(&self.text, &self.declared)
    }

    /// Whether a path goes wrong. `false` if it could not be decided.
    pub fn is_wrong(&self) -> bool {
        self.result.as_ref().is_ok_and(|report| match report.outcome {
            Outcome::Violated | Outcome::Internal(_) => true,
            Outcome::Verified | Outcome::Unsupported(_) => false,
        })
    }

    /// Renders the findings, with the lines that they are about; the empty string if
    /// that is nothing.
    pub fn render(&self, style: Style) -> String {
        let Optimized { function, text, declared: _, result } = self;
        let undecided = |reason: &dyn Display| {
            format!("the function {function} cannot be verified after optimization: {reason}\n")
        };
        let report = match result {
            Ok(report) => report,
            Err(problem) => return undecided(problem),
        };
        match &report.outcome {
            Outcome::Verified | Outcome::Violated => {}
            Outcome::Unsupported(reason) => return undecided(reason),
            Outcome::Internal(error) => return undecided(error),
        }
        let path = format!("{function} (after optimization)");
        let listing = Part::new(path, text.as_str()).into();
        let context = format!("in function {function} (after-only evidence)");
        let findings = report.findings.iter();
        findings.map(|f| human(f, Some(&listing), Some(&context), style) + "\n\n").collect()
    }
}
