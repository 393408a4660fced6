//! The pair as a model for the naive oracle.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_oracle::program::{
    Act, Edge, Instruction, Operation, Pair, Place, Source, SourceBlock, StackSlot, Target,
    TargetBlock,
};
use stackmap_verifier::model::OperationKind;

use super::align::{Aligned, reachable};
use super::codegen::ir::{Block, BlockArg, ExceptionTableItem, Function, Inst, Opcode, Value};
use super::edges::edges;
use super::inserted::{Cell, Inserted, is_null};

/// The reason why two functions cannot form a pair of programs.
pub(super) type Unfit = &'static str;

/// Makes the model of a pair that aligns.
pub(super) fn model(
    before: &Function,
    declared: &[u32],
    after: &Function,
    aligned: &Aligned,
) -> Result<Pair, Unfit> {
    let runs = reachable(before);
    let blocks: Vec<Block> = before.layout.blocks().filter(|block| runs.contains(block)).collect();
    let numbers = (0..).zip(&blocks).map(|(i, &block)| (block, i)).collect();
    let mut of_before = OfBefore {
        function: before,
        numbers,
        values: before.dfg.num_values(),
        results: BTreeMap::new(),
    };
    let source = of_before.source(&blocks, declared)?;
    let target = of_after(after, aligned, &of_before)?;
    Ok(Pair { before: source, after: target })
}

/// A result that only edges name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum EdgeResult {
    Return(u32),
    Exception(u32),
}

fn edge_result(argument: BlockArg) -> Option<EdgeResult> {
    match argument {
        BlockArg::Value(_) => None,
        BlockArg::TryCallRet(n) => Some(EdgeResult::Return(n)),
        BlockArg::TryCallExn(n) => Some(EdgeResult::Exception(n)),
    }
}

/// Returns the values that an instruction observes, with aliases resolved.
fn operands(function: &Function, inst: Inst) -> Vec<Value> {
    let dfg = &function.dfg;
    let table = dfg.insts[inst].exception_table();
    let items = table.into_iter().flat_map(|table| dfg.exception_tables[table].items());
    let contexts = items.filter_map(|item| match item {
        ExceptionTableItem::Context(context) => Some(context),
        ExceptionTableItem::Tag(..) | ExceptionTableItem::Default(_) => None,
    });
    let operands = dfg.inst_args(inst).iter().copied().chain(contexts);
    operands.map(|value| dfg.resolve_aliases(value)).collect()
}

fn kind(function: &Function, inst: Inst) -> OperationKind {
    let opcode = function.dfg.insts[inst].opcode();
    if opcode.is_safepoint() {
        OperationKind::Safepoint
    } else if is_null(function, inst) {
        OperationKind::Null
    } else if matches!(opcode, Opcode::Select | Opcode::SelectSpectreGuard) {
        OperationKind::Forwards { first: 1 }
    } else if opcode == Opcode::Bitcast {
        OperationKind::Forwards { first: 0 }
    } else {
        OperationKind::Plain
    }
}

struct OfBefore<'f> {
    function: &'f Function,
    numbers: BTreeMap<Block, usize>,
    values: usize,
    /// By instruction, the values of the results that its edges name.
    results: BTreeMap<Inst, Vec<(EdgeResult, usize)>>,
}

fn index(value: Value) -> usize {
    value.as_u32() as usize
}

