//! The historical bug, wasmtime issue 13461, as a user's compiler would meet it.

use cranelift_codegen::ir::{Function, InstBuilder};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

use crate::linked::config;
use crate::programs::{self, Build};
use crate::stackmap;

/// The spiller of these minor versions gives two references one slot.
fn is_broken() -> bool {
    stackmap::minor() <= 132
}

/// A value that is live across another's definition only by the back edge.
pub(crate) fn program(b: &mut FunctionBuilder<'_>) {
    b.entry();
    let [body, exit] = b.blocks();
    let outer = b.make();
    b.declare_value_needs_stack_map(outer);
    b.goto(body);
    b.switch_to_block(body);
    b.look(outer);
    let inner = b.make();
    b.declare_value_needs_stack_map(inner);
    b.choose(body, exit);
    b.seal_all_blocks();
    b.switch_to_block(exit);
    let other = b.make();
    b.look(other);
    b.look(inner);
    b.ins().return_(&[]);
}

/// What `finalize` panics with.
fn message(finalize: impl FnOnce(FunctionBuilder<'_>)) -> Option<String> {
    let (mut function, mut context): (Function, _) =
        (programs::function(), FunctionBuilderContext::new());
    let mut builder = FunctionBuilder::new(&mut function, &mut context);
    program(&mut builder);
    let run = std::panic::AssertUnwindSafe(|| finalize(builder));
    let panic = std::panic::catch_unwind(run).err()?;
    Some(*panic.downcast::<String>().expect("a message"))
}

#[test]
fn the_pass_panics_with_sm001() {
    let message = message(|builder| stackmap::finalize(builder, config()));
    let is_checked = cfg!(debug_assertions);
    assert_eq!(message.is_some(), is_broken() && is_checked, "{message:?}");
    if let Some(message) = message {
        assert!(message.starts_with("the safepoints of function %f are wrong\n"), "{message}");
        assert!(message.contains("error[SM001]: "), "{message}");
        assert!(message.contains("--> %f (after spilling):"), "{message}");
    }
}

#[test]
fn the_strict_pass_agrees() {
    let message = message(|builder| stackmap::finalize_strict(builder, config()));
    assert_eq!(message.is_some(), is_broken() && cfg!(debug_assertions), "{message:?}");
}
