//! WebAssembly through Wasmtime and the verifier: the specification's tests, generated modules,
//! and invalid inputs.

mod code;
mod compiled;
mod declared;
mod errors;
mod faults;
mod generated;
mod historical;
mod specification;
mod total;
