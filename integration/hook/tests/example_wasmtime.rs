//! The example, in a process of its own: there is one logger in each.

#[path = "../examples/wasmtime.rs"]
mod example;

#[test]
fn it_runs() {
    example::main().expect("a hook");
}
