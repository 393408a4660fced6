//! *After* without what the spiller added, against *before*.

use std::collections::HashMap;

use super::align::Aligned;
use super::codegen::ir::{Block, Function, Inst, Value};
use super::inserted::Inserted;
use super::particular;
use crate::judge::difference::Kind;

/// Puts the operands back, and compares everything. The edges are put back already.
pub(super) fn compare(before: &Function, mut after: Function, aligned: &mut Aligned) {
    declarations(before, &after, aligned);
    let reloaded: HashMap<Value, _> = aligned
        .inserted
        .values()
        .filter_map(|inserted| match *inserted {
            Inserted::Reload { result, r#type, .. } => Some((result, r#type)),
            Inserted::Null { result } => Some((result, after.dfg.value_type(result))),
            Inserted::Address | Inserted::Spill { .. } => None,
        })
        .collect();
    let kept: Vec<(Inst, Inst)> = aligned.kept.iter().map(|(&a, &b)| (a, b)).collect();
    for (theirs, mine) in kept {
        let block = after.layout.inst_block(theirs);
        let meant: Vec<Value> = before.dfg.inst_values(mine).collect();
        let mut position = 0;
        let (mut wrong_types, mut others) = (Vec::new(), Vec::new());
        let (resolved, types) = (&before.dfg, &reloaded);
        let after_dfg = after.dfg.clone();
        after.dfg.map_inst_values(theirs, |value| {
            let meant = meant.get(position).copied();
            position += 1;
            let Some(meant) = meant else { return value };
            match types.get(&value) {
                Some(&r#type) => {
                    if r#type != resolved.value_type(meant) {
                        wrong_types.push(value);
                    }
                    meant
                }
                // The spiller resolves aliases.
                None if after_dfg.value_is_valid(value)
                    && after_dfg.resolve_aliases(value) == resolved.resolve_aliases(meant) =>
                {
                    meant
                }
                // Another value of the program's own: whether it is the right one is not
                // a question of what was added.
                None if before.dfg.value_is_valid_for_parser(value)
                    && after_dfg.value_type(value) == resolved.value_type(meant) =>
                {
                    others.push(value);
                    meant
                }
                None => value,
            }
        });
        for value in others {
            aligned.differ(Kind::Operand, block, value.to_string());
        }
        for value in wrong_types {
            aligned.differ(Kind::ReloadType, block, value.to_string());
        }
        instruction(before, mine, &after, theirs, block, aligned);
    }
    blocks(before, &after, aligned);
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
        text.split(", stack_map=[").next().unwrap_or_default().to_owned()
    };
    let (x, y) = (text(before, mine), text(after, theirs));
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
    let own: Vec<_> = theirs_all
        .iter()
        .filter(|entry| is_programs(entry.slot.as_u32()) || !is_safepoint)
        .collect();
    let same = own.len() == entries.len()
        && own.iter().zip(entries).all(|(a, b)| (a.ty, a.slot, a.offset) == (b.ty, b.slot, b.offset));
    if !same {
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

fn declarations(before: &Function, after: &Function, aligned: &mut Aligned) {
    let mut list = |kind: Kind, x: Vec<String>, y: Vec<String>, may_grow: bool| {
        let enough = y.len().min(x.len());
        let y = if may_grow { &y[..enough] } else { &y[..] };
        if x != y {
            aligned.differ(kind, None, format!("{x:?} | {y:?}"));
        }
    };
    let name = |f: &Function| vec![f.name.to_string()];
    list(Kind::Name, name(before), name(after), false);
    let signature = |f: &Function| vec![f.signature.to_string()];
    list(Kind::Signature, signature(before), signature(after), false);
    let slots = |f: &Function| f.sized_stack_slots.values().map(ToString::to_string).collect();
    list(Kind::Slot, slots(before), slots(after), true);
    let slots = |f: &Function| f.dynamic_stack_slots.values().map(ToString::to_string).collect();
    list(Kind::DynamicSlot, slots(before), slots(after), false);
    let types = |f: &Function| {
        let types = f.dfg.dynamic_types.values();
        types.map(|t| format!("{} {}", t.base_vector_ty, t.dynamic_scale)).collect()
    };
    list(Kind::DynamicType, types(before), types(after), false);
    list(Kind::Region, particular::regions(before), particular::regions(after), true);
    let values = |f: &Function| {
        f.global_values.values().map(|data| particular::global_value(f, data)).collect()
    };
    list(Kind::GlobalValue, values(before), values(after), false);
    let signatures = |f: &Function| f.dfg.signatures.values().map(ToString::to_string).collect();
    list(Kind::CallSignature, signatures(before), signatures(after), false);
    let functions = |f: &Function| {
        f.dfg.ext_funcs.values().map(|data| data.display(Some(&f.params)).to_string()).collect()
    };
    list(Kind::ExternalFunction, functions(before), functions(after), false);
    let constants = |f: &Function| {
        f.dfg.constants.iter().map(|(name, data)| format!("{name} = {data}")).collect()
    };
    list(Kind::Constant, constants(before), constants(after), false);
    let limit = |f: &Function| f.stack_limit.map(|limit| limit.to_string()).into_iter().collect();
    list(Kind::StackLimit, limit(before), limit(after), false);
    let labels = |f: &Function| vec![format!("{:?}", f.dfg.values_labels)];
    list(Kind::ValueLabels, labels(before), labels(after), false);
    let aliases = |f: &Function| {
        let values = f.dfg.values().filter(|&v| f.dfg.value_is_valid_for_parser(v));
        let aliases = values.filter_map(|v| Some((v, f.dfg.value_alias_dest_for_serialization(v)?)));
        aliases.map(|(v, of)| format!("{v} -> {of}")).collect()
    };
    list(Kind::Aliases, aliases(before), aliases(after), false);
    for (slot, data) in after.sized_stack_slots.iter().skip(before.sized_stack_slots.len()) {
        if data.key.is_some() {
            aligned.differ(Kind::SpillersSlot, None, format!("{slot} = {data}"));
        }
    }
    regions_of_cells(after, aligned);
}

/// All accesses of a slot have one region.
fn regions_of_cells(after: &Function, aligned: &mut Aligned) {
    use super::codegen::ir::InstructionData;
    let mut seen = HashMap::new();
    let mut wrong = Vec::new();
    for (&inst, &inserted) in &aligned.inserted {
        let (Inserted::Spill { cell, .. } | Inserted::Reload { cell, .. }) = inserted else { continue };
        let (InstructionData::Load { flags, .. } | InstructionData::Store { flags, .. }) =
            after.dfg.insts[inst]
        else {
            continue;
        };
        let region = particular::flags(after, flags).region;
        if *seen.entry(cell.slot).or_insert(region) != region {
            wrong.push(inst);
        }
    }
    for inst in wrong {
        let block = after.layout.inst_block(inst);
        aligned.differ(Kind::AccessRegion, block, after.dfg.display_inst(inst).to_string());
    }
}
