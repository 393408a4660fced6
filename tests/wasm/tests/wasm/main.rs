//! WebAssembly through Wasmtime and the verifier: the specification's tests, generated
//! modules, and inputs that are wrong.

mod errors;
mod generated;
mod specification;
mod total;
