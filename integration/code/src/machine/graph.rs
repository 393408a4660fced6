//! The basic blocks of a function's machine code, found by decoding from its entry.
//!
//! The edges that Cranelift lists (`CompiledCode::bb_edges`) are not used: they are wrong if a block
//! is cold.

use std::collections::{BTreeMap, BTreeSet};

use super::decoder::Decoder;
use super::instruction::{Control, Instruction};
use crate::facts::Facts;
use crate::unchecked::Unchecked;

/// An edge to another block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edge<T> {
    pub(crate) to: T,
    /// Whether it is taken when the call at the end of the block throws.
    pub(crate) throws: bool,
}

/// A basic block. A call that may throw is at the end of one.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub(crate) instructions: Vec<Instruction>,
    /// By the number of the block.
    pub(crate) edges: Vec<Edge<usize>>,
}

/// The blocks, by their addresses. The first is the entry.
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    pub(crate) blocks: Vec<Block>,
}

impl Graph {
    /// Returns the instruction behind one of a block, in the order in which they run.
    pub(crate) fn next<'g>(&'g self, block: &'g Block, at: usize) -> Option<&'g Instruction> {
        block.instructions.get(at + 1).or_else(|| {
            let edge = block.edges.iter().find(|edge| !edge.throws)?;
            self.blocks.get(edge.to)?.instructions.first()
        })
    }

    /// Decodes what can be reached from the first byte.
    ///
    /// Cost: linear in the code and its edges, but for a logarithmic factor.
    ///
    /// # Errors
    ///
    /// If an instruction is not understood, or it is not known where it jumps to.
    pub(crate) fn new(
        code: &[u8],
        decoder: &mut dyn Decoder,
        facts: &Facts<'_>,
    ) -> Result<Graph, Unchecked> {
        let mut instructions: BTreeMap<u32, Instruction> = BTreeMap::new();
        let mut edges: BTreeMap<u32, Vec<Edge<u32>>> = BTreeMap::new();
        let mut leaders = BTreeSet::from([0]);
        let mut todo = vec![0];
        while let Some(at) = todo.pop() {
            if instructions.contains_key(&at) {
                continue;
            }
            let instruction = decoder.decode(code, at).ok_or(Unchecked::Undecoded(at))?;
            let end = instruction.end;
            match leaving(code, &instruction, decoder, facts)? {
                None => todo.push(end),
                Some(list) => {
                    leaders.extend(list.iter().map(|edge| edge.to));
                    todo.extend(list.iter().map(|edge| edge.to));
                    edges.insert(at, list);
                }
            }
            instructions.insert(at, instruction);
        }
        blocks(instructions, &edges, &leaders)
    }
}

/// Groups instructions into blocks.
fn blocks(
    instructions: BTreeMap<u32, Instruction>,
    edges: &BTreeMap<u32, Vec<Edge<u32>>>,
    leaders: &BTreeSet<u32>,
) -> Result<Graph, Unchecked> {
    let numbers: BTreeMap<u32, usize> =
        leaders.iter().enumerate().map(|(number, &start)| (start, number)).collect();
    let number =
        |edge: &Edge<u32>| numbers.get(&edge.to).map(|&to| Edge { to, throws: edge.throws });
    let mut blocks: Vec<Block> = Vec::with_capacity(leaders.len());
    let mut end = 0;
    for (at, instruction) in instructions {
        // Nothing jumps into the middle of an instruction.
        if at < end {
            return Err(Unchecked::Undecoded(at));
        }
        end = instruction.end;
        if leaders.contains(&at) {
            blocks.push(Block { instructions: Vec::new(), edges: Vec::new() });
        }
        let next = leaders.contains(&end).then_some(Edge { to: end, throws: false });
        let block = blocks.last_mut().ok_or(Unchecked::Undecoded(at))?;
        block.instructions.push(instruction);
        match edges.get(&at) {
            Some(edges) => block.edges = edges.iter().filter_map(number).collect(),
            None => block.edges = next.iter().filter_map(number).collect(),
        }
    }
    Ok(Graph { blocks })
}

/// Returns the edges of an instruction that ends a block; `None` if it only goes on.
fn leaving(
    code: &[u8],
    instruction: &Instruction,
    decoder: &mut dyn Decoder,
    facts: &Facts<'_>,
) -> Result<Option<Vec<Edge<u32>>>, Unchecked> {
    let Instruction { start, end, control, .. } = *instruction;
    let unknown = || Unchecked::Jump(start);
    let normal = |to: u32| Edge { to, throws: false };
    let inside = |to: u64| {
        let to = u32::try_from(to).ok().filter(|&to| (to as usize) < code.len());
        to.ok_or_else(unknown).map(normal)
    };
    match control {
        Control::Next => Ok(None),
        Control::Call => {
            let handlers = facts.handlers(end);
            let thrown = handlers.iter().map(|&to| Edge { to, throws: true });
            let edges = || [normal(end)].into_iter().chain(thrown).collect();
            Ok((!handlers.is_empty()).then(edges))
        }
        Control::Return | Control::Trap => Ok(Some(Vec::new())),
        Control::Branch(to) => Ok(Some(vec![inside(to)?, normal(end)])),
        // To another function.
        Control::Jump(_) if facts.is_tail_call(start) && facts.is_relocated(start..end) => {
            Ok(Some(Vec::new()))
        }
        Control::Indirect if facts.is_tail_call(start) => Ok(Some(Vec::new())),
        Control::Jump(to) => Ok(Some(vec![inside(to)?])),
        Control::Indirect => {
            let count = facts.targets(start).ok_or_else(unknown)?;
            let targets = decoder.targets(code, instruction, count).ok_or_else(unknown)?;
            let edges: Result<_, _> = targets.into_iter().map(|to| inside(to.into())).collect();
            edges.map(Some)
        }
    }
}
