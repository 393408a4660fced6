//! The function after.

use stackmap_verifier::model::{Action, After, AfterBuilder, Block, Location, SlotData, SlotOwner};

use crate::block::Current;
use crate::line::{Line, Wrong};
use crate::lines::Lines;
use crate::name::name;
use crate::places::Places;
use crate::tables::Tables;

const EXPECTED: &str = "`slot`, `block`, `split-edge`, `performs`, `inserted`, `edge`, `leave`, \
                        or `end`";
const ACTION: &str = "an action (`use`, `define`, `move`, `null`, `clobber`, `safepoint`)";

/// Reads lines up to `end`. `None` if they end before that.
pub(crate) fn read(lines: &mut Lines<'_>, tables: &Tables) -> Result<Option<After>, Wrong> {
    let mut reader = Reader {
        builder: AfterBuilder::new(),
        tables,
        current: Current::none(),
        places: Places::default(),
        sizes: Vec::new(),
        has_block: false,
    };
    while let Some(mut line) = lines.next()? {
        let word = line.keyword(EXPECTED)?.text;
        if word == "end" {
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
    builder: AfterBuilder,
    tables: &'t Tables,
    current: Current<Location>,
    places: Places,
    /// The size of each slot.
    sizes: Vec<u32>,
    has_block: bool,
}

impl Reader<'_> {
    fn line(&mut self, line: &mut Line<'_>, keyword: &str) -> Result<(), Wrong> {
        match keyword {
            "slot" if self.has_block => Err(line.first("no slot behind the first block")),
            "slot" => self.slot(line),
            "locations" if !self.has_block => {
                self.locations(line)?;
                line.end()
            }
            "block" | "split-edge" => self.block(line, keyword == "block"),
            "performs" => self.instruction(line, true),
            "inserted" => self.instruction(line, false),
            "edge" => {
                let target = self.tables.after.read(line, "the block that the edge enters")?;
                let arguments = self.locations(line)?;
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

    fn slot(&mut self, line: &mut Line<'_>) -> Result<(), Wrong> {
        const OWNER: &str = "`spiller` or `program`, to whom the slot belongs";
        let name = name(line.name("the name of the slot")?.text);
        let size = line.number_up_to(u32::MAX, "the size of the slot in bytes")?;
        let owner = match line.keyword(OWNER)?.text {
            "spiller" => SlotOwner::Spiller,
            "program" => SlotOwner::Program,
            _ => return Err(line.unknown(OWNER)),
        };
        const ESCAPES: &str = "`escapes` or the end of the line";
        let escapes = match line.is_read() {
            true => None,
            false if line.keyword(ESCAPES)?.text == "escapes" => Some(line.origin()),
            false => return Err(line.unknown(ESCAPES)),
        };
        line.end()?;
        self.sizes.push(size);
        self.builder.slot(SlotData { name, size, owner, escapes });
        Ok(())
    }

    fn block(&mut self, line: &mut Line<'_>, has_counterpart: bool) -> Result<(), Wrong> {
        const FOR: &str = "`for` and the block before that this one is for";
        let text = name(line.name("the name of the block")?.text);
        let counterpart = match has_counterpart {
            true if line.keyword(FOR)?.text == "for" => {
                Some(Block::new(self.tables.before.read(line, "a block of the function before")?))
            }
            true => return Err(line.unknown(FOR)),
            false => None,
        };
        let params = self.locations(line)?;
        line.end()?;
        self.leave(line.number())?;
        self.has_block = true;
        self.current.begin(line.number());
        self.builder.block(text, line.origin(), counterpart, &params);
        Ok(())
    }

    fn instruction(&mut self, line: &mut Line<'_>, performs: bool) -> Result<(), Wrong> {
        self.current.item(line)?;
        self.builder.instruction(performs, line.origin());
        while line.mark(';') {
            self.action(line)?;
        }
        match line.is_read() {
            true => Ok(()),
            false => Err(line.unexpected("`;` and an action, or the end of the line")),
        }
    }

    fn action(&mut self, line: &mut Line<'_>) -> Result<(), Wrong> {
        let action = match line.keyword(ACTION)?.text {
            "use" => {
                let operand = line.number_up_to(u32::MAX, "the number of the operand")?;
                Action::Use { operand, at: self.location(line)? }
            }
            "define" => {
                let result = line.number_up_to(u32::MAX, "the number of the result")?;
                Action::Define { result, at: self.location(line)? }
            }
            "move" => {
                let from = self.location(line)?;
                if !line.arrow() {
                    return Err(line.unexpected("`->` and the location to which it is moved"));
                }
                Action::Move { from, to: self.location(line)? }
            }
            "null" => Action::Null { at: self.location(line)? },
            "clobber" => Action::Clobber { at: self.location(line)? },
            "safepoint" => {
                let roots = self.locations(line)?;
                self.builder.safepoint(&roots);
                return Ok(());
            }
            _ => return Err(line.unknown(ACTION)),
        };
        self.builder.action(action);
        Ok(())
    }

    fn location(&mut self, line: &mut Line<'_>) -> Result<Location, Wrong> {
        self.places.one(line, &self.tables.slots, &self.sizes, &mut self.builder)
    }

    fn locations(&mut self, line: &mut Line<'_>) -> Result<Vec<Location>, Wrong> {
        self.places.all(line, &self.tables.slots, &self.sizes, &mut self.builder)
    }

    /// Adds the exit of the current block, which ends before this line.
    fn leave(&mut self, line: u32) -> Result<(), Wrong> {
        if let Some(edges) = self.current.finish(line)? {
            self.builder.leave(edges.iter().map(|(target, places)| (*target, places.as_slice())));
        }
        Ok(())
    }
}
