//! WebAssembly: modules and scripts, compiled by Wasmtime and verified on the way.

use serde_json::Value;
use stackmap_tests::{Said, stackmap_verify};

use crate::snapshot;
use crate::temporary::Folder;

const LOOP: &str = "webassembly/loop.wat";
const SCRIPT: &str = "webassembly/script.wast";
const LOG: &str = "fixtures/SM001/near_miss.log";

/// Returns the output without times, which are all that differs between runs.
fn timeless(said: &Said) -> String {
    let mut text = said.output.clone();
    for (start, end) in [(" in ", " s"), ("_us\":", "")] {
        let parts: Vec<&str> = text.split(start).collect();
        let mut rest = parts[0].to_owned();
        for part in &parts[1..] {
            let number = part.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
            let is_time = number.len() < part.len() && number.starts_with(end);
            rest.push_str(start);
            rest.push_str(if is_time { "TIME" } else { "" });
            rest.push_str(if is_time { number } else { part });
        }
        text = rest;
    }
    text
}

fn check(arguments: &[&str]) -> Said {
    stackmap_verify(["check"].iter().chain(arguments).copied())
}

#[test]
fn a_module_and_a_script() {
    for format in ["human", "short", "json", "junit"] {
        let said = check(&["--format", format, LOOP, SCRIPT]);
        assert_eq!((said.code, said.errors.as_str()), (0, ""), "{}", said.output);
        // JUnit has no place for what was compiled, and none for a time.
        snapshot::assert(&format!("wasm.{format}"), &timeless(&said));
    }
}

#[test]
fn the_number_of_jobs_does_not_show() {
    let one = check(&["--format=json", "--jobs=1", SCRIPT, LOG, LOOP]);
    let four = check(&["--format=json", "--jobs=4", SCRIPT, LOG, LOOP]);
    assert_eq!(timeless(&one), timeless(&four));
    assert_eq!((one.code, four.code), (0, 0));
}

/// Each function that is compiled is a pair like one of a log.
#[test]
fn certificates_are_written_of_modules_and_scripts() {
    let folder = Folder::new();
    for (input, least) in [(LOOP, 1), (SCRIPT, 2)] {
        let file = folder.path("certificates");
        let option = format!("--certificates={}", file.to_str().expect("a name"));
        let said = check(&["--format=json", "--wasm-optimized=never", &option, input]);
        assert_eq!((said.code, said.errors.as_str()), (0, ""), "{}", said.output);
        let text = std::fs::read_to_string(&file).expect("certificates");
        let count = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
        let functions = count("function moving ");
        assert!(functions >= least, "{functions} functions of {input}");
        assert_eq!(count("accepted"), functions, "{text}");
    }
}

#[test]
fn each_of_wasmtimes_collectors() {
    let of = |arguments: &[&str]| {
        let said = check(&[&["--format=short", SCRIPT], arguments].concat());
        assert_eq!(said.code, 0, "{}", said.output);
        timeless(&said)
    };
    let (copying, drc) = (of(&["--wasm-collector=copying"]), of(&["--wasm-collector=drc"]));
    assert_ne!(copying, drc, "reference counting has more safepoints");
    assert_eq!(of(&[]), copying);
    assert_eq!(of(&["--collector=non-moving"]), drc);
    assert_eq!(of(&["--collector=non-moving", "--wasm-collector=copying"]), copying);
    of(&["--wasm-collector=null", LOOP]);
}

const GLOBAL: &str = "webassembly/global.wat";

/// The sums of a run, without the times.
fn sums(arguments: &[&str]) -> Vec<String> {
    let said = check(&[&["--format=short"], arguments].concat());
    assert_eq!(said.code, 0, "{}", said.output);
    timeless(&said).lines().map(str::to_owned).collect()
}

