//! The before program as text.

use std::fmt::{self, Display, Formatter};

use super::list;
use super::words::Words;
use crate::model::{Before, Block, OperationId, OperationKind, Value};

impl Before {
    /// Returns the word by which each value is written, in id order: its name, in quotation
    /// marks if necessary. A name that an earlier value has gets a number: `v1~2`.
    pub fn value_words(&self) -> Vec<String> {
        self.words().into_all()
    }

    fn words(&self) -> Words {
        let values = (0..self.value_count()).map(Value::new);
        Words::new(values.map(|value| self.value_name(value)))
    }
}

/// Writes the blocks, each with its operations and edges, as in `docs/pairs.md`.
impl Display for Before {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let blocks = || (0..self.block_count()).map(Block::new);
        let text = Text {
            before: self,
            values: self.words(),
            blocks: Words::new(blocks().map(|block| self.block_name(block))),
        };
        if !is_in_order(self) {
            list(f, "values", &self.value_words())?;
        }
        blocks().try_for_each(|block| text.block(f, block))
    }
}

/// Whether values are defined in the order of their ids, and all of them are.
fn is_in_order(before: &Before) -> bool {
    let defined = (0..before.block_count()).map(Block::new).flat_map(|block| {
        let operations = before.operations(block);
        let defs = operations.flat_map(|id| before.operation(id).defs);
        before.params(block).iter().chain(defs)
    });
    defined.map(|value| value.index()).eq(0..before.value_count())
}

struct Text<'a> {
    before: &'a Before,
    values: Words,
    blocks: Words,
}

impl Text<'_> {
    fn block(&self, f: &mut Formatter<'_>, block: Block) -> fmt::Result {
        write!(f, "block {}", self.blocks.get(block.index(), block))?;
        self.list(f, self.before.params(block))?;
        writeln!(f)?;
        self.before.operations(block).try_for_each(|id| self.operation(f, id))?;
        for edge in self.before.edges(block) {
            write!(f, "  edge {}", self.blocks.get(edge.target.index(), edge.target))?;
            self.list(f, edge.arguments)?;
            writeln!(f)?;
        }
        match self.before.is_terminated(block) && self.before.edges(block).len() == 0 {
            true => writeln!(f, "  leave"),
            false => Ok(()),
        }
    }

    fn operation(&self, f: &mut Formatter<'_>, id: OperationId) -> fmt::Result {
        let operation = self.before.operation(id);
        match operation.kind {
            OperationKind::Plain => write!(f, "  plain")?,
            OperationKind::Forwards { first } => write!(f, "  forwards {first}")?,
            OperationKind::Safepoint => write!(f, "  safepoint")?,
            OperationKind::Null => write!(f, "  null")?,
        }
        self.list(f, operation.uses)?;
        if !operation.defs.is_empty() {
            write!(f, " ->")?;
            self.list(f, operation.defs)?;
        }
        writeln!(f)
    }

    fn list(&self, f: &mut Formatter<'_>, values: &[Value]) -> fmt::Result {
        values.iter().try_for_each(|&value| write!(f, " {}", self.values.get(value.index(), value)))
    }
}
