//! Reads models and certificates in the format of `docs/certificates.md`.

use stackmap_oracle::program::Built;
use stackmap_verifier::Collector;
use stackmap_verifier::certificate::{Certificate, Claim, Entry, Fact, Otherwise, Reference};
use stackmap_verifier::model::{
    Action, AfterBuilder, BeforeBuilder, Block, Cell, EdgeIndex, Location, LocationKind, Name,
    OperationKind, Origin, Slot, SlotData, SlotOwner, Value,
};

/// A function with one certificate.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// The pair.
    pub pair: Built,
    /// The kind of the collector.
    pub collector: Collector,
    /// The certificate.
    pub certificate: Certificate,
    /// Whether the certificate is said to be accepted.
    pub is_accepted: bool,
}

/// Returns the functions in a text, in which each has one certificate.
///
/// # Errors
///
/// The number of the first line that cannot be read, from 1, and the line.
pub fn functions(text: &str) -> Result<Vec<Function>, String> {
    let mut functions = Vec::new();
    let mut reader = Reader::default();
    for (i, line) in text.lines().enumerate().skip(1) {
        let (words, numbers) = split(line);
        let is_known = match words.as_slice() {
            ["function", collector, name @ ..] => {
                reader = Reader::default();
                reader.is_moving = *collector == "moving";
                reader.name = name.join(" ");
                true
            }
            [answer @ ("accepted" | "rejected")] => {
                functions.push(std::mem::take(&mut reader).finish(*answer == "accepted"));
                true
            }
            _ => reader.line(&words, &numbers).is_some(),
        };
        if !is_known {
            return Err(format!("line {}: {line}", i + 1));
        }
    }
    Ok(functions)
}

/// Returns the words of a line, and the numbers behind them.
fn split(line: &str) -> (Vec<&str>, Vec<usize>) {
    let words: Vec<&str> = line.split(' ').collect();
    let is_name = words.first() == Some(&"function");
    let numbers = words.iter().rev().take_while(|word| !is_name && word.parse::<usize>().is_ok());
    let (count, at) = (numbers.count(), words.len());
    let numbers = words[at - count..].iter().filter_map(|word| word.parse().ok()).collect();
    (words[..at - count].to_vec(), numbers)
}

/// What has been read of a function.
#[derive(Default)]
struct Reader {
    name: String,
    is_moving: bool,
    values: usize,
    declared: Vec<Value>,
    before: BeforeBuilder,
    after: AfterBuilder,
    is_after: bool,
    operation: Option<(OperationKind, Vec<Value>)>,
    edges: Vec<(Block, Vec<usize>)>,
    certificate: Certificate,
}

const ORIGIN: Origin = Origin { line: 1, column: 1, length: 1 };

fn name(prefix: &'static str, number: usize) -> Name {
    Name::Numbered(prefix, u32::try_from(number).unwrap_or(u32::MAX))
}

