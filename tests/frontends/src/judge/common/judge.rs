//! The judge's answer.

use std::collections::BTreeSet;
use std::iter::repeat_n;
use std::sync::LazyLock;

use stackmap_oracle::oracle::{Verdict, decide};
use stackmap_verifier::Collector;

use super::align::{align, reachable};
use super::codegen::ir::entities::AnyEntity;
use super::codegen::ir::{Block, Function, Value, ValueList};
use super::codegen::isa::{OwnedTargetIsa, lookup_by_name};
use super::codegen::settings::{self, Configurable};
use super::codegen::verify_function;
use super::compare::compare;
use super::edges::edges;
use super::model::model;
use super::reader;
use super::split_edge::put_edges_back;
use crate::judge::difference::{Difference, Kind};
use crate::judge::{Judgement, Proof};
use crate::quiet::caught;

/// The target of all functions here. Its pointer type is the one that Cranelift's verifier
/// requires of addresses.
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
    match caught(|| reader::parse_functions(text)) {
        Some(Ok(mut functions)) if functions.len() == 1 => functions.pop().ok_or_else(String::new),
        Some(Ok(functions)) => Err(format!("{} functions", functions.len())),
        Some(Err(error)) => Err(error.message),
        None => Err("the reader panics".to_owned()),
    }
}

/// Judges a pair. If Cranelift panics, the cause may be in unreachable blocks, so the pair is
/// judged once more without these.
pub(crate) fn judge(before: &Function, declared: &[u32], after: &Function) -> Judgement {
    let judge = |before: &Function, after: &Function| {
        caught(|| judge_sound(before, declared, after)).unwrap_or(Err("Cranelift panics"))
    };
    let why = match judge(before, after) {
        Ok(judged) => return judged,
        Err(why) => why,
    };
    let running = caught(|| [before, after].map(without_unreachable));
    let judged = running.map_or(Err(why), |[before, after]| judge(&before, &after));
    let mut judged = judged.unwrap_or_else(|why| Judgement {
        differences: BTreeSet::from([Difference::malformed(why, false)]),
        proof: Proof::None,
    });
    judged.differences.insert(Difference::malformed(why, true));
    judged
}

/// The function without the blocks that never run.
fn without_unreachable(function: &Function) -> Function {
    let runs = reachable(function);
    let mut function = function.clone();
    let blocks: Vec<Block> = function.layout.blocks().filter(|b| !runs.contains(b)).collect();
    for block in blocks {
        while let Some(inst) = function.layout.first_inst(block) {
            function.layout.remove_inst(inst);
        }
        function.layout.remove_block(block);
    }
    function
}

/// Whether an edge enters a block that does not exist. Cranelift's verifier allocates memory
/// for all blocks up to that number, which may be more than the machine has.
fn leads_nowhere(function: &Function) -> bool {
    let mut insts = function.layout.blocks().flat_map(|block| function.layout.block_insts(block));
    insts.any(|inst| {
        let dfg = &function.dfg;
        let edges = dfg.insts[inst].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
        edges.iter().any(|edge| !dfg.block_is_valid(edge.block(&dfg.value_lists)))
    })
}

/// Whether new lists take the place of some that are in use.
fn overwrites_lists(function: &Function) -> bool {
    let mut changed = function.clone();
    // No function here has so many values.
    let value = Value::from_u32(0x3fff_ff00);
    // One list of each size takes the first that is free; the others take what that one leads to.
    for length in [1, 4, 8, 16, 32].into_iter().flat_map(|length| repeat_n(length, 64)) {
        ValueList::from_iter(repeat_n(value, length), &mut changed.dfg.value_lists);
    }
    let has_same_edges = |inst| edges(function, inst) == edges(&changed, inst);
    let mut blocks = function.layout.blocks();
    let is_same = blocks.all(|block| function.layout.block_insts(block).all(has_same_edges));
    !is_same || !has_same_lists(function, &changed)
}

/// Whether all parameters, operands and results are unchanged. New lists take the place of
/// those that are marked as free.
fn has_same_lists(function: &Function, changed: &Function) -> bool {
    function.layout.blocks().all(|block| {
        function.dfg.block_params(block) == changed.dfg.block_params(block)
            && function.layout.block_insts(block).all(|inst| {
                function.dfg.inst_args(inst) == changed.dfg.inst_args(inst)
                    && function.dfg.inst_results(inst) == changed.dfg.inst_results(inst)
            })
    })
}

/// The block that an error of Cranelift's verifier is about.
fn block_of(function: &Function, location: AnyEntity) -> Option<Block> {
    if let AnyEntity::Inst(inst) = location {
        return function.layout.inst_block(inst);
    }
    if let AnyEntity::Block(block) = location { Some(block) } else { None }
}

/// Judges a pair whose tables do not contradict each other, as far as Cranelift does not
/// find out; how they do otherwise.
fn judge_sound(
    before: &Function,
    declared: &[u32],
    after: &Function,
) -> Result<Judgement, &'static str> {
    if [before, after].into_iter().any(leads_nowhere) {
        return Err("an edge to a block that is not there");
    }
    if overwrites_lists(after) {
        return Err("a list that is in use is marked as free");
    }
    let mut aligned = align(before, after);
    let is_valid =
        [(before, Kind::InvalidBefore), (after, Kind::Invalid)].map(|(function, kind)| {
            let Err(errors) = verify_function(function, &**ISA) else { return true };
            for error in errors.0 {
                aligned.differ(kind, block_of(function, error.location), error.message);
            }
            false
        });
    if is_valid != [true; 2] && aligned.differences.iter().any(|d| !d.unreachable) {
        return Ok(Judgement { differences: aligned.differences, proof: Proof::None });
    }
    let mut erased = after.clone();
    put_edges_back(&mut erased, &mut aligned);
    if !has_same_lists(after, &erased) {
        return Err("a list that is in use is marked as free");
    }
    compare(before, after, erased, &mut aligned);
    let proof = match model(before, declared, after, &aligned) {
        Ok(pair) => match decide(&pair.build(), Collector::Moving) {
            Verdict::Right => Proof::Right,
            Verdict::Wrong { .. } => Proof::Wrong,
            Verdict::Unsupported(why) => Proof::Unsupported(why),
            Verdict::TooLarge => Proof::TooLarge,
        },
        Err(why) => Proof::Unsupported(why),
    };
    Ok(Judgement { differences: aligned.differences, proof })
}
