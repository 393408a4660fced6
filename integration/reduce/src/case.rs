//! A case: the function before spilling and the function after it, instruction by instruction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::scan::{value, words};
use crate::sides::{Side, Sides};
use crate::signature::Signature;
use crate::statement::Statement;

/// What is reduced: two functions that a spiller took from one another, or one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What stands in front of the blocks.
    pub(crate) heads: Sides<Head>,
    /// The blocks, in the order of the function after, if there is one.
    pub(crate) blocks: Vec<Block>,
    /// The values that are declared to be references.
    pub(crate) declared: Vec<u32>,
    /// The types of values, as far as they are known.
    pub(crate) types: Arc<BTreeMap<u32, String>>,
}

/// What stands in front of the blocks of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) signature: Signature,
    /// Stack slots, by number, as declared.
    pub(crate) slots: Vec<(u32, String)>,
    /// The other declarations: names, and what they stand for.
    pub(crate) declarations: Vec<(String, String)>,
    /// Aliases, and the values that they stand for.
    pub(crate) aliases: Vec<(u32, u32)>,
}

/// A block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    pub(crate) number: u32,
    pub(crate) heads: Sides<BlockHead>,
    pub(crate) rows: Vec<Row>,
}

/// The header of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BlockHead {
    pub(crate) params: Vec<u32>,
    pub(crate) is_cold: bool,
}

/// An instruction of the function before, and the one of the function after that does the same. What
/// the spiller inserted is in the function after only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// A number that stays the same while other rows go.
    pub(crate) id: u32,
    pub(crate) sides: Sides<Statement>,
}

impl Row {
    /// Returns the instruction that decides what the program does.
    pub(crate) fn main(&self) -> Option<&Statement> {
        self.sides.main()
    }

    /// Returns whether it ends its block.
    pub(crate) fn is_terminator(&self) -> bool {
        self.main().is_some_and(Statement::is_terminator)
    }
}

impl Case {
    /// Returns whether there is a function before.
    pub(crate) fn has_before(&self) -> bool {
        self.heads.before.is_some()
    }

    /// Returns the side that decides what the program does.
    pub(crate) fn main_side(&self) -> Side {
        if self.has_before() { Side::Before } else { Side::After }
    }

    /// Returns all rows.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.blocks.iter().flat_map(|block| &block.rows)
    }

    /// Returns all rows, to be changed.
    pub(crate) fn rows_mut(&mut self) -> impl Iterator<Item = &mut Row> {
        self.blocks.iter_mut().flat_map(|block| &mut block.rows)
    }

    /// Returns the instructions of one function.
    pub(crate) fn statements(&self, side: Side) -> impl Iterator<Item = &Statement> {
        self.rows().filter_map(move |row| row.sides.of(side))
    }

    /// Returns all instructions, of both functions.
    pub(crate) fn statements_mut(&mut self) -> impl Iterator<Item = &mut Statement> {
        self.rows_mut().flat_map(|row| row.sides.iter_mut())
    }

    /// Returns the entry block.
    pub(crate) fn entry(&self) -> Option<&Block> {
        let side = self.main_side();
        self.blocks.iter().find(|block| block.heads.of(side).is_some())
    }

    /// Returns whether a row is in the function after only, where there are two.
    pub(crate) fn is_inserted(&self, row: &Row) -> bool {
        self.has_before() && row.sides.before.is_none()
    }

    /// Returns the values that something reads, of either function, aliases followed.
    pub(crate) fn used(&self) -> BTreeSet<u32> {
        let mut used = BTreeSet::new();
        for side in Side::BOTH {
            let Some(head) = self.heads.of(side) else { continue };
            let aliases: BTreeMap<u32, u32> = head.aliases.iter().copied().collect();
            for value in self.statements(side).flat_map(Statement::values) {
                used.insert(value);
                used.extend(aliases.get(&value));
            }
        }
        used
    }

    /// Returns the values that the program defines, aliases included.
    pub(crate) fn defined(&self) -> BTreeSet<u32> {
        let side = self.main_side();
        let heads = self.blocks.iter().filter_map(|block| block.heads.of(side));
        let mut defined: BTreeSet<u32> = heads.flat_map(|head| head.params.clone()).collect();
        defined.extend(self.statements(side).flat_map(|statement| statement.results.clone()));
        let aliases = self.heads.of(side).into_iter().flat_map(|head| &head.aliases);
        defined.extend(aliases.map(|(alias, _)| alias));
        defined
    }

    /// Returns a number that no value has.
    pub(crate) fn fresh(&self) -> u32 {
        let largest = self.types.keys().next_back().copied();
        let mut numbers = self
            .rows()
            .flat_map(|row| row.sides.iter())
            .flat_map(|statement| statement.results.iter().copied().chain(statement.values()));
        let used = numbers.by_ref().max();
        largest.max(used).map_or(0, |largest| largest + 1)
    }

    /// Replaces a value by another wherever it is read, in one function.
    pub(crate) fn substitute(&mut self, side: Side, from: u32, to: u32) {
        for row in self.rows_mut() {
            for value in row.sides.of_mut(side).into_iter().flat_map(Statement::values_mut) {
                if *value == from {
                    *value = to;
                }
            }
        }
        for (_, target) in self.heads.of_mut(side).into_iter().flat_map(|head| &mut head.aliases) {
            if *target == from {
                *target = to;
            }
        }
    }

    /// Drops what has no meaning any more: aliases of values that are gone, declarations of values
    /// that are gone.
    pub(crate) fn tidy(&mut self) {
        let defined = self.defined();
        for head in self.heads.iter_mut() {
            head.aliases.retain(|(_, target)| defined.contains(target));
        }
        let defined = self.defined();
        self.declared.retain(|value| defined.contains(value));
    }

    /// Returns how large it is: lines of the function that decides, lines and characters of both.
    pub(crate) fn size(&self) -> (usize, usize, usize) {
        let texts = self.heads.map(|_| ());
        let (mut lines, mut all, mut characters) = (0, 0, self.declared.len());
        for side in Side::BOTH {
            if texts.of(side).is_none() {
                continue;
            }
            let text = self.text(side).text;
            let count = text.lines().count();
            if side == self.main_side() {
                lines = count;
            }
            all += count;
            characters += text.len();
        }
        (lines, all, characters)
    }

    /// Returns the number of lines of the function before, or of the only one.
    pub fn lines(&self) -> usize {
        self.size().0
    }

    /// Returns the function's name.
    pub fn name(&self) -> &str {
        self.heads.main().map_or("", |head| &head.name)
    }

    /// Returns the values that are declared to be references.
    pub fn declared(&self) -> &[u32] {
        &self.declared
    }
}

/// Returns the number of a declared entity's name, if it is of this kind: of `fn3`, for `fn`.
pub(crate) fn numbered(word: &str, kind: &str) -> Option<u32> {
    match kind {
        "v" => value(word),
        _ => word.strip_prefix(kind)?.parse().ok(),
    }
}

/// Returns the name of a slot, `ss3`.
pub(crate) fn slot_name(number: u32) -> String {
    format!("ss{number}")
}

/// Returns the number of the first slot that an instruction names.
pub(crate) fn named_slot(statement: &Statement) -> Option<u32> {
    statement.texts().flat_map(words).find_map(|word| numbered(word, "ss"))
}
