//! Measures the time that verifying while compiling adds to compiling a module as Wasmtime does
//! by default (optimised), on one thread. It can also record the spiller's log.
//!
//! ```text
//! cargo run --release -p stackmap-wasm-tests --bin overhead -- MODULE.wasm [RUNS [COLLECTOR]]
//! cargo run --release -p stackmap-wasm-tests --bin overhead -- MODULE.wasm --record null FILE.log
//! ```
//!
//! Functions that use legacy exception handling are replaced as `programs` does. Each
//! run does all of these in turn, and every figure is processor time:
//!
//! * *compiling*: the records have no reader;
//! * *heard*: the records are received, but not formatted. The added time is the difference of
//!   two compilations;
//! * *printed*: they are formatted and dropped, which is the minimum that any reader of the
//!   records costs. The added time is measured directly;
//! * *verified*: each function is printed, read and verified, measured likewise.

use std::error::Error;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use log::{LevelFilter, Log, Metadata, Record};
use rustix::time::{ClockId, clock_gettime};
use stackmap_hook::{AtLeast, Logger, Settings, Silent, TARGET, hook};
use stackmap_wasm_tests::legacy::replace;
use wasmtime::{Collector, Config, Engine};

/// The treatment of the spiller's records.
#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Compiling,
    Heard,
    Printed,
    Verified,
    Recorded,
}

const MEASURED: [Mode; 4] = [Mode::Compiling, Mode::Heard, Mode::Printed, Mode::Verified];

/// The logger's current mode, as an index of [`MEASURED`] or beyond.
static MODE: AtomicUsize = AtomicUsize::new(0);
static VERIFIED: AtomicUsize = AtomicUsize::new(0);
static PRINTED: AtomicUsize = AtomicUsize::new(0);
/// Nanoseconds spent on the three records of each function.
static SPENT: AtomicU64 = AtomicU64::new(0);

struct Listener {
    hook: Logger,
    file: OnceLock<Mutex<BufWriter<File>>>,
}

/// Counts the bytes that are written to it.
struct Count(usize);

impl std::fmt::Write for Count {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0 += text.len();
        Ok(())
    }
}

impl Log for Listener {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &Record<'_>) {
        let mode = MODE.load(Ordering::Relaxed);
        if record.target() != TARGET || mode == Mode::Heard as usize {
            return;
        }
        if !is_function_record(record) {
            return;
        }
        let begin = processor_time();
        if mode == Mode::Verified as usize {
            self.hook.log(record);
        } else if let Some(file) = self.file.get() {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            writeln!(file, "[TRACE {TARGET}] {}", record.args()).expect("the log can grow");
        } else {
            let mut count = Count(0);
            write!(count, "{}", record.args()).expect("counting does not fail");
            PRINTED.fetch_add(count.0, Ordering::Relaxed);
        }
        let spent = processor_time().saturating_sub(begin).as_nanos();
        SPENT.fetch_add(u64::try_from(spent).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn flush(&self) {}
}

/// Whether this is one of a function's three records; the spiller writes others, too.
fn is_function_record(record: &Record<'_>) -> bool {
    struct Start(bool);
    impl std::fmt::Write for Start {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            let starts = ["values needing", "before inserting", "after inserting"];
            self.0 = starts.iter().any(|start| text.starts_with(start));
            // The first piece is enough.
            Err(std::fmt::Error)
        }
    }
    let mut start = Start(false);
    let stopped = write!(start, "{}", record.args());
    stopped.is_err() && start.0
}

fn engine(collector: Collector) -> wasmtime::Result<Engine> {
    let mut config = Config::new();
    config
        .collector(collector)
        .parallel_compilation(false)
        .wasm_function_references(true)
        .wasm_gc(true)
        .wasm_exceptions(true);
    Engine::new(&config)
}

