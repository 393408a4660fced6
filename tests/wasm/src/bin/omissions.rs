//! Leaves out declared values, one at a time and all of one origin, and prints for two of Wasmtime's
//! collectors how many of these omissions are found.
//!
//! ```text
//! cargo run --release -p stackmap-wasm-tests --bin omissions -- EVERY MODULE.wasm...
//! ```
//!
//! One of EVERY declared values is left out, and one of EVERY classes.

use std::error::Error;

use stackmap_report::ExpectedReferences;
use stackmap_wasm::{Gc, Kind};
use stackmap_wasm_tests::omissions::{Omissions, Sample};

/// Larger functions are passed over: for each omission the whole function is compiled.
const MOST_BYTES: usize = 1 << 20;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let every = arguments.next().and_then(|every| every.to_str()?.parse().ok());
    let every = every.filter(|&every| every > 0).ok_or("EVERY MODULE.wasm...")?;
    let sample = Sample { every, most_bytes: MOST_BYTES };
    let modules: Vec<_> = arguments.collect();
    for gc in [Gc::ReferenceCounting, Gc::Copying] {
        let mut omissions = Omissions::default();
        for module in &modules {
            let is_binary = module.to_string_lossy().ends_with(".wasm");
            let kind = if is_binary { Kind::Binary } else { Kind::Script };
            omissions.add(&std::fs::read(module)?, kind, gc, sample)?;
        }
        let Omissions { functions, wrong, declared, classes_seen, too_large, not_run, .. } =
            omissions;
        let ExpectedReferences { expected, resolved, .. } = omissions.expected;
        println!("{gc}: {functions} functions, of which {wrong} are not verified as they are;");
        println!("of {expected} references that the types show, {resolved} are known;");
        println!("{declared} declared values, of which one of {every} is left out\n");
        println!("{}", omissions.singles);
        println!(
            "{classes_seen} times several values of one origin in one function, of which all are"
        );
        println!("left out one of {every} times\n");
        println!("{}", omissions.classes);
        println!("{too_large} functions are too large, {not_run} omissions could not be judged.\n");
    }
    Ok(())
}
