//! The judge's answer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::LazyLock;

use stackmap_oracle::oracle::{Verdict, decide};
use stackmap_verifier::Collector;

use super::align::align;
use super::codegen::ir::Function;
use super::codegen::ir::entities::AnyEntity;
use super::codegen::isa::{OwnedTargetIsa, lookup_by_name};
use super::codegen::settings::{self, Configurable};
use super::codegen::verify_function;
use super::compare::compare;
use super::landing::put_edges_back;
use super::model::model;
use super::reader;
use crate::judge::difference::Kind;
use crate::judge::{Judgement, Proof};

/// The machine that all functions here are for: what its pointers are is what the
/// verifier of Cranelift wants addresses to be.
static ISA: LazyLock<OwnedTargetIsa> = LazyLock::new(|| {
    let mut flags = settings::builder();
    for flag in ["preserve_frame_pointers", "enable_pinned_reg"] {
        flags.enable(flag).expect("a flag");
    }
    let flags = settings::Flags::new(flags);
    let builder = lookup_by_name("x86_64").expect("a target that is linked");
    builder.finish(flags).expect("a machine")
});

/// Reads the one function of a text.
pub(crate) fn read(text: &str) -> Result<Function, String> {
    match catch_unwind(|| reader::parse_functions(text)) {
        Ok(Ok(mut functions)) if functions.len() == 1 => functions.pop().ok_or_else(String::new),
        Ok(Ok(functions)) => Err(format!("{} functions", functions.len())),
        Ok(Err(error)) => Err(error.message),
        Err(_) => Err("the reader panics".to_owned()),
    }
}

/// Judges a pair.
pub(crate) fn judge(before: &Function, declared: &[u32], after: &Function) -> Judgement {
    let judged = catch_unwind(AssertUnwindSafe(|| judge_sound(before, declared, after)));
    judged.unwrap_or_else(|_| Judgement::malformed())
}

fn judge_sound(before: &Function, declared: &[u32], after: &Function) -> Judgement {
    let mut aligned = align(before, after);
    let is_valid = [(before, Kind::InvalidBefore), (after, Kind::Invalid)].map(|(function, kind)| {
        let Err(errors) = verify_function(function, &**ISA) else { return true };
        for error in errors.0 {
            let block = match error.location {
                AnyEntity::Inst(inst) => function.layout.inst_block(inst),
                AnyEntity::Block(block) => Some(block),
                _ => None,
            };
            aligned.differ(kind, block, error.message);
        }
        false
    });
    if is_valid != [true; 2] && aligned.differences.iter().any(|d| !d.unreachable) {
        return Judgement { differences: aligned.differences, proof: Proof::None };
    }
    let mut erased = after.clone();
    put_edges_back(&mut erased, &mut aligned);
    compare(before, erased, &mut aligned);
    let proof = match model(before, declared, after, &aligned) {
        Ok(pair) => match decide(&pair.build(), Collector::Moving) {
            Verdict::Right => Proof::Right,
            Verdict::Wrong { .. } => Proof::Wrong,
            Verdict::Unsupported(why) => Proof::Unsupported(why),
            Verdict::TooLarge => Proof::TooLarge,
        },
        Err(why) => Proof::Unsupported(why),
    };
    Judgement { differences: aligned.differences, proof }
}
