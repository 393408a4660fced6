//! Pairs as text, for people.

use std::fmt;

use stackmap_verifier::model::OperationKind;

use crate::program::{Act, Pair, Place, Target};

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "before, declared {}", list("v", &self.before.declared))?;
        for (i, block) in self.before.blocks.iter().enumerate() {
            writeln!(f, "block{i}({}):", list("v", &block.params))?;
            for operation in &block.operations {
                let kind = match operation.kind {
                    OperationKind::Plain => "plain",
                    OperationKind::Forwards { first: 0 } => "forwards",
                    OperationKind::Forwards { .. } => "select",
                    OperationKind::Safepoint => "call",
                    OperationKind::Null => "null",
                };
                let (defs, uses) = (list("v", &operation.defs), list("v", &operation.uses));
                writeln!(f, "    {defs} = {kind} {uses}")?;
            }
            for (to, args) in &block.edges {
                writeln!(f, "    -> block{to}({})", list("v", args))?;
            }
        }
        writeln!(f, "after")?;
        for (i, slot) in self.after.slots.iter().enumerate() {
            let escapes = if slot.escapes { ", escapes" } else { "" };
            writeln!(f, "ss{i}: {} bytes, {:?}'s{escapes}", slot.size, slot.owner)?;
        }
        self.after.fmt(f)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |&p: &usize| match self.places[p] {
            Place::Value(n) => format!("x{n}"),
            Place::Register(n) => format!("r{n}"),
            Place::Cell { slot, offset, size } => format!("ss{slot}[{offset}..+{size}]"),
        };
        let places = |list: &[usize]| list.iter().map(place).collect::<Vec<_>>().join(", ");
        for (i, block) in self.blocks.iter().enumerate() {
            write!(f, "after{i}({}) ", places(&block.params))?;
            match block.counterpart {
                Some(counterpart) => writeln!(f, "= block{counterpart}:")?,
                None => writeln!(f, "split edge:")?,
            }
            for instruction in &block.instructions {
                write!(f, "    {}", if instruction.performs { "perform" } else { "own" })?;
                for act in &instruction.acts {
                    match act {
                        Act::Use { operand, at } => write!(f, "; use {operand} at {}", place(at))?,
                        Act::Define { result, at } => {
                            write!(f, "; define {result} at {}", place(at))?;
                        }
                        Act::Move { from, to } => write!(f, "; {} := {}", place(to), place(from))?,
                        Act::Null { at } => write!(f, "; {} := null", place(at))?,
                        Act::Clobber { at } => write!(f, "; clobber {}", place(at))?,
                        Act::Safepoint { roots } => write!(f, "; safepoint [{}]", places(roots))?,
                    }
                }
                writeln!(f)?;
            }
            for (to, args) in &block.edges {
                writeln!(f, "    -> after{to}({})", places(args))?;
            }
        }
        Ok(())
    }
}

fn list(prefix: &str, numbers: &[usize]) -> String {
    numbers.iter().map(|n| format!("{prefix}{n}")).collect::<Vec<_>>().join(", ")
}