const COLLECTORS: [(&str, Collector); 3] = [
    ("drc", Collector::DeferredReferenceCounting),
    ("null", Collector::Null),
    ("copying", Collector::Copying),
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(path) = arguments.first() else { return Err("which module?".into()) };
    let replaced = replace(&std::fs::read(path)?)?;
    let settings = Settings { version: AtLeast::minor(135), ..Settings::default() };
    let (hook, _) = hook(Box::new(Silent), LevelFilter::Off, settings, |verified| {
        assert!(!verified.result.is_wrong(), "{:?}", verified.result.function);
        VERIFIED.fetch_add(1, Ordering::Relaxed);
    });
    let listener: &Listener = Box::leak(Box::new(Listener { hook, file: OnceLock::new() }));
    log::set_logger(listener).map_err(|error| error.to_string())?;
    if let [_, flag, gc, file] = arguments.as_slice()
        && flag == "--record"
    {
        let collector = COLLECTORS.iter().find(|(name, _)| name == gc).ok_or("no collector")?.1;
        let file = listener.file.get_or_init(|| Mutex::new(BufWriter::new(create(file))));
        compile(&engine(collector)?, &replaced.wasm, Mode::Recorded)?;
        file.lock().unwrap_or_else(PoisonError::into_inner).flush()?;
        return Ok(());
    }
    let runs = arguments.get(1).map_or(Ok(3), |runs| runs.parse())?;
    println!(
        "| collector | functions verified | MB printed | compiling (s) | heard | printed | verified |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|");
    let only = arguments.get(2);
    for (name, collector) in COLLECTORS {
        if only.is_some_and(|only| only != name) {
            continue;
        }
        let engine = engine(collector)?;
        let mut times = [const { Vec::new() }; MEASURED.len()];
        for _ in 0..runs {
            for (mode, times) in MEASURED.into_iter().zip(&mut times) {
                SPENT.store(0, Ordering::Relaxed);
                let compiling = compile(&engine, &replaced.wasm, mode)?;
                let spent = Duration::from_nanos(SPENT.load(Ordering::Relaxed));
                times.push(if spent.is_zero() { compiling } else { spent });
            }
        }
        print(name, &mut times, runs);
    }
    Ok(())
}

fn create(path: &str) -> File {
    File::create(path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Returns the processor time of one compilation.
fn compile(engine: &Engine, wasm: &[u8], mode: Mode) -> wasmtime::Result<Duration> {
    MODE.store(mode as usize, Ordering::Relaxed);
    let level = if mode == Mode::Compiling { LevelFilter::Off } else { LevelFilter::Trace };
    log::set_max_level(level);
    let begin = processor_time();
    engine.precompile_module(wasm)?;
    Ok(processor_time().saturating_sub(begin))
}

fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let part = |n: i64| u64::try_from(n).unwrap_or(0);
    Duration::from_secs(part(time.tv_sec)) + Duration::from_nanos(part(time.tv_nsec))
}

/// Formats the shortest run, and the added time in percent, with the medians in brackets.
fn print(name: &str, times: &mut [Vec<Duration>; MEASURED.len()], runs: usize) {
    let verified = VERIFIED.swap(0, Ordering::Relaxed) / runs;
    let printed = PRINTED.swap(0, Ordering::Relaxed) / runs / 1_000_000;
    for times in &mut *times {
        times.sort_unstable();
    }
    let both = |of: &dyn Fn(usize) -> f64| (of(0), of(runs / 2));
    let seconds = |mode: Mode, run: usize| times[mode as usize][run].as_secs_f64();
    let compiling = |run| seconds(Mode::Compiling, run);
    let (min, median) = both(&compiling);
    let mut line = format!("| {name} | {verified} | {printed} | {min:.2} ({median:.2})");
    let heard = both(&|run| seconds(Mode::Heard, run) / compiling(run) - 1.0);
    let printed = both(&|run| seconds(Mode::Printed, run) / compiling(run));
    let verified = both(&|run| seconds(Mode::Verified, run) / compiling(run));
    for (min, median) in [heard, printed, verified] {
        let (min, median) = (100.0 * min, 100.0 * median);
        write!(line, " | {min:+.1} % ({median:+.1} %)").expect("a string takes everything");
    }
    println!("{line} |");
}
