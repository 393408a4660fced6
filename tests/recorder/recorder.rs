//! Runs the safepoint spiller of one published Cranelift over .clif files and
//! writes what it logs to standard output. See README.md.

use cranelift_codegen::{ir, isa, settings};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::Mutex;

const TARGET: &str = "cranelift_frontend::frontend::safepoints";
const RECORDS: [&str; 3] = [
    "values needing inclusion in stack maps: ",
    "before inserting safepoint spills and reloads:\n",
    "after inserting safepoint spills and reloads:\n",
];

/// Keeps the three records of the function being recorded.
struct Recorder(Mutex<Vec<String>>);

static RECORDER: Recorder = Recorder(Mutex::new(Vec::new()));

impl log::Log for Recorder {
    fn enabled(&self, _: &log::Metadata) -> bool {
        true
    }

    fn log(&self, record: &log::Record) {
        if record.target() != TARGET {
            return;
        }
        let text = record.args().to_string();
        if RECORDS.iter().any(|start| text.starts_with(start)) {
            let level = record.level();
            self.0
                .lock()
                .unwrap()
                .push(format!("[{level} {TARGET}] {text}"));
        }
    }

    fn flush(&self) {}
}

/// `finalize` takes the target's configuration from 0.133 on.
trait Finalize<'a, Arguments> {
    fn finalize(self, builder: FunctionBuilder<'a>);
}

impl<'a, F> Finalize<'a, ()> for F
where
    F: FnOnce(FunctionBuilder<'a>),
{
    fn finalize(self, builder: FunctionBuilder<'a>) {
        self(builder)
    }
}

impl<'a, F> Finalize<'a, isa::TargetFrontendConfig> for F
where
    F: FnOnce(FunctionBuilder<'a>, isa::TargetFrontendConfig),
{
    fn finalize(self, builder: FunctionBuilder<'a>) {
        let flags = settings::Flags::new(settings::builder());
        let isa = isa::lookup_by_name("s390x").unwrap().finish(flags).unwrap();
        self(builder, isa.frontend_config())
    }
}

/// The values of the file's `;! declare v0 v1` line.
fn declared(text: &str) -> Result<Vec<ir::Value>, String> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(";! declare"));
    line.ok_or("no `;! declare` line")?
        .split_whitespace()
        .map(|name| {
            let number = name.strip_prefix('v').and_then(|n| n.parse().ok());
            number
                .map(ir::Value::from_u32)
                .ok_or_else(|| format!("`{name}` is no value"))
        })
        .collect()
}

/// Runs the spiller over the function in `path` and returns its records.
fn record(path: &str) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let functions = cranelift_reader::parse_functions(&text).map_err(|error| error.to_string())?;
    let [mut function] = <[_; 1]>::try_from(functions).map_err(|_| "not exactly one function")?;
    let declared = declared(&text)?;
    RECORDER.0.lock().unwrap().clear();
    let mut context = FunctionBuilderContext::new();
    let spill = AssertUnwindSafe(|| {
        let mut builder = FunctionBuilder::new(&mut function, &mut context);
        for value in declared {
            builder.declare_value_needs_stack_map(value);
        }
        Finalize::finalize(FunctionBuilder::finalize, builder);
    });
    catch_unwind(spill).map_err(|_| "the spiller panicked")?;
    let records = std::mem::take(&mut *RECORDER.0.lock().unwrap());
    match records.len() {
        3 => Ok(records),
        n => Err(format!("{n} records instead of 3")),
    }
}

fn main() -> ExitCode {
    log::set_logger(&RECORDER).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let mut code = ExitCode::SUCCESS;
    for path in std::env::args().skip(1) {
        match record(&path) {
            Ok(records) => records.iter().for_each(|record| println!("{record}")),
            Err(error) => {
                eprintln!("{path}: not recorded: {error}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}
