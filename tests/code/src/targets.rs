//! The instruction sets and settings that are tested.

use cranelift_codegen::isa::{self, OwnedTargetIsa};
use cranelift_codegen::settings::{self, Configurable};

/// The instruction sets that Cranelift compiles for.
pub const NAMES: [&str; 5] = ["x86_64", "aarch64", "riscv64", "s390x", "pulley64"];

/// Returns an instruction set with these settings.
///
/// # Panics
///
/// If it does not exist, or a setting does not.
pub fn target(name: &str, settings: &[(&str, &str)]) -> OwnedTargetIsa {
    let mut flags = settings::builder();
    // For functions of the calling convention `tail`, and for `i128` arguments.
    for name in ["preserve_frame_pointers", "enable_llvm_abi_extensions"] {
        flags.enable(name).expect("a setting");
    }
    for (name, value) in settings {
        flags.set(name, value).expect("a setting");
    }
    let mut isa = isa::lookup_by_name(name).expect("an instruction set");
    if name == "riscv64" {
        // Without vectors it compiles no function that mentions one.
        isa.enable("has_v").expect("a setting");
    }
    isa.finish(settings::Flags::new(flags)).expect("settings that agree")
}

/// Returns each instruction set, without and with optimization, with both register allocators,
/// and a name for it.
pub fn all() -> Vec<(String, OwnedTargetIsa)> {
    let mut all = Vec::new();
    for name in NAMES {
        for level in ["none", "speed"] {
            for allocator in ["backtracking", "single_pass"] {
                let settings = [("opt_level", level), ("regalloc_algorithm", allocator)];
                all.push((format!("{name} {level} {allocator}"), target(name, &settings)));
            }
        }
    }
    all
}
