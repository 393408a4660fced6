//! Split-edge blocks: restores the split edges.

use super::align::Aligned;
use super::codegen::ir::{Block, BlockArg, BlockCall, Function, Inst, InstructionData, Opcode};
use crate::judge::difference::Kind;

/// Redirects every edge that enters a split-edge block to the target of that block, with the
/// arguments that the block passes there.
pub(super) fn put_edges_back(function: &mut Function, aligned: &mut Aligned) {
    for split_edge in aligned.split_edges.clone() {
        if let Err(why) = put_back(function, aligned, split_edge) {
            aligned.differ(Kind::SplitEdge, Some(split_edge), format!("{split_edge}: {why}"));
        }
    }
}

fn put_back(
    function: &mut Function,
    aligned: &mut Aligned,
    split_edge: Block,
) -> Result<(), &'static str> {
    let last = function.layout.last_inst(split_edge).ok_or("empty")?;
    let InstructionData::Jump { opcode: Opcode::Jump, destination } = function.dfg.insts[last]
    else {
        return Err("it does not end in a jump");
    };
    let others = function.layout.block_insts(split_edge).filter(|&inst| inst != last);
    if !others.into_iter().all(|inst| aligned.inserted.contains_key(&inst)) {
        return Err("it does more than spill and reload");
    }
    let target = destination.block(&function.dfg.value_lists);
    let entering = entering(function, split_edge);
    let is_programs = |(branch, _): &(Inst, usize)| aligned.kept.contains_key(branch);
    if aligned.split_edges.contains(&target) || !entering.iter().all(is_programs) {
        return Err("it is not on edges of the program");
    }
    if function.layout.is_cold(split_edge) != function.layout.is_cold(target) {
        aligned.differ(Kind::SplitEdgeCold, Some(split_edge), split_edge.to_string());
    }
    entering.into_iter().try_for_each(|(branch, position)| {
        put_edge_back(function, (branch, position), split_edge, destination)
    })
}

/// Redirects one edge that enters a split-edge block to the target of that block.
fn put_edge_back(
    function: &mut Function,
    (branch, position): (Inst, usize),
    split_edge: Block,
    destination: BlockCall,
) -> Result<(), &'static str> {
    let target = destination.block(&function.dfg.value_lists);
    let passed = edge(function, branch, position);
    let passed: Vec<BlockArg> = passed.args(&function.dfg.value_lists).collect();
    let params = function.dfg.block_params(split_edge).to_vec();
    if passed.len() != params.len() {
        return Err("another number of arguments");
    }
    let arguments = destination.args(&function.dfg.value_lists).map(|argument| match argument {
        BlockArg::Value(value) => match params.iter().position(|&param| param == value) {
            Some(position) => passed[position],
            None => argument,
        },
        BlockArg::TryCallRet(_) | BlockArg::TryCallExn(_) => argument,
    });
    let arguments: Vec<BlockArg> = arguments.collect();
    let call = BlockCall::new(target, arguments, &mut function.dfg.value_lists);
    let dfg = &mut function.dfg;
    let edges =
        dfg.insts[branch].branch_destination_mut(&mut dfg.jump_tables, &mut dfg.exception_tables);
    edges[position] = call;
    Ok(())
}

fn edge(function: &Function, branch: Inst, position: usize) -> BlockCall {
    let dfg = &function.dfg;
    dfg.insts[branch].branch_destination(&dfg.jump_tables, &dfg.exception_tables)[position]
}

/// The edges that enter a block.
fn entering(function: &Function, block: Block) -> Vec<(Inst, usize)> {
    let dfg = &function.dfg;
    let mut found = Vec::new();
    for from in function.layout.blocks() {
        for inst in function.layout.block_insts(from) {
            let edges = dfg.insts[inst].branch_destination(&dfg.jump_tables, &dfg.exception_tables);
            for (position, edge) in edges.iter().enumerate() {
                if edge.block(&dfg.value_lists) == block {
                    found.push((inst, position));
                }
            }
        }
    }
    found
}
