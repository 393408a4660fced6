//! A compiler for a toy garbage-collected language, with the debug-assert pass.
//!
//! `cargo run -p stackmap-builder --example toy_compiler` compiles a program. With
//! `--sabotage`, its spiller gives two values one slot, and the pass panics.

mod toy;

fn main() {
    let sabotage = std::env::args().any(|argument| argument == "--sabotage");
    print!("{}", toy::compile(toy::PROGRAM, sabotage));
}
