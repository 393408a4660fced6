//! Finds the instructions of two functions that are the same.

use std::collections::{BTreeSet, VecDeque};

use stackmap_clif::opcode::Class;

use crate::case::{Block, BlockHead, Row, named_slot};
use crate::sides::Sides;
use crate::statement::{Piece, Statement};

/// The blocks of a function: number, header and instructions.
pub(crate) type Body = Vec<(u32, BlockHead, Vec<Statement>)>;

/// Joins the blocks of two functions, in the order of the function after. `program_slots` are the
/// slots that the function before has: accesses of others were inserted.
pub(crate) fn aligned(bodies: Sides<Body>, program_slots: &BTreeSet<u32>) -> Vec<Block> {
    let Sides { before, after } = bodies;
    let mut joined = Joined { rows: 0, program_slots, addresses: BTreeSet::new() };
    let (Some(mut before), Some(after)) = (before.clone(), after.clone()) else {
        let is_before = before.is_some();
        let only = before.or(after).unwrap_or_default();
        return only.into_iter().map(|block| joined.alone(block, is_before)).collect();
    };
    let mut blocks = Vec::new();
    for (number, head, statements) in after {
        let Some(same) = before.iter().position(|block| block.0 == number) else {
            blocks.push(joined.alone((number, head, statements), false));
            continue;
        };
        let (_, before_head, before_statements) = before.remove(same);
        let rows = joined.rows_of(before_statements, statements);
        blocks.push(Block {
            number,
            heads: Sides { before: Some(before_head), after: Some(head) },
            rows,
        });
    }
    blocks.extend(before.into_iter().map(|block| joined.alone(block, true)));
    blocks
}

struct Joined<'s> {
    /// The number of rows so far.
    rows: u32,
    program_slots: &'s BTreeSet<u32>,
    /// The addresses of slots that the spiller uses.
    addresses: BTreeSet<u32>,
}

impl Joined<'_> {
    fn row(&mut self, before: Option<Statement>, after: Option<Statement>) -> Row {
        self.rows += 1;
        Row { id: self.rows, sides: Sides { before, after } }
    }

    /// Returns a block that only one function has.
    fn alone(&mut self, block: (u32, BlockHead, Vec<Statement>), is_before: bool) -> Block {
        let (number, head, statements) = block;
        let rows = statements.into_iter().map(|statement| match is_before {
            true => self.row(Some(statement), None),
            false => self.row(None, Some(statement)),
        });
        let rows = rows.collect();
        let heads = match is_before {
            true => Sides { before: Some(head), after: None },
            false => Sides { before: None, after: Some(head) },
        };
        Block { number, heads, rows }
    }

    /// Joins the instructions of a block.
    fn rows_of(&mut self, before: Vec<Statement>, after: Vec<Statement>) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut before = VecDeque::from(before);
        for statement in after {
            let same = match self.is_inserted(&statement) {
                true => None,
                false => before.iter().position(|other| other.is_same_operation(&statement)),
            };
            let Some(same) = same else {
                rows.push(self.row(None, Some(statement)));
                continue;
            };
            // What the function after lacks stands in front of what both have.
            rows.extend(before.drain(..same).map(|missing| self.row(Some(missing), None)));
            rows.push(self.row(before.pop_front(), Some(statement)));
        }
        rows.extend(before.into_iter().map(|missing| self.row(Some(missing), None)));
        rows
    }

    /// Returns whether an instruction accesses a slot that the function before does not have.
    fn is_inserted(&mut self, statement: &Statement) -> bool {
        let slot = named_slot(statement);
        let is_new = slot.is_some_and(|slot| !self.program_slots.contains(&slot));
        match statement.class {
            Class::StackAddr if is_new => {
                self.addresses.extend(&statement.results);
                true
            }
            Class::StackLoad | Class::StackStore => is_new,
            Class::Load(_) | Class::Store(_) => {
                let address = statement.pieces.iter().rev().find_map(|piece| match piece {
                    Piece::Value(value) => Some(value),
                    Piece::Text(_) | Piece::List(_) | Piece::Edge(_) => None,
                });
                address.is_some_and(|address| self.addresses.contains(address))
            }
            Class::StackAddr
            | Class::Compute
            | Class::Bitcast
            | Class::Select
            | Class::Other
            | Class::Unknown
            | Class::NamesBlock
            | Class::Call
            | Class::CallIndirect
            | Class::Switch
            | Class::TryCall
            | Class::TryCallIndirect
            | Class::ReturnCall
            | Class::ReturnCallIndirect
            | Class::Jump
            | Class::Branch
            | Class::BranchTable
            | Class::Exit => false,
        }
    }
}
