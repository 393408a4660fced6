//! The reading of a text by cranelift-reader. Included once for each version, which the
//! parent names `codegen` and `reader`.

use super::super::shape::{Block, Instruction, Shape, Slot, Typed};
use super::codegen::entity::EntityRef;
use super::codegen::ir::{
    BlockArg, BlockCall, ExceptionTableItem, Function, Inst, InstructionData, Value,
};
use super::codegen::settings;
use super::codegen::verifier::verify_function;
use super::reader::parse_functions;
use super::slot_of;

/// Reads the only function of a text, and asks Cranelift's verifier whether it is
/// valid. The reader asserts on some of what it does not take.
pub(crate) fn read(text: &str) -> Result<(Shape, bool), String> {
    match std::panic::catch_unwind(|| parse_functions(text)) {
        Ok(Ok(functions)) => match functions.as_slice() {
            [function] => Ok((shape(function), is_valid(function))),
            others => Err(format!("{} functions", others.len())),
        },
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("panicked".to_owned()),
    }
}

fn is_valid(function: &Function) -> bool {
    let flags = settings::Flags::new(settings::builder());
    let verified = std::panic::AssertUnwindSafe(|| verify_function(function, &flags).is_ok());
    std::panic::catch_unwind(verified).unwrap_or(false)
}

fn shape(function: &Function) -> Shape {
    let slots = function.sized_stack_slots.iter().map(|(number, slot)| Slot {
        number: number.as_u32(),
        sort: slot.kind.to_string(),
        size: slot.size,
        align: 1 << slot.align_shift,
        key: slot.key.map(|key| key.bits()),
    });
    let blocks = function.layout.blocks().map(|block| Block {
        number: block.as_u32(),
        is_cold: function.layout.is_cold(block),
        params: typed(function, function.dfg.block_params(block)),
        instructions: function
            .layout
            .block_insts(block)
            .map(|inst| instruction(function, inst))
            .collect(),
    });
    let dfg = &function.dfg;
    let aliases =
        dfg.values().filter(|&value| dfg.value_alias_dest_for_serialization(value).is_some());
    Shape {
        name: function.name.to_string(),
        slots: slots.collect(),
        blocks: blocks.collect(),
        aliases: aliases
            .map(|value| (value.as_u32(), dfg.resolve_aliases(value).as_u32()))
            .collect(),
    }
}

fn typed(function: &Function, values: &[Value]) -> Vec<Typed> {
    let typed = values.iter().map(|&value| {
        let r#type = function.dfg.value_type(value);
        // A dynamic vector is printed with the debug form of its lane.
        let name = match r#type.is_dynamic_vector() {
            true => format!("{}x{}xN", r#type.lane_type(), r#type.min_lane_count()),
            false => r#type.to_string(),
        };
        (value.as_u32(), Some(name))
    });
    typed.collect()
}

fn instruction(function: &Function, inst: Inst) -> Instruction {
    let dfg = &function.dfg;
    let data = dfg.insts[inst];
    let mut operands: Vec<u32> = dfg.inst_args(inst).iter().map(|value| value.as_u32()).collect();
    let mut edges = Vec::new();
    if let InstructionData::TryCall { exception, .. }
    | InstructionData::TryCallIndirect { exception, .. } = data
    {
        let table = &dfg.exception_tables[exception];
        edges.push(edge(function, table.normal_return()));
        for item in table.items() {
            match item {
                ExceptionTableItem::Tag(_, call) | ExceptionTableItem::Default(call) => {
                    edges.push(edge(function, &call));
                }
                ExceptionTableItem::Context(value) => operands.push(value.as_u32()),
            }
        }
    } else {
        let calls = data.branch_destination(&dfg.jump_tables, &dfg.exception_tables);
        edges.extend(calls.iter().map(|call| edge(function, call)));
    }
    let entries = dfg.user_stack_map_entries(inst).unwrap_or(&[]);
    let location = function.srcloc(inst);
    let tags: Vec<String> =
        function.debug_tags.get(inst).iter().map(|tag| tag.to_string()).collect();
    let (slot, offset) = slot_of(&data);
    Instruction {
        opcode: data.opcode().to_string(),
        results: typed(function, dfg.inst_results(inst)),
        operands,
        edges,
        map: entries
            .iter()
            .map(|entry| (entry.ty.bytes().to_string(), entry.slot.as_u32(), entry.offset))
            .collect(),
        slot,
        offset,
        location: (!location.is_default()).then(|| location.bits()),
        tags: tags.join(","),
    }
}

fn edge(function: &Function, call: &BlockCall) -> (u32, Vec<String>) {
    let pool = &function.dfg.value_lists;
    let arguments = call.args(pool).map(|argument| match argument {
        BlockArg::Value(value) => format!("v{}", value.index()),
        BlockArg::TryCallRet(number) => format!("ret{number}"),
        BlockArg::TryCallExn(number) => format!("exn{number}"),
    });
    (call.block(pool).as_u32(), arguments.collect())
}
