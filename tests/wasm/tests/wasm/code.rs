//! The machine code of functions, and faults that are put into what Wasmtime compiled.

use std::io::Cursor;
use std::sync::Mutex;

use stackmap_report::{Evidence, FunctionResult, Record, Render, Run, Summary, Verdict};
use stackmap_verifier::findings::Code;
use stackmap_wasm::{Gc, Kind, ModuleFunction, Options, check_with_fault};
use wasmtime_environ::obj::{ELF_WASMTIME_EXCEPTIONS, ELF_WASMTIME_STACK_MAP};
use wasmtime_environ::object::read::elf::ElfFile64;
use wasmtime_environ::object::{Endianness, Object, ObjectSection};

pub(crate) const MODULE: &str = r#"(module
    (type $pair (struct (field externref) (field i32)))
    (tag $t (param externref))
    (import "" "f" (func $f))
    (import "" "g" (func $g (param externref)))
    (func (param externref i32) (result externref)
        (loop $l
            (call $f)
            (call $g (local.get 0))
            (br_if $l (local.tee 1 (i32.sub (local.get 1) (i32.const 1)))))
        (local.get 0))
    (func (param externref) (result externref)
        (block $h (result externref)
            (try_table (catch $t $h) (call $g (local.get 0)))
            (local.get 0)))
    (func (param externref) (result (ref $pair))
        (call $f)
        (struct.new $pair (local.get 0) (i32.const 1)))
    (func (param i32) (result i32) (local.get 0)))"#;

/// Returns the results for the machine code of the module, with a fault in what it was compiled to.
fn with_fault(target: Option<&str>, fault: impl Fn(&mut [u8]) + Sync) -> Vec<FunctionResult> {
    of_module(MODULE, target, fault)
}

fn of_module(
    module: &str,
    target: Option<&str>,
    fault: impl Fn(&mut [u8]) + Sync,
) -> Vec<FunctionResult> {
    let folder = tempfile::tempdir().expect("a folder");
    let optimized = Some(folder.path());
    let options = Options { optimized, code: true, target, gc: Gc::Copying, ..Options::default() };
    let results: Mutex<Vec<FunctionResult>> = Mutex::default();
    let add = |function: ModuleFunction| results.lock().unwrap().push(function.result);
    let checked = check_with_fault(module.as_bytes(), Kind::Text, &options, &fault, &add);
    let summary = checked.expect("the module compiles");
    assert_eq!(summary.failures, []);
    assert_eq!(std::fs::read_dir(folder.path()).expect("it is there").count(), 0);
    let results = results.into_inner().expect("nothing panicked");
    // What is wrong with the module's code is no evidence of a function.
    let is_of_code = |result: &FunctionResult| {
        result.evidence == Evidence::Code || result.verdict == Verdict::Error
    };
    let (code, before): (Vec<_>, Vec<_>) = results.into_iter().partition(is_of_code);
    assert!(before.iter().all(|result| result.verdict == Verdict::Verified), "{before:?}");
    assert!(code.iter().all(|result| result.optimized));
    code
}

/// Changes a section.
fn change(artifact: &mut [u8], name: &str, fault: impl Fn(&mut [u8])) {
    let file = ElfFile64::<Endianness>::parse(&*artifact).expect("an object file");
    let section = file.section_by_name(name).expect("there is such a section");
    let (start, size) = section.file_range().expect("it has bytes");
    let range = usize::try_from(start).unwrap()..usize::try_from(start + size).unwrap();
    fault(&mut artifact[range]);
}

/// Changes a number of a table.
fn set(table: &mut [u8], index: usize, value: u32) {
    table[4 * index..4 * index + 4].copy_from_slice(&value.to_le_bytes());
}

fn get(table: &[u8], index: usize) -> u32 {
    u32::from_le_bytes(table[4 * index..4 * index + 4].try_into().unwrap())
}

