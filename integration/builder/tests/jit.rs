//! The example that compiles into memory.

#[path = "../examples/jit/main.rs"]
mod jit;

#[test]
fn it_compiles() {
    jit::main().expect("a function");
}
