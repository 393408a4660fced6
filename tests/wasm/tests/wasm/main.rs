//! WebAssembly through Wasmtime and the verifier: the specification's tests, generated
//! modules, and inputs that are wrong.

mod errors;
mod faults;
mod generated;
mod specification;
mod total;