/// Has the first stack map list nothing.
fn lose_first_map(artifact: &mut [u8]) {
    change(artifact, ELF_WASMTIME_STACK_MAP, |table| {
        let count = get(table, 0) as usize;
        let map = 1 + 2 * count + get(table, 1 + count) as usize;
        for word in 0..get(table, map + 1) as usize {
            set(table, map + 2 + word, 0);
        }
    });
}

fn verdicts(results: &[FunctionResult]) -> Vec<Verdict> {
    results.iter().map(|result| result.verdict).collect()
}

/// The codes of the findings of those that are not verified.
fn codes(results: &[FunctionResult]) -> Vec<Code> {
    results.iter().flat_map(|result| &result.findings).map(|found| found.code).collect()
}

#[test]
fn each_function_with_references_has_a_verdict_on_its_code() {
    let results = with_fault(None, |_| {});
    let names: Vec<_> = results.iter().filter_map(|result| result.function.as_deref()).collect();
    assert!(names.starts_with(&["u0:0", "u0:1", "u0:2"]), "{names:?}");
    assert!(!names.contains(&"u0:3"), "it has no references");
    assert!(results.iter().all(|result| result.verdict == Verdict::Verified), "{results:?}");
    assert!(results.iter().map(|result| result.stats.roots).sum::<usize>() >= 5, "{results:?}");
}

/// Not this machine's processor, but each instruction set that Cranelift has.
#[test]
fn each_instruction_set() {
    let targets = ["x86_64", "aarch64", "riscv64gc", "s390x"];
    let targets = targets.map(|target| format!("{target}-unknown-linux-gnu"));
    for target in targets.iter().map(String::as_str).chain(["pulley64"]) {
        let results = with_fault(Some(target), |_| {});
        assert!(results.len() >= 3, "{target}");
        for result in results {
            assert_eq!(result.verdict, Verdict::Verified, "{target}: {result:?}");
            let is_decoded = target.starts_with("x86_64") || target == "pulley64";
            assert_eq!(result.tables_only.is_none(), is_decoded, "{target}: {result:?}");
        }
        let lost = with_fault(Some(target), lose_first_map);
        assert_eq!(codes(&lost), [Code::MissingMap], "{target}");
    }
}

#[test]
fn a_handler_elsewhere_is_found() {
    let results = with_fault(None, |artifact| {
        change(artifact, ELF_WASMTIME_EXCEPTIONS, |table| {
            let last = table.len() / 4 - 1;
            set(table, last, get(table, last) + 1);
        });
    });
    assert_eq!(codes(&results), [Code::WrongHandler]);
    assert_eq!(results.iter().filter(|result| result.verdict == Verdict::Violated).count(), 1);
}

/// Nothing is known about code that is not that of the replay, and it is not "verified".
#[test]
fn other_code_is_unsupported() {
    let results = with_fault(None, |artifact| {
        change(artifact, ".text", |code| code.iter_mut().for_each(|byte| *byte ^= 1));
    });
    assert!(results.len() >= 3);
    for result in &results {
        assert_eq!(result.verdict, Verdict::Unsupported);
        let reason = result.reason.as_deref().unwrap_or_default();
        assert!(reason.starts_with("lowering this CLIF again gives other code"), "{reason}");
    }
}

/// A function whose code is not found is not verified, and neither are the maps in its code.
#[test]
fn a_function_without_a_symbol_is_unsupported() {
    let results = with_fault(None, |artifact| {
        change(artifact, ".strtab", |names| {
            let name = b"wasm[0]::function[2]";
            let at = names.windows(name.len()).position(|bytes| bytes == name).expect("a name");
            names[at + name.len() - 2] = b'9';
        });
    });
    let unsupported = results.iter().filter(|result| result.verdict == Verdict::Unsupported);
    let texts: Vec<_> = unsupported
        .map(|result| (result.function.as_deref().unwrap(), result.reason.as_deref().unwrap()))
        .collect();
    let without = ("u0:0", "the module's code has no such symbol");
    let reason = "its code has 2 stack maps, and it was not verified";
    assert_eq!(texts, [without, ("wasm[0]::function[9]", reason)]);
    assert!(!verdicts(&results).contains(&Verdict::Violated));
}

