//! Runs the safepoint spiller of one published Cranelift on .clif files and writes its log to
//! standard output. See README.md.

use cranelift_codegen::{ir, isa, settings, verify_function};
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

/// Keeps the records of the function being recorded.
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
            self.0.lock().unwrap().push(format!("[{level} {TARGET}] {text}"));
        }
    }

    fn flush(&self) {}
}

/// `finalize` takes the target's configuration from 0.134 on.
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

/// The values that a line `;! declare v0 v1` names.
fn declared(line: &str) -> Result<Vec<ir::Value>, String> {
    let names = line.split_whitespace().skip(2);
    let value = |name: &str| {
        let number = name.strip_prefix('v').and_then(|n| n.parse().ok());
        let value = number.map(ir::Value::from_u32);
        value.ok_or_else(|| format!("`{name}` is no value"))
    };
    names.map(value).collect()
}

/// Runs the spiller over the function in the file and returns the file's
/// `;! declare` line and the three records.
fn record(path: &str) -> Result<Vec<String>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
    let mut lines = text.lines();
    let line = lines.find(|line| line.starts_with(";! declare "));
    let line = line.ok_or("no `;! declare` line")?;
    let declared = declared(line)?;

    let functions = cranelift_reader::parse_functions(&text).map_err(|error| error.to_string())?;
    let [mut function] = <[_; 1]>::try_from(functions).map_err(|_| "not exactly one function")?;
    let flags = settings::Flags::new(settings::builder());
    verify_function(&function, &flags).map_err(|errors| format!("not valid CLIF: {errors}"))?;

    *RECORDER.0.lock().unwrap() = vec![line.to_string()];
    let mut context = FunctionBuilderContext::new();
    let spill = AssertUnwindSafe(|| {
        let mut builder = FunctionBuilder::new(&mut function, &mut context);
        for value in declared {
            builder.declare_value_needs_stack_map(value);
        }
        Finalize::finalize(FunctionBuilder::finalize, builder);
    });
    catch_unwind(spill).map_err(|_| "the spiller panicked")?;
    let lines = std::mem::take(&mut *RECORDER.0.lock().unwrap());
    match lines.len() - 1 {
        3 => Ok(lines),
        n => Err(format!("{n} records instead of 3")),
    }
}

/// Records the files named on the command line; fails if one was not recorded.
fn main() -> ExitCode {
    log::set_logger(&RECORDER).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let mut code = ExitCode::SUCCESS;
    for path in std::env::args().skip(1) {
        match record(&path) {
            Ok(lines) => lines.iter().for_each(|line| println!("{line}")),
            Err(error) => {
                eprintln!("{path}: not recorded: {}", error.trim_end());
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}