impl OfBefore<'_> {
    fn source(&mut self, blocks: &[Block], declared: &[u32]) -> Result<Source, Unfit> {
        let dfg = &self.function.dfg;
        let known = declared.iter().map(|&v| Value::from_u32(v));
        let known = known.filter(|&v| dfg.value_is_valid_for_parser(v));
        let defined = self.defined(blocks);
        let declared = known.map(|v| dfg.resolve_aliases(v)).filter(|v| defined.contains(v));
        let declared: BTreeSet<usize> = declared.map(index).collect();
        let blocks = blocks.iter().map(|&block| self.block(block)).collect::<Result<_, _>>()?;
        Ok(Source { values: self.values, declared: declared.into_iter().collect(), blocks })
    }

    fn defined(&self, blocks: &[Block]) -> BTreeSet<Value> {
        let (dfg, layout) = (&self.function.dfg, &self.function.layout);
        let mut defined = BTreeSet::new();
        for &block in blocks {
            defined.extend(dfg.block_params(block));
            defined.extend(layout.block_insts(block).flat_map(|inst| dfg.inst_results(inst)));
        }
        defined
    }

    fn block(&mut self, block: Block) -> Result<SourceBlock, Unfit> {
        let function = self.function;
        let mut made = SourceBlock {
            params: function.dfg.block_params(block).iter().map(|&v| index(v)).collect(),
            ..SourceBlock::default()
        };
        for inst in function.layout.block_insts(block) {
            let mut defs: Vec<usize> =
                function.dfg.inst_results(inst).iter().map(|&v| index(v)).collect();
            let edges = edges(function, inst);
            let mut results: Vec<(EdgeResult, usize)> = Vec::new();
            for result in
                edges.iter().flat_map(|(_, args)| args).filter_map(|&arg| edge_result(arg))
            {
                if results.iter().all(|&(known, _)| known != result) {
                    results.push((result, self.values));
                    defs.push(self.values);
                    self.values += 1;
                }
            }
            made.operations.push(Operation {
                kind: kind(function, inst),
                uses: operands(function, inst).into_iter().map(index).collect(),
                defs,
            });
            for (target, arguments) in edges {
                let argument = |argument: BlockArg| match edge_result(argument) {
                    Some(result) => {
                        let found = results.iter().find(|&&(known, _)| known == result);
                        found.map(|&(_, value)| value).ok_or("no such result")
                    }
                    None => Ok(index(
                        function.dfg.resolve_aliases(argument.as_value().ok_or("no value")?),
                    )),
                };
                let arguments = arguments.into_iter().map(argument).collect::<Result<_, _>>()?;
                made.edges.push((*self.numbers.get(&target).ok_or("no such block")?, arguments));
            }
            self.results.insert(inst, results);
        }
        Ok(made)
    }
}

struct OfAfter<'f> {
    function: &'f Function,
    before: &'f OfBefore<'f>,
    aligned: &'f Aligned,
    target: Target,
    numbers: BTreeMap<Block, usize>,
    /// The number of the first spiller's slot.
    first_slot: u32,
}

fn of_after(after: &Function, aligned: &Aligned, before: &OfBefore<'_>) -> Result<Target, Unfit> {
    let runs = reachable(after);
    let blocks: Vec<Block> = after.layout.blocks().filter(|block| runs.contains(block)).collect();
    let numbers = (0..).zip(&blocks).map(|(i, &block)| (block, i)).collect();
    let first = before.function.sized_stack_slots.len();
    let slots = after.sized_stack_slots.values().skip(first);
    let slots = slots.map(|slot| StackSlot::of_spiller(slot.size)).collect();
    let target = Target { slots, ..Target::default() };
    let first_slot = u32::try_from(first).map_err(|_| "too many slots")?;
    let mut made = OfAfter { function: after, before, aligned, target, numbers, first_slot };
    for block in blocks {
        let block = made.block(block)?;
        made.target.blocks.push(block);
    }
    one_edge_each(&mut made.target.blocks)?;
    Ok(made.target)
}

/// The maximum number of blocks that are run.
const MOST_BLOCKS: usize = 1000;

/// Duplicates each split-edge block that several edges enter, so that each copy has one: otherwise
/// the oracle could not know which edge was taken.
fn one_edge_each(blocks: &mut Vec<TargetBlock>) -> Result<(), Unfit> {
    let mut entered = BTreeSet::new();
    let mut at = 0;
    while at < blocks.len() {
        for edge in 0..blocks[at].edges.len() {
            let target = blocks[at].edges[edge].0;
            if blocks[target].counterpart.is_some() || entered.insert(target) {
                continue;
            }
            if blocks.len() > MOST_BLOCKS {
                return Err("too many edges enter split-edge blocks");
            }
            blocks[at].edges[edge].0 = blocks.len();
            blocks.push(blocks[target].clone());
        }
        at += 1;
    }
    Ok(())
}

