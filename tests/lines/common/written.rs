//! Reduced by stackmap-verify from a log of cranelift-frontend 0.132 or later.
//! SM001 (shared-slot): `v0` and `v1` share `ss0` while both are needed
//! In the function %b1: at `call fn1(v3), stack_map=[i32 @ ss0+0]`, the program means `v0` here, but `v3` holds `v1`
//! It happens on this path:
//!   block0
//!     at `block0(v2: i32, v0: i32):`, `v0` is defined here
//!     at `stack_store v0, ss0`, `v0` is spilled to `ss0` here
//!   block1
//!     at `stack_store v1, ss0`, `v1` is spilled to `ss0` too, while `v0` is still needed
//!   block1 (by the back edge)
//!     at `call fn1(v3), stack_map=[i32 @ ss0+0]`, the program means `v0` here, but `v3` holds `v1`
//! at `call fn1(v3), stack_map=[i32 @ ss0+0]`, next use of `v0`
//! at `call fn1(v4)`, next use of `v1`
//!
//! Needs `cranelift-codegen`, `cranelift-frontend` and `cranelift-reader` of one version, since
//! 0.123, and `stackmap-builder`, whose `finalize_checked` spills as `finalize` does and
//! verifies the result.

use cranelift_codegen::ir::Value;
use cranelift_codegen::{isa, settings};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

stackmap_builder::adapter!(mod stackmap for cranelift_codegen, cranelift_frontend);

/// The values of the function that are references.
const DECLARED: &[u32] = &[0, 1];

const CLIF: &str = r#"
function %b1(i32, i32) system_v {
    sig0 = () -> i32 system_v
    sig1 = (i32) system_v
    sig2 = () system_v
    fn0 = u0:0 sig0
    fn1 = u0:1 sig1
    fn2 = u0:2 sig2

block0(v2: i32, v0: i32):
    jump block1

block1:
    call fn1(v0)
    v1 = call fn0()
    brif.i32 v2, block1, block2

block2:
    call fn2()
    call fn1(v1)
    return
}
"#;

#[test]
fn b1_is_spilled_right() {
    let mut function = cranelift_reader::parse_functions(CLIF).expect("CLIF").remove(0);
    let mut context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut function, &mut context);
    for &value in DECLARED {
        builder.declare_value_needs_stack_map(Value::from_u32(value));
    }
    let flags = settings::Flags::new(settings::builder());
    let isa = isa::lookup_by_name("x86_64").expect("a target").finish(flags).expect("flags");
    let checked = stackmap::finalize_checked(builder, isa.frontend_config());
    assert!(!checked.is_wrong(), "{}", checked.render(Default::default()));
}