/// A stack map behind the code of all functions.
#[test]
fn a_map_in_no_function_is_an_error() {
    let results = with_fault(None, |artifact| {
        change(artifact, ELF_WASMTIME_STACK_MAP, |table| {
            let last = get(table, 0) as usize;
            set(table, last, u32::MAX);
        });
    });
    let errors: Vec<&FunctionResult> =
        results.iter().filter(|result| result.verdict == Verdict::Error).collect();
    let [error] = &errors[..] else { panic!("{errors:?}") };
    assert_eq!(error.function, None);
    assert_eq!(error.reason.as_deref(), Some("the module's code has 1 stack map in no function"));
    // The call whose map it was has none.
    assert_eq!(codes(&results), [Code::MissingMap]);
}

/// What is caught is a reference, even if the function has no other and does not use it. So there is
/// no function with handlers that is not checked.
#[test]
fn a_function_with_handlers_has_references() {
    let module = r#"(module
        (import "" "g" (func $g (param i32)))
        (func (param i32) (result i32)
            (block $h
                (try_table (catch_all $h) (call $g (local.get 0)))
                (return (local.get 0)))
            (i32.const 0)))"#;
    let results = of_module(module, None, |_| {});
    assert!(results.iter().any(|result| result.function.as_deref() == Some("u0:0")));
    assert!(results.iter().all(|result| result.verdict == Verdict::Verified), "{results:?}");
    let results = of_module(module, None, |artifact| {
        change(artifact, ELF_WASMTIME_EXCEPTIONS, |table| {
            let last = table.len() / 4 - 1;
            set(table, last, get(table, last) + 1);
        });
    });
    assert_eq!(codes(&results), [Code::WrongHandler]);
}

#[test]
fn a_lost_map_in_every_format() {
    // Addresses depend on what a processor has.
    let results = with_fault(Some("x86_64-unknown-linux-gnu"), lose_first_map);
    assert_eq!(codes(&results), [Code::MissingMap]);
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let result = results.into_iter().find(|result| result.verdict == Verdict::Violated);
    let result = result.expect("one is violated").of_input("module.wat", 0);
    let result = result.listed_as("module.wat (machine code)".to_owned());
    for (format, text) in rendered(&result) {
        let name = format!("wasm_code.{format}");
        settings.bind(|| insta::assert_snapshot!(name, text));
    }
}

fn rendered(result: &FunctionResult) -> Vec<(&'static str, String)> {
    let run = || Run::new(["module.wat"].into_iter(), String::new());
    let mut summary = Summary { inputs: 1, ..Summary::default() };
    summary.count(result);
    let record = result.clone().print(usize::MAX).fingerprinted("x86_64");
    assert_eq!(record.contradiction(), None);
    let renderers: [(&str, Box<dyn Render>); 4] = [
        ("human", stackmap_report::human(false)),
        ("short", stackmap_report::short()),
        ("json", stackmap_report::json(run())),
        ("sarif", stackmap_report::sarif()),
    ];
    let texts = renderers.into_iter().map(|(format, mut renderer)| {
        let mut text = Vec::new();
        renderer.function(&mut text, &record).expect("it can be written to");
        renderer.summary(&mut text, &summary).expect("it can be written to");
        (format, String::from_utf8(text).expect("UTF-8"))
    });
    texts.chain([("html", page(&record, &summary))]).collect()
}

fn page(record: &Record, summary: &Summary) -> String {
    let spool = || Box::new(Cursor::new(Vec::new()));
    let mut page = stackmap_html::Report::new(spool(), spool());
    page.add(&record.clone().visible(), &[]).expect("it can be stored");
    let mut text = Vec::new();
    page.finish(summary, &stackmap_html::About::default(), &mut text)
        .expect("it can be written to");
    String::from_utf8(text).expect("UTF-8")
}
