//! The toy language: everything is a pair or a number, and both are objects.

mod lower;
mod parse;
mod sabotage;

use std::fmt::Write;

use cranelift_codegen::control::ControlPlane;
use cranelift_codegen::isa::{self, TargetIsa};
use cranelift_codegen::{Context, settings};

stackmap_builder::adapter!(mod stackmap for cranelift_codegen, cranelift_frontend);

/// `list` puts ten pairs in front of `x`; `main` keeps `a` and `b` across calls.
pub(crate) const PROGRAM: &str = "
(fn list (x) (loop 10 tail x (cons 1 tail)))
(fn main ()
  (let a (cons 1 2)
    (let b (call list a)
      (cons a (cons b (call list b))))))
";

/// Compiles a program to machine code, and says what came of each function.
///
/// # Panics
///
/// With what is wrong with the program, or with the safepoints of a function.
pub(crate) fn compile(program: &str, sabotage: bool) -> String {
    let flags = settings::Flags::new(settings::builder());
    let isa = isa::lookup_by_name("x86_64-unknown-linux-gnu").expect("built in").finish(flags);
    let isa = isa.expect("the default settings");
    let mut said = String::new();
    for function in parse::functions(program) {
        let lowered = lower::function(&function, isa.frontend_config(), sabotage);
        let mut context = Context::for_function(lowered);
        generate(&mut context, &*isa);
        let code = context.compiled_code().expect("it was compiled");
        let (bytes, maps) = (code.buffer.data().len(), code.buffer.user_stack_maps());
        let roots: usize = maps.iter().map(|(_, _, map)| map.entries().count()).sum();
        let name = &function.name;
        writeln!(said, "{name}: {bytes} bytes, {} stack maps, {roots} roots", maps.len())
            .expect("a string takes all");
    }
    said
}

/// Generates machine code. In debug builds its stack maps are checked, too.
fn generate(context: &mut Context, isa: &dyn TargetIsa) {
    if cfg!(debug_assertions) {
        let report = stackmap_code::compile_verified(context, isa).expect("valid CLIF");
        report.assert_verified();
    } else {
        context.compile(isa, &mut ControlPlane::default()).expect("valid CLIF");
    }
}