impl OfAfter<'_> {
    fn value(&mut self, value: Value) -> usize {
        let value = self.function.dfg.resolve_aliases(value);
        self.target.place(Place::Value(value.as_u32()))
    }

    fn cell(&mut self, cell: Cell) -> Result<usize, Unfit> {
        let offset = u32::try_from(cell.offset).map_err(|_| "outside of its slot")?;
        let slot = (cell.slot - self.first_slot) as usize;
        Ok(self.target.place(Place::Cell { slot, offset, size: cell.size }))
    }

    fn block(&mut self, block: Block) -> Result<TargetBlock, Unfit> {
        let function = self.function;
        let mut made = TargetBlock {
            counterpart: self.before.numbers.get(&block).copied(),
            params: function.dfg.block_params(block).iter().map(|&v| self.value(v)).collect(),
            ..TargetBlock::default()
        };
        for inst in function.layout.block_insts(block) {
            let mut acts = Vec::new();
            let mine = self.aligned.kept.get(&inst).copied();
            match self.aligned.inserted.get(&inst) {
                Some(&inserted) => self.insert(inserted, &mut acts)?,
                None => self.perform(inst, mine, &mut acts)?,
            }
            for (target, arguments) in edges(function, inst) {
                let edge = self.edge(target, &arguments, mine)?;
                made.edges.push(edge);
            }
            made.instructions.push(Instruction { performs: mine.is_some(), acts });
        }
        Ok(made)
    }

    fn insert(&mut self, inserted: Inserted, acts: &mut Vec<Act>) -> Result<(), Unfit> {
        acts.push(match inserted {
            Inserted::Address => return Ok(()),
            Inserted::Spill { value, cell, .. } => {
                Act::Move { from: self.value(value), to: self.cell(cell)? }
            }
            Inserted::Reload { result, cell, .. } => {
                Act::Move { from: self.cell(cell)?, to: self.value(result) }
            }
            Inserted::Null { result } => Act::Null { at: self.value(result) },
        });
        Ok(())
    }

    fn perform(
        &mut self,
        inst: Inst,
        mine: Option<Inst>,
        acts: &mut Vec<Act>,
    ) -> Result<(), Unfit> {
        let Some(mine) = mine else { return Ok(()) };
        for (operand, value) in (0..).zip(operands(self.function, inst)) {
            acts.push(Act::Use { operand, at: self.value(value) });
        }
        if self.function.dfg.insts[inst].opcode().is_safepoint() {
            let entries = self.function.dfg.user_stack_map_entries(inst).unwrap_or_default();
            let entries = entries.iter().filter(|entry| entry.slot.as_u32() >= self.first_slot);
            let cells = entries.map(|entry| Cell {
                slot: entry.slot.as_u32(),
                offset: entry.offset.into(),
                size: entry.ty.bytes(),
            });
            let cells: Vec<Cell> = cells.collect();
            let roots = cells.into_iter().map(|cell| self.cell(cell)).collect::<Result<_, _>>()?;
            acts.push(Act::Safepoint { roots });
        }
        let mut result = 0;
        for &value in self.function.dfg.inst_results(inst) {
            acts.push(Act::Define { result, at: self.value(value) });
            result += 1;
        }
        for &(_, value) in self.before.results.get(&mine).into_iter().flatten() {
            acts.push(Act::Define { result, at: self.on_edge(value)? });
            result += 1;
        }
        Ok(())
    }

    /// The place of a result that only edges name.
    fn on_edge(&mut self, value: usize) -> Result<usize, Unfit> {
        // Numbers that no value of either function has.
        let number = u32::try_from(value + self.function.dfg.num_values() + 1);
        Ok(self.target.place(Place::Value(number.map_err(|_| "too many values")?)))
    }

    fn edge(
        &mut self,
        target: Block,
        arguments: &[BlockArg],
        mine: Option<Inst>,
    ) -> Result<Edge, Unfit> {
        let results = mine.and_then(|mine| self.before.results.get(&mine));
        let results = results.map_or(&[][..], Vec::as_slice);
        let mut places = Vec::new();
        for &argument in arguments {
            places.push(match edge_result(argument) {
                Some(result) => {
                    let found = results.iter().find(|&&(known, _)| known == result);
                    self.on_edge(found.ok_or("no such result")?.1)?
                }
                None => self.value(argument.as_value().ok_or("no value")?),
            });
        }
        Ok((*self.numbers.get(&target).ok_or("no such block")?, places))
    }
}
