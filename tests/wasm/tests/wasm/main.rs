//! WebAssembly through Wasmtime and the verifier: the specification's tests, generated modules,
//! and invalid inputs.

mod code;
mod compiled;
mod components;
mod declared;
mod errors;
mod exempt;
mod faults;
mod generated;
mod historical;
mod specification;
