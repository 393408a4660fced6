//! A spiller with a bug: every value gets the first slot.

use cranelift_codegen::ir::{Block, Function, Inst, InstructionData, StackSlot, UserStackMapEntry};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::FunctionBuilder;

use super::stackmap::{self, Settings};

/// Finalizes, and damages what the spiller made before it is verified. Without debug assertions
/// nothing is verified, and there is nothing to show.
pub(super) fn finalize(builder: FunctionBuilder<'_>, config: TargetFrontendConfig) {
    match cfg!(debug_assertions) {
        true => {
            let settings = Settings { pass: &merge_slots, ..Settings::default() };
            stackmap::finalize_with(builder, config, &settings).assert_right();
        }
        false => stackmap::finalize(builder, config),
    }
}

fn merge_slots(function: &mut Function) {
    let only = StackSlot::from_u32(0);
    let blocks: Vec<Block> = function.layout.blocks().collect();
    for block in blocks {
        let insts: Vec<Inst> = function.layout.block_insts(block).collect();
        for inst in insts {
            if let InstructionData::StackAddr { stack_slot, .. } = &mut function.dfg.insts[inst] {
                *stack_slot = only;
            }
            let entries = function.dfg.user_stack_map_entries(inst);
            if let Some(entry) = entries.and_then(|entries| entries.first()).cloned() {
                let call = without_stack_map(function, inst);
                let entry = UserStackMapEntry { slot: only, ..entry };
                function.dfg.append_user_stack_map_entry(call, entry);
            }
        }
    }
}

/// Puts a call with the same results in the place of one: entries can be added to
/// a stack map, but not removed from it.
fn without_stack_map(function: &mut Function, old: Inst) -> Inst {
    let (data, types) = (function.dfg.insts[old], function.dfg.ctrl_typevar(old));
    let results = function.dfg.inst_results(old).to_vec();
    function.dfg.clear_results(old);
    let new = function.dfg.make_inst(data);
    function.dfg.make_inst_results_reusing(new, types, results.into_iter().map(Some));
    function.layout.insert_inst(new, old);
    function.layout.remove_inst(old);
    new
}
