//! The declarations in front of the blocks, and the statements about values.

use std::collections::BTreeMap;

use super::align::Aligned;
use super::codegen::ir::{Function, InstructionData, StackSlotKind};
use super::inserted::Inserted;
use super::particular;
use crate::judge::difference::Kind;

/// Compares everything that is not in a block. Only slots and alias regions may be added.
pub(super) fn declarations(before: &Function, after: &Function, aligned: &mut Aligned) {
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
    let labels = |f: &Function| {
        vec![format!("{:?}", f.dfg.values_labels.iter().flatten().collect::<Vec<_>>())]
    };
    list(Kind::ValueLabels, labels(before), labels(after), false);
    let aliases = |f: &Function| {
        let values = f.dfg.values().filter(|&v| f.dfg.value_is_valid_for_parser(v));
        let aliases =
            values.filter_map(|v| Some((v, f.dfg.value_alias_dest_for_serialization(v)?)));
        aliases.map(|(v, of)| format!("{v} -> {of}")).collect()
    };
    list(Kind::Aliases, aliases(before), aliases(after), false);
    for (slot, data) in after.sized_stack_slots.iter().skip(before.sized_stack_slots.len()) {
        if data.key.is_some() || data.kind != StackSlotKind::ExplicitSlot {
            aligned.differ(Kind::SpillersSlot, None, format!("{slot} = {data}"));
        }
    }
    regions_of_cells(after, aligned);
}

/// Checks that all accesses of a cell with one type have one alias region.
fn regions_of_cells(after: &Function, aligned: &mut Aligned) {
    let mut seen = BTreeMap::new();
    let mut wrong = Vec::new();
    for (&inst, &inserted) in &aligned.inserted {
        let (Inserted::Spill { cell, r#type, .. } | Inserted::Reload { cell, r#type, .. }) =
            inserted
        else {
            continue;
        };
        let runs = after.layout.inst_block(inst).is_some_and(|b| aligned.reachable.contains(&b));
        let (InstructionData::Load { flags, .. } | InstructionData::Store { flags, .. }) =
            after.dfg.insts[inst]
        else {
            continue;
        };
        let region = particular::flags(after, flags).region;
        if runs && *seen.entry((cell, r#type.to_string())).or_insert(region) != region {
            wrong.push(inst);
        }
    }
    for inst in wrong {
        let block = after.layout.inst_block(inst);
        aligned.differ(Kind::AccessRegion, block, after.dfg.display_inst(inst).to_string());
    }
}
