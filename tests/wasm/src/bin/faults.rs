//! Puts faults into the optimized functions of modules, and prints for each of Wasmtime's
//! collectors how many of them the functions show by themselves.
//!
//! ```text
//! cargo run --release -p stackmap-wasm-tests --bin faults -- MODULE.wasm...
//! ```

use std::error::Error;

use stackmap_wasm::{Gc, Kind};
use stackmap_wasm_tests::faults::Faults;

fn main() -> Result<(), Box<dyn Error>> {
    for gc in Gc::ALL {
        let mut faults = Faults::default();
        for module in std::env::args_os().skip(1) {
            let folder = tempfile::tempdir()?;
            faults.add(&std::fs::read(module)?, Kind::Binary, gc, folder.path())?;
        }
        println!("{gc}: {} functions\n\n{faults}", faults.functions);
    }
    Ok(())
}
