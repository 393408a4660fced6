//! Writes a module without legacy exception handling, which Wasmtime rejects, and prints the
//! number of functions whose bodies were removed.
//!
//! ```text
//! cargo run --release -p stackmap-wasm-tests --bin replace -- FROM.wasm TO.wasm
//! ```

use std::error::Error;

use stackmap_wasm_tests::legacy::replace;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [from, to] = arguments.as_slice() else { return Err("FROM.wasm TO.wasm".into()) };
    let replaced = replace(&std::fs::read(from)?)?;
    std::fs::write(to, replaced.wasm)?;
    println!("{}: {} bodies replaced", to.display(), replaced.bodies);
    Ok(())
}
