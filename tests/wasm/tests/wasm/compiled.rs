//! What somebody else compiled, with the functions that were written then.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use stackmap_report::{Evidence, FunctionResult, Verdict};
use stackmap_verify::{Streams, run};
use stackmap_wasm::{Gc, Options, WasmError, check_compiled};
use tempfile::TempDir;
use wasmtime::{Collector, Config, Engine, OptLevel};
use wast::Wat;
use wast::parser::{self, ParseBuffer};

use crate::code::MODULE;

/// A module that was compiled, and the folder with what was lowered.
struct Compiled {
    artifact: Vec<u8>,
    clif: TempDir,
}

impl Compiled {
    /// Compiles the module as somebody else would.
    fn new(target: Option<&str>, level: OptLevel) -> Compiled {
        let clif = tempfile::tempdir().expect("a folder");
        let mut config = Config::new();
        config.collector(Collector::Copying).cranelift_opt_level(level).emit_clif(clif.path());
        config.wasm_gc(true).wasm_function_references(true).wasm_exceptions(true);
        if let Some(target) = target {
            config.target(target).expect("a target");
        }
        let engine = Engine::new(&config).expect("an engine");
        let artifact = engine.precompile_module(&binary(MODULE)).expect("the module compiles");
        Compiled { artifact, clif }
    }

    fn check(&self) -> Result<Vec<FunctionResult>, WasmError> {
        check(&self.artifact, self.clif.path())
    }

    /// The file of the function with this number.
    fn file(&self, number: usize) -> std::path::PathBuf {
        let symbol = format!("<wasm[0]::function[{number}]");
        let mut files = fs::read_dir(self.clif.path()).expect("the folder");
        let is_of = |path: &Path| fs::read_to_string(path).expect("text").contains(&symbol);
        let file = files.find_map(|file| Some(file.expect("a file").path()).filter(|p| is_of(p)));
        file.expect("a file of it")
    }
}

fn binary(text: &str) -> Vec<u8> {
    let buffer = ParseBuffer::new(text).expect("tokens");
    let mut module: Wat<'_> = parser::parse(&buffer).expect("a module");
    module.encode().expect("a module")
}

fn check(artifact: &[u8], clif: &Path) -> Result<Vec<FunctionResult>, WasmError> {
    let results: Mutex<Vec<FunctionResult>> = Mutex::default();
    let options = Options { gc: Gc::Copying, ..Options::default() };
    let add = |function: stackmap_wasm::ModuleFunction| {
        results.lock().expect("nothing panicked").push(function.result);
    };
    check_compiled(artifact, clif, &options, &add)?;
    Ok(results.into_inner().expect("nothing panicked"))
}

/// The settings are those that it was compiled with.
#[test]
fn each_function_with_stack_maps_is_verified() {
    let targets = [None, Some("x86_64-unknown-linux-gnu"), Some("aarch64-unknown-linux-gnu")];
    for target in targets.into_iter().chain([Some("pulley64")]) {
        for level in [OptLevel::None, OptLevel::Speed] {
            let compiled = Compiled::new(target, level);
            let results = compiled.check().expect("it can be checked");
            let (code, lowered): (Vec<_>, Vec<_>) =
                results.iter().partition(|result| result.evidence == Evidence::Code);
            assert!(code.len() >= 3 && lowered.len() == code.len(), "{target:?}: {results:?}");
            for result in &results {
                assert_eq!(result.verdict, Verdict::Verified, "{target:?}: {result:?}");
                assert!(result.optimized);
            }
            assert!(lowered.iter().all(|result| result.evidence == Evidence::AfterOnly));
        }
    }
}

#[test]
fn code_of_which_no_file_says_what_was_lowered_is_unsupported() {
    let compiled = Compiled::new(None, OptLevel::Speed);
    // The first two functions are imported.
    fs::remove_file(compiled.file(2)).expect("it is there");
    let results = compiled.check().expect("the others can be checked");
    let unsupported: Vec<_> = results
        .iter()
        .filter(|result| result.verdict != Verdict::Verified)
        .map(|result| (result.verdict, result.reason.as_deref().unwrap_or_default()))
        .collect();
    let reason = "its code has 2 stack maps, and no file says what was lowered";
    assert_eq!(unsupported, [(Verdict::Unsupported, reason)]);
}

#[test]
fn another_function_in_a_file_is_unsupported() {
    let compiled = Compiled::new(None, OptLevel::Speed);
    let (one, other) = (compiled.file(2), compiled.file(3));
    let text = fs::read_to_string(&other).expect("text");
    let text = text.replace("<wasm[0]::function[3]", "<wasm[0]::function[2]");
    fs::write(one, text).expect("it can be written");
    let results = compiled.check().expect("it can be checked");
    let code = results.iter().filter(|result| result.evidence == Evidence::Code);
    let unsupported: Vec<_> = code.filter(|result| result.verdict != Verdict::Verified).collect();
    let [result] = &unsupported[..] else { panic!("{unsupported:?}") };
    let reason = result.reason.as_deref().unwrap_or_default();
    assert!(reason.starts_with("lowering this CLIF again gives other code"), "{reason}");
}

#[test]
fn what_is_missing_is_told() {
    let compiled = Compiled::new(None, OptLevel::Speed);
    let empty = tempfile::tempdir().expect("a folder");
    let error = check(&compiled.artifact, empty.path()).expect_err("no functions").to_string();
    assert!(error.contains("--emit-clif"), "{error}");
    let none = empty.path().join("none");
    let error = check(&compiled.artifact, &none).expect_err("no folder").to_string();
    assert!(error.starts_with("the functions that Wasmtime writes cannot be read"), "{error}");
    let error = check(b"\x7fELF", compiled.clif.path()).expect_err("no artifact").to_string();
    assert!(error.starts_with("the machine code that Wasmtime made cannot be read"), "{error}");
    // Its length, and the length and the name of the target are behind it.
    let version = b"\0\x0248";
    let mut older = compiled.artifact.clone();
    let at = older.windows(version.len()).position(|bytes| bytes == version).expect("it is named");
    older[at + 3] = b'7';
    let error = check(&older, compiled.clif.path()).expect_err("another version").to_string();
    assert_eq!(error, "Wasmtime 47 compiled the module; this checks what Wasmtime 48 compiles");
}

#[test]
fn the_command_checks_a_module_that_is_compiled() {
    let compiled = Compiled::new(None, OptLevel::Speed);
    let folder = tempfile::tempdir().expect("a folder");
    let module = folder.path().join("app.cwasm");
    fs::write(&module, &compiled.artifact).expect("the module is written");
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut streams =
        Streams { input: &mut &b""[..], output: &mut output, errors: &mut errors, terminal: false };
    let clif = compiled.clif.path().as_os_str();
    let arguments = ["stackmap-verify", "check", "--format=short", "--clif"].map(OsString::from);
    let arguments = arguments.into_iter().chain([clif.to_owned(), module.into_os_string()]);
    let code = run(arguments, &mut streams);
    let (output, errors) = (String::from_utf8_lossy(&output), String::from_utf8_lossy(&errors));
    assert_eq!((code, &*errors), (0, ""), "{output}");
    let sums = output.lines().find(|line| line.starts_with("machine code, ")).expect("sums");
    assert!(sums.contains(" verified, 0 violated (") && !sums.contains(" 0 verified"), "{output}");
    assert!(
        output.contains("1 WebAssembly module that is compiled: functions verified"),
        "{output}"
    );
}