#[test]
fn later_passes_are_counted_apart() {
    let both = sums(&[LOOP]);
    assert!(both[0].starts_with("1 function: 1 verified"), "{both:?}");
    let again = "after optimization, 1 function (1 on after-only evidence): 1 verified";
    assert!(both[1].starts_with(again), "{both:?}");
    assert!(both[2].starts_with("machine code, 1 function: 1 verified, 0 violated"), "{both:?}");
    let times = "; optimized in TIME s, verified again in TIME s, their machine code in TIME s";
    assert!(both[3].ends_with(times), "{both:?}");
    let two = sums(&["--wasm-code=never", LOOP]);
    assert_eq!((two.len(), &two[..2]), (3, &both[..2]));
    assert!(two[2].ends_with("; optimized in TIME s, verified again in TIME s"), "{two:?}");
    let one = sums(&["--wasm-optimized=never", LOOP]);
    assert_eq!(one.len(), 2);
    assert_eq!(one[0], both[0]);
    assert!(one[1].ends_with("those with references verified in TIME s"), "{one:?}");
}

#[test]
fn what_json_sums_is_the_sum_of_its_lines() {
    let said = check(&["--format=json", LOOP, SCRIPT]);
    let lines: Vec<serde_json::Value> =
        said.output.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let is_function = |line: &&serde_json::Value| line["type"] == "function";
    let functions: Vec<_> = lines.iter().filter(is_function).collect();
    let summary = lines.last().expect("a summary");
    assert_eq!(summary["functions"], functions.len());
    let (again, first): (Vec<_>, Vec<_>) =
        functions.into_iter().partition(|line| line["optimized"] == true);
    let (code, again): (Vec<_>, Vec<_>) =
        again.into_iter().partition(|line| line["evidence"] == "code");
    assert_eq!(summary["optimized"]["functions"], again.len());
    assert_eq!(summary["code"]["functions"], code.len());
    assert_eq!((again.len(), code.len()), (first.len(), first.len()));
    assert!(first.iter().all(|line| line["evidence"] == "pair"));
    assert!(again.iter().all(|line| line["evidence"] == "after-only"));
    assert!(code.iter().all(|line| line["verdict"] == "verified"));
}

/// In optimised code, a copy of what an unchanging global holds is used behind a call.
/// That would be wrong if objects moved, and Wasmtime's optimizer is told whether they do.
#[test]
fn optimized_code_is_held_to_what_its_collector_does() {
    for collector in ["drc", "null", "copying"] {
        let collector = format!("--wasm-collector={collector}");
        sums(&[&collector, GLOBAL, LOOP]);
    }
}

#[test]
fn names_of_functions_are_no_file_names() {
    let folder = Folder::new();
    let text = r#"(module
        (import "" "f" (func $f))
        (func $../a/b:c\.d (param externref) (result externref) (call $f) (local.get 0))
        (func $../a/b:c\.d2 (param externref) (result externref) (call $f) (local.get 0)))"#;
    folder.file("names.wat", text.replace("\\", "|"));
    let path = folder.path("names.wat");
    let lines = sums(&[path.to_str().expect("UTF-8")]);
    let again = "after optimization, 2 functions (2 on after-only evidence): 2 verified";
    assert!(lines[1].starts_with(again), "{lines:?}");
}

/// No instruction set of this build is asked for, so that only the host's is certain.
#[test]
fn a_target() {
    let target = format!("--target={}-unknown-linux-gnu", std::env::consts::ARCH);
    let lines = sums(&[&target, LOOP]);
    assert!(lines[2].starts_with("machine code, 1 function: 1 verified, 0 violated"), "{lines:?}");
    let said = check(&["--format=short", "--target=pdp11-unknown-none", LOOP]);
    assert_eq!(said.code, 2, "{}", said.output);
    let start = format!("{LOOP}: error: Wasmtime cannot be set up: ");
    assert!(said.output.starts_with(&start), "{}", said.output);
}

