//! Writes generated modules, to be checked by the command.
//!
//! ```text
//! cargo run --release -p stackmap-wasm-tests --bin modules -- FIRST COUNT DIRECTORY
//! cargo run --release -- check --wasm-collector drc DIRECTORY
//! ```

use std::error::Error;
use std::path::PathBuf;

use stackmap_wasm_tests::generated::module;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let mut number = || arguments.next().and_then(|text| text.to_str()?.parse::<u64>().ok());
    let (first, count) = number().zip(number()).ok_or("FIRST COUNT DIRECTORY")?;
    let directory = PathBuf::from(arguments.next().ok_or("FIRST COUNT DIRECTORY")?);
    std::fs::create_dir_all(&directory)?;
    for seed in (first..).take(usize::try_from(count)?) {
        std::fs::write(directory.join(format!("{seed}.wasm")), module(seed)?)?;
    }
    Ok(())
}
