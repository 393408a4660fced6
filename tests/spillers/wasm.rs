//! A WebAssembly module that shows the historical bug: the output of Wasmtime 48 is right, and
//! that of the spiller of 0.132.0 for the same function is not.

use std::sync::Mutex;

use stackmap_tests::stackmap_verify;
use stackmap_wasm::{Gc, Keep, Kind, Options, check};

use crate::old;

const MODULE: &str = "webassembly/loop.wat";
const LOG: &str = "webassembly/loop.0.132.0.log";
const TARGET: &str = "[TRACE cranelift_frontend::frontend::safepoints]";

/// The function of the module before spilling, as CLIF that 0.132.0 reads, after a
/// `;! declare` line.
fn before() -> String {
    let module = std::fs::read(MODULE).expect("a fixture");
    let options = Options { gc: Gc::Copying, keep: Keep::All, ..Options::default() };
    let functions = Mutex::new(Vec::new());
    check(&module, Kind::Text, &options, &|function| {
        if !function.result.optimized {
            functions.lock().expect("no panic").push(function);
        }
    })
    .expect("a module that compiles");
    let function = functions.into_inner().expect("no panic").remove(0);
    let names: Vec<String> = function.declared.iter().map(|number| format!("v{number}")).collect();
    let before = function.result.texts.and_then(|texts| texts.before).expect("a pair").text;
    // 0.132.0 has no alias regions.
    let lines = before.lines().filter(|line| !line.trim_start().starts_with("region"));
    let lines = lines.map(|line| {
        let words = line
            .split(' ')
            .filter(|word| word.strip_prefix("region").is_none_or(|n| n.parse::<u32>().is_err()));
        words.collect::<Vec<_>>().join(" ") + "\n"
    });
    format!(";! declare {}\n{}", names.join(" "), lines.collect::<String>())
}

#[test]
fn a_module_that_0132_breaks() {
    let spilled = old::spill(&before());
    let names: Vec<String> = spilled.declared.iter().map(|number| format!("v{number}")).collect();
    let log = format!(
        "# What cranelift-frontend 0.132.0 makes of the function in loop.wat, as Wasmtime 48.0.8\n\
         # translates it, without alias regions. Made by the test `a_module_that_0132_breaks`\n\
         # with INSTA_UPDATE=always.\n\
         ;! declare {}\n\
         {TARGET} values needing inclusion in stack maps: {{{}}}\n\
         {TARGET} before inserting safepoint spills and reloads:\n{}\n\
         {TARGET} after inserting safepoint spills and reloads:\n{}\n",
        names.join(" "),
        names.join(", "),
        spilled.before,
        spilled.after,
    );
    if std::env::var_os("INSTA_UPDATE").is_some_and(|update| update == "always") {
        std::fs::write(LOG, &log).expect("a fixture");
    }
    assert_eq!(std::fs::read_to_string(LOG).expect("a fixture"), log);

    let said = stackmap_verify(["check", "--format=short", LOG]);
    assert_eq!(said.code, 1, "{}", said.output);
    assert!(said.output.contains("error[SM001]"), "{}", said.output);
    let said = stackmap_verify(["check", "--format=short", MODULE]);
    assert_eq!(said.code, 0, "{}", said.output);
}