/// A function with so many blocks that the optimizer would take long.
#[test]
fn a_large_function_is_not_optimized_unless_that_is_asked_for() {
    let folder = Folder::new();
    let branches = "(if (local.get 1) (then (call $f)))\n".repeat(2600);
    let text = format!(
        "(module (import \"\" \"f\" (func $f))
           (func (param externref i32) (result externref) {branches} (local.get 0)))"
    );
    folder.file("large.wat", text);
    let path = folder.path("large.wat");
    let path = path.to_str().expect("UTF-8");
    let auto = sums(&[path]);
    let line = "1 function not verified after optimization: one in their module is large";
    assert!(auto[2].starts_with(line), "{auto:?}");
    let always = sums(&["--wasm-optimized=always", path]);
    assert!(always[1].starts_with("after optimization, 1 function"), "{always:?}");
}

/// Few blocks, and no references, but so much in them that the optimizer would take long.
#[test]
fn a_large_function_without_references_is_not_optimized_either() {
    let folder = Folder::new();
    let module = |adds| {
        let adds = "(i32.const 1) (i32.add) ".repeat(adds);
        format!(
            "(module (import \"\" \"f\" (func $f))
               (func (param externref) (result externref) (call $f) (local.get 0))
               (func (param i32) (result i32) (local.get 0) {adds}))"
        )
    };
    folder.file("large.wat", module(11_200));
    folder.file("small.wat", module(10_800));
    let sums = |name| sums(&[folder.path(name).to_str().expect("UTF-8")]);
    let line = "1 function not verified after optimization: one in their module is large";
    let (large, small) = (sums("large.wat"), sums("small.wat"));
    assert!(large[2].starts_with(line), "{large:?}");
    assert!(small[1].starts_with("after optimization, 1 function"), "{small:?}");
}

#[test]
fn a_module_without_references_is_nothing_to_check() {
    let folder = Folder::new();
    folder.file("none.wasm", b"\0asm\x01\0\0\0");
    let path = folder.path("none.wasm");
    let said = stackmap_verify(["check".as_ref(), path.as_os_str()]);
    assert_eq!(said.code, 2);
    assert!(said.output.contains("1 WebAssembly module: 0 functions compiled"), "{}", said.output);
    // Beside others there is nothing wrong with it.
    let said = stackmap_verify(["check".as_ref(), path.as_os_str(), LOOP.as_ref()]);
    assert_eq!(said.code, 0, "{}", said.output);
}

#[test]
fn what_cannot_be_compiled_gives_one_line_and_the_rest_is_checked() {
    let cases: [(&str, &[u8], &str); 6] = [
        (
            "invalid.wat",
            b"(module\n  (func (result i32) i64.const 0))",
            ":1: error: Wasmtime does not accept the module: Invalid input WebAssembly code at offset 26: type mismatch: expected i32, found i64",
        ),
        (
            "syntax.wat",
            b"(module\n  (func (frob)))",
            ":2: error: unknown operator or unexpected token",
        ),
        (
            "cut.wasm",
            b"\0asm\x01\0\0\0\x01\xc8\x01\0",
            ": error: Wasmtime does not accept the module: unexpected end-of-file (at offset 0xb)",
        ),
        (
            "proposal.wat",
            b"(module (type (func)) (type (cont 0)))",
            ":1: error: the module needs a proposal that is not supported: cannot define continuation types when stack switching is disabled (at offset 0xe)",
        ),
        (
            "component.wat",
            b"(component (core module (func (result i32))))",
            ":1: error: is no valid component: type mismatch: expected i32 but nothing on stack",
        ),
        (
            "script.wast",
            b"(module)\n(module\n  (func (result i32)))",
            ":2: error: Wasmtime does not accept the module: Invalid input WebAssembly code at offset 24: type mismatch: expected i32 but nothing on stack",
        ),
    ];
    let folder = Folder::new();
    for (name, content, message) in cases {
        folder.file(name, content);
        let path = folder.path(name);
        let said = stackmap_verify([
            "check".as_ref(),
            "--format=short".as_ref(),
            path.as_os_str(),
            LOOP.as_ref(),
        ]);
        let lines: Vec<&str> = said.output.lines().collect();
        assert_eq!(lines[0].strip_prefix(path.to_str().expect("UTF-8")), Some(message), "{name}");
        assert!(lines[1].starts_with("1 function: 1 verified, 0 violated ("), "{name}");
        assert_eq!(lines.last(), Some(&"1 file, or part of one, unreadable"), "{name}");
        assert_eq!((said.code, lines.len()), (2, 6), "{name}");
    }
}