fn size(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Reader {
    /// These values, each of which exists from here on.
    fn values(&mut self, numbers: &[usize]) -> Vec<Value> {
        for &number in numbers {
            while self.values <= number {
                self.before.value(name("v", self.values));
                self.values += 1;
            }
        }
        numbers.iter().copied().map(Value::new).collect()
    }

    fn line(&mut self, words: &[&str], numbers: &[usize]) -> Option<()> {
        match words[0] {
            "declared" => self.declared = self.values(numbers),
            "slot" => self.slot(words, *numbers.first()?)?,
            "cell" => {
                let [slot, offset, bytes] = *numbers else { return None };
                let (slot, offset, size) = (Slot::new(slot), size(offset), size(bytes));
                self.after.location(LocationKind::Cell(Cell { slot, offset, size }));
            }
            "place" => {
                self.after.location(LocationKind::Register(name("p", *numbers.first()?)));
            }
            "before" => {
                let params = self.values(numbers);
                self.before.block(name("block", 0), ORIGIN, &params);
            }
            "operation" => {
                let kind = kind(words.get(1)?)?;
                self.operation = Some((kind, self.values(numbers)));
            }
            "defines" => {
                let (kind, uses) = self.operation.take()?;
                let defs = self.values(numbers);
                self.before.operation(kind, &uses, &defs, ORIGIN);
            }
            "edge" => {
                let (&target, arguments) = numbers.split_first()?;
                self.edges.push((Block::new(target), arguments.to_vec()));
            }
            "ends" => self.leave(),
            "after" => {
                let (&counterpart, params) = numbers.split_first()?;
                self.block(Some(Block::new(counterpart)), params);
            }
            "split-edge" => self.block(None, numbers),
            "performs" => drop(self.after.instruction(true, ORIGIN)),
            "inserted" => drop(self.after.instruction(false, ORIGIN)),
            "collect" => self.after.safepoint(&places(numbers)),
            "certificate" => self.certificate = Certificate::default(),
            "reference" | "entry" | "pending" | "means-null" | "claim" => {
                return self.certify(words, numbers);
            }
            action => self.after.action(self::action(action, numbers)?),
        }
        Some(())
    }

    fn slot(&mut self, words: &[&str], bytes: usize) -> Option<()> {
        let (owner, escapes) = match words {
            ["slot", "program", known] => (SlotOwner::Program, *known == "escapes"),
            ["slot", "spiller", known] => (SlotOwner::Spiller, *known == "escapes"),
            _ => return None,
        };
        let escapes = escapes.then_some(ORIGIN);
        self.after.slot(SlotData { name: name("ss", 0), size: size(bytes), owner, escapes });
        Some(())
    }

    fn block(&mut self, counterpart: Option<Block>, params: &[usize]) {
        self.is_after = true;
        self.after.block(name("block", 0), ORIGIN, counterpart, &places(params));
    }

    fn leave(&mut self) {
        let edges = std::mem::take(&mut self.edges);
        if self.is_after {
            let edges = edges.iter().map(|(target, at)| (*target, places(at)));
            let edges: Vec<_> = edges.collect();
            self.after.leave(edges.iter().map(|(target, at)| (*target, at.as_slice())));
        } else {
            let edges = edges.iter().map(|(target, numbers)| (*target, self.values(numbers)));
            let edges: Vec<_> = edges.collect();
            self.before.leave(edges.iter().map(|(target, values)| (*target, values.as_slice())));
        }
    }

    fn certify(&mut self, words: &[&str], numbers: &[usize]) -> Option<()> {
        let certificate = &mut self.certificate;
        match (words, numbers) {
            (["reference", always @ ("always" | "sometimes")], &[value]) => {
                let (value, always) = (Value::new(value), *always == "always");
                certificate.references.push(Reference { value, always });
            }
            (["entry"], &[block]) => {
                let (block, nulls, claims) = (Block::new(block), Vec::new(), Vec::new());
                certificate.blocks.push(Entry { block, pending: None, nulls, claims });
            }
            (["pending"], &[block, edge]) => {
                let pending = (Block::new(block), EdgeIndex::new(edge));
                certificate.blocks.last_mut()?.pending = Some(pending);
            }
            (["means-null"], &[value]) => {
                certificate.blocks.last_mut()?.nulls.push(Value::new(value));
            }
            (["claim", at, otherwise], values) => {
                let otherwise = match *otherwise {
                    "or-nothing" => Otherwise::Nothing,
                    "or-null" => Otherwise::Null,
                    "or-reference" => Otherwise::Reference,
                    _ => return None,
                };
                let values = values.iter().copied().map(Value::new).collect();
                let (at, fact) = (Location::new(at.parse().ok()?), Fact { values, otherwise });
                certificate.blocks.last_mut()?.claims.push(Claim { at, fact });
            }
            _ => return None,
        }
        Some(())
    }

    /// The function, with its certificate.
    fn finish(self, is_accepted: bool) -> Function {
        let Reader { name, certificate, declared, is_moving, .. } = self;
        let (before, after) = (self.before.finish(), self.after.finish());
        let pair = Built { before, declared, after };
        let collector = if is_moving { Collector::Moving } else { Collector::NonMoving };
        Function { name, pair, collector, certificate, is_accepted }
    }
}

fn places(numbers: &[usize]) -> Vec<Location> {
    numbers.iter().copied().map(Location::new).collect()
}

fn kind(word: &str) -> Option<OperationKind> {
    Some(match word {
        "plain" => OperationKind::Plain,
        "safepoint" => OperationKind::Safepoint,
        "null" => OperationKind::Null,
        _ => {
            let first = word.strip_prefix("forwards-from-")?.parse().ok()?;
            OperationKind::Forwards { first }
        }
    })
}

fn action(word: &str, numbers: &[usize]) -> Option<Action> {
    let at = Location::new(*numbers.last()?);
    Some(match (word, numbers) {
        ("use", &[operand, _]) => Action::Use { operand: size(operand), at },
        ("define", &[result, _]) => Action::Define { result: size(result), at },
        ("move", &[from, _]) => Action::Move { from: Location::new(from), to: at },
        ("null", &[_]) => Action::Null { at },
        ("clobber", &[_]) => Action::Clobber { at },
        _ => return None,
    })
}
