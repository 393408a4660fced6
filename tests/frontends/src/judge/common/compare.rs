//! *After* without what the spiller added, against *before*.

use super::align::Aligned;
use super::codegen::ir::{Block, Function, Inst};
use super::declarations::declarations;
use super::inserted::Inserted;
use super::operands::Operands;
use super::particular;
use crate::judge::difference::Kind;

/// Restores the operands, and compares everything. `erased` is *after* with the edges restored.
pub(super) fn compare(
    before: &Function,
    after: &Function,
    mut erased: Function,
    aligned: &mut Aligned,
) {
    declarations(before, &erased, aligned);
    let mut resolved = before.clone();
    resolved.dfg.resolve_all_aliases();
    let operands = Operands::new(&resolved, after, aligned);
    let kept: Vec<(Inst, Inst)> = aligned.kept.iter().map(|(&a, &b)| (a, b)).collect();
    for (theirs, mine) in kept {
        let block = after.layout.inst_block(theirs);
        operands.put_back(mine, &mut erased, theirs);
        instruction(&resolved, mine, &erased, theirs, block, aligned);
    }
    blocks(before, &erased, aligned);
}

fn instruction(
    before: &Function,
    mine: Inst,
    after: &Function,
    theirs: Inst,
    block: Option<Block>,
    aligned: &mut Aligned,
) {
    let text = |function: &Function, inst| {
        let text = function.dfg.display_inst(inst).to_string();
        let text = text.split("  ; ").next().unwrap_or_default();
        // An empty list of operands that is not the empty list is printed as a blank.
        text.split(", stack_map=[").next().unwrap_or_default().trim_end().to_owned()
    };
    // Cranelift does not print the flags of atomic operations.
    let operation = |function: &Function, inst| {
        format!("{}{}", text(function, inst), particular::printed_flags(function, inst))
    };
    let (x, y) = (operation(before, mine), operation(after, theirs));
    let types = |function: &Function, inst| {
        let results = function.dfg.inst_results(inst).iter();
        results.map(|&result| function.dfg.value_type(result).to_string()).collect::<Vec<_>>()
    };
    if x != y || types(before, mine) != types(after, theirs) {
        aligned.differ(Kind::Instruction, block, format!("{x} | {y}"));
    }
    let (x, y) = (before.srcloc(mine), after.srcloc(theirs));
    if x != y {
        aligned.differ(Kind::SourceLocation, block, format!("{x} | {y}"));
    }
    if before.debug_tags.get(mine) != after.debug_tags.get(theirs) {
        aligned.differ(Kind::DebugTags, block, y.to_string());
    }
    let entries = before.dfg.user_stack_map_entries(mine).unwrap_or_default();
    let theirs_all = after.dfg.user_stack_map_entries(theirs).unwrap_or_default();
    let is_safepoint = after.dfg.insts[theirs].opcode().is_safepoint();
    let count = before.sized_stack_slots.len();
    let is_programs = |slot: u32| (slot as usize) < count;
    let mut own: Vec<String> = theirs_all
        .iter()
        .filter(|entry| is_programs(entry.slot.as_u32()) || !is_safepoint)
        .map(|entry| format!("{entry:?}"))
        .collect();
    let mut entries: Vec<String> = entries.iter().map(|entry| format!("{entry:?}")).collect();
    own.sort();
    entries.sort();
    if own != entries {
        aligned.differ(Kind::ProgramMap, block, text(after, theirs));
    }
    for entry in theirs_all.iter().filter(|entry| !is_programs(entry.slot.as_u32())) {
        let fits = aligned.inserted.values().any(|inserted| match *inserted {
            Inserted::Spill { cell, r#type, .. } | Inserted::Reload { cell, r#type, .. } => {
                cell.slot == entry.slot.as_u32()
                    && cell.offset == i64::from(entry.offset)
                    && r#type == entry.ty
            }
            Inserted::Address | Inserted::Null { .. } => false,
        });
        if !fits {
            let entry = format!("{} @ {}+{}", entry.ty, entry.slot, entry.offset);
            aligned.differ(Kind::EntryType, block, entry);
        }
    }
}

fn blocks(before: &Function, after: &Function, aligned: &mut Aligned) {
    for block in before.layout.blocks() {
        if !after.layout.is_block_inserted(block) {
            continue;
        }
        let params = |function: &Function| {
            let params = function.dfg.block_params(block).iter();
            params.map(|&p| format!("{p}: {}", function.dfg.value_type(p))).collect::<Vec<_>>()
        };
        let (x, y) = (params(before), params(after));
        if x != y {
            aligned.differ(Kind::BlockParameters, Some(block), format!("{x:?} | {y:?}"));
        }
        if before.layout.is_cold(block) != after.layout.is_cold(block) {
            aligned.differ(Kind::Cold, Some(block), block.to_string());
        }
    }
}
