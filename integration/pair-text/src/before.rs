//! The function before.

use stackmap_verifier::model::{Before, BeforeBuilder, Block, OperationKind, Value};

use crate::block::{Current, Edges};
use crate::line::{Line, Wrong};
use crate::lines::Lines;
use crate::name::name;
use crate::tables::Tables;

const EXPECTED: &str = "`block`, an operation (`plain`, `forwards`, `safepoint`, `null`), `edge`, \
                        `leave`, or `after`";

/// Reads lines up to `after`. `None` if they end before that.
pub(crate) fn read(lines: &mut Lines<'_>, tables: &Tables) -> Result<Option<Before>, Wrong> {
    let mut builder = BeforeBuilder::new();
    for value in tables.values.names() {
        builder.value(name(value));
    }
    let mut reader = Reader { builder, tables, current: Current::none(), has_block: false };
    while let Some(mut line) = lines.next()? {
        let word = line.keyword(EXPECTED)?.text;
        if word == "after" {
            line.end()?;
            if !reader.has_block {
                return Err(line.first("a block"));
            }
            reader.leave(line.number())?;
            return Ok(Some(reader.builder.finish()));
        }
        reader.line(&mut line, word)?;
    }
    Ok(None)
}

struct Reader<'t> {
    builder: BeforeBuilder,
    tables: &'t Tables,
    current: Current<Value>,
    has_block: bool,
}

impl Reader<'_> {
    fn line(&mut self, line: &mut Line<'_>, keyword: &str) -> Result<(), Wrong> {
        match keyword {
            "values" if !self.has_block => {
                self.values(line)?;
                line.end()
            }
            "block" => self.block(line),
            "plain" => self.operation(OperationKind::Plain, line),
            "safepoint" => self.operation(OperationKind::Safepoint, line),
            "null" => self.operation(OperationKind::Null, line),
            "forwards" => {
                let first = line.number_up_to(
                    u8::MAX.into(),
                    "the number of the first operand that may be the result, such as 0",
                )?;
                let first = u8::try_from(first).unwrap_or(u8::MAX);
                self.operation(OperationKind::Forwards { first }, line)
            }
            "edge" => {
                let target = self.tables.before.read(line, "the block that the edge enters")?;
                let arguments = self.values(line)?;
                line.end()?;
                self.current.edge(line, Block::new(target), arguments)
            }
            "leave" => {
                line.end()?;
                self.current.leave(line)
            }
            _ => Err(line.unknown(EXPECTED)),
        }
    }

    fn block(&mut self, line: &mut Line<'_>) -> Result<(), Wrong> {
        let text = name(line.name("the name of the block")?.text);
        let params = self.values(line)?;
        line.end()?;
        self.leave(line.number())?;
        self.has_block = true;
        self.current.begin(line.number());
        self.builder.block(text, line.origin(), &params);
        Ok(())
    }

    fn operation(&mut self, kind: OperationKind, line: &mut Line<'_>) -> Result<(), Wrong> {
        let uses = self.values(line)?;
        let defs = if line.arrow() { self.values(line)? } else { Vec::new() };
        line.end()?;
        self.current.item(line)?;
        self.builder.operation(kind, &uses, &defs, line.origin());
        Ok(())
    }

    /// Reads values as long as there are any.
    fn values(&self, line: &mut Line<'_>) -> Result<Vec<Value>, Wrong> {
        values(line, self.tables)
    }

    /// Adds the exit of the current block, which ends before this line.
    fn leave(&mut self, line: u32) -> Result<(), Wrong> {
        let edges: Option<Edges<Value>> = self.current.finish(line)?;
        if let Some(edges) = edges {
            self.builder.leave(edges.iter().map(|(target, values)| (*target, values.as_slice())));
        }
        Ok(())
    }
}

/// Reads values as long as there are any.
pub(crate) fn values(line: &mut Line<'_>, tables: &Tables) -> Result<Vec<Value>, Wrong> {
    let mut values = Vec::new();
    while line.is_name() {
        values.push(Value::new(tables.values.read(line, "a value")?));
    }
    Ok(values)
}