#[test]
fn a_directory_of_them() {
    let said = check(&["--format=json", "webassembly"]);
    for name in ["loop.wat", "script.wast"] {
        let line = format!("{{\"version\":1,\"type\":\"input\",\"input\":\"webassembly/{name}\"");
        assert!(said.output.contains(&line), "{}", said.output);
    }
}

#[test]
fn reports_are_merged() {
    let folder = Folder::new();
    let whole = check(&["--format=json", LOOP, LOG, SCRIPT]);
    folder.file("whole.jsonl", &whole.output);
    let path = folder.path("whole.jsonl");
    let merged = stackmap_verify(["merge".as_ref(), "--format=json".as_ref(), path.as_os_str()]);
    assert_eq!((merged.code, merged.output), (0, whole.output.clone()));
    let cut = whole.output.replacen("\"modules\":1", "\"modules\":2", 1);
    folder.file("whole.jsonl", cut);
    let merged = stackmap_verify(["merge".as_ref(), path.as_os_str()]);
    assert_eq!(merged.code, 2);
    assert!(merged.errors.contains("is corrupt: the summary"), "{}", merged.errors);
}

/// Addresses that live across calls of functions of Wasmtime that never collect are good, and for the
/// collector that never collects a loaded reference is not declared.
#[test]
fn warnings_before_optimization() {
    for (collector, codes) in [("copying", &[][..]), ("null", &["SM101"][..])] {
        let option = format!("--wasm-collector={collector}");
        let options = ["--format=json", "--wasm-optimized=never", &option];
        let said = check(&[&options[..], &["webassembly/segment.wat"]].concat());
        let lines = said.output.lines().map(|line| serde_json::from_str(line).expect("JSON"));
        let found = lines.filter(|line: &Value| line["type"] == "function").flat_map(|line| {
            let findings = line["findings"].as_array().expect("a list").clone();
            findings.into_iter().map(|finding| finding["code"].as_str().expect("a code").to_owned())
        });
        assert_eq!(found.collect::<Vec<_>>(), codes, "{collector}");
        assert_eq!(said.code, 0, "{collector}");
    }
}

/// What Wasmtime compiled is known by its first bytes, and is checked with what was lowered.
#[test]
fn a_compiled_module_needs_what_was_lowered() {
    let folder = tempfile::tempdir().expect("a folder");
    let module = folder.path().join("app.cwasm");
    std::fs::write(&module, b"\x7fELF\x02\x01\x01\xc8\0\0\0\0").expect("it can be written");
    let module = module.to_str().expect("UTF-8");
    let alone = check(&["--format=short", module]);
    assert_eq!(alone.code, 2, "{}", alone.output);
    assert!(alone.output.contains("is what Wasmtime compiled"), "{}", alone.output);
    assert!(alone.output.contains("--clif DIR"), "{}", alone.output);
    let clif = format!("--clif={}", folder.path().display());
    let broken = check(&["--format=short", &clif, module]);
    assert_eq!(broken.code, 2, "{}", broken.output);
    let reason = "the machine code that Wasmtime made cannot be read";
    assert!(broken.output.contains(reason), "{}", broken.output);
    let found = check(&["--format=short", folder.path().to_str().expect("UTF-8")]);
    assert!(found.output.contains("to check it, name it, with --clif"), "{}", found.output);
}
