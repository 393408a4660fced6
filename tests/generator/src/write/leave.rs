//! The terminators of blocks.

use super::{Body, Writer, list};
use crate::types::Type;

/// The results of a call that exist on an edge, and their names there.
#[derive(Clone, Copy)]
struct Given<'t> {
    prefix: &'static str,
    types: &'t [Type],
}

const NOTHING: Given<'_> = Given { prefix: "", types: &[] };

/// The values that an exception carries under both conventions.
const EXCEPTION: Given<'_> = Given { prefix: "exn", types: &[Type::I64, Type::I64] };

impl Writer<'_, '_> {
    pub(super) fn leave(&mut self, body: &mut Body) {
        let successors = self.shape.successors[body.block].clone();
        match successors.as_slice() {
            [] => self.end(body),
            _ if self.dice.chance(30) => self.try_call(body, &successors),
            &[to] if !self.dice.chance(15) => {
                let edge = self.edge(body, to, NOTHING);
                self.line(body, format!("jump {edge}"));
            }
            &[one, other] if !self.dice.chance(20) => {
                let one = self.edge(body, one, NOTHING);
                let other = self.edge(body, other, NOTHING);
                self.line(body, format!("brif v0, {one}, {other}"));
            }
            _ => {
                let edges = successors.iter().map(|&to| self.edge(body, to, NOTHING));
                let edges: Vec<String> = edges.collect();
                let (default, table) = (&edges[0], edges[1..].join(", "));
                self.line(body, format!("br_table v0, {default}, [{table}]"));
                self.note(body, "br_table");
            }
        }
    }

    fn end(&mut self, body: &mut Body) {
        if self.dice.chance(10) {
            self.note(body, "trap");
            return self.line(body, "trap user1".to_owned());
        }
        // Only this convention has tail calls.
        if self.convention == "tail" && self.dice.chance(40) {
            let args = self.any_values(body, 4);
            let signature = self.signature(&args, &self.returns.clone());
            self.note(body, "return_call");
            return self.line(body, format!("return_call fn{signature}({})", list(&args)));
        }
        let returns = self.returns.clone();
        let returned: Vec<usize> = returns.into_iter().map(|t| self.find(body, t)).collect();
        self.line(body, format!("return {}", list(&returned)).trim_end().to_owned());
    }

    /// Returns an edge as `block2(v1, ret0)`. Constants that it passes are written here, so the
    /// line that contains the edge must be written afterwards.
    fn edge(&mut self, body: &mut Body, to: usize, given: Given<'_>) -> String {
        let mut args = Vec::new();
        for param in self.blocks[to].params.clone() {
            let r#type = self.types[param];
            let fitting: Vec<usize> =
                (0..given.types.len()).filter(|&i| given.types[i] == r#type).collect();
            match self.dice.pick(&fitting) {
                Some(result) if self.dice.chance(60) => {
                    self.note(body, "result on an edge");
                    args.push(format!("{}{result}", given.prefix));
                }
                Some(_) | None => {
                    let arg = self.find(body, r#type);
                    self.copied(arg, param);
                    args.push(format!("v{arg}"));
                }
            }
        }
        match args.is_empty() {
            true => format!("block{to}"),
            false => format!("block{to}({})", args.join(", ")),
        }
    }

    /// The call returns to the first successor; the others handle exceptions. The arguments of
    /// the edges are copied after the call.
    fn try_call(&mut self, body: &mut Body, successors: &[usize]) {
        let mut returns = self.any_types(2);
        // The types that the successor takes, if it takes any.
        let wanted: Vec<Type> =
            self.blocks[successors[0]].params.iter().map(|&param| self.types[param]).collect();
        returns.extend(self.dice.pick(&wanted));
        let normal = Given { prefix: "ret", types: &returns };
        let normal = self.edge(body, successors[0], normal);
        let mut items = Vec::new();
        if self.dice.chance(20) {
            items.push("context v1".to_owned());
            self.note(body, "exception context");
        }
        for (tag, &to) in successors.iter().enumerate().skip(1) {
            let edge = self.edge(body, to, EXCEPTION);
            // At most one, and at the end.
            match tag + 1 == successors.len() && self.dice.chance(50) {
                true => items.push(format!("default: {edge}")),
                false => items.push(format!("tag{tag}: {edge}")),
            }
        }
        if successors.iter().any(|&to| !self.blocks[to].params.is_empty()) {
            self.note(body, "value past a try_call");
        }
        let args = self.any_values(body, 4);
        let signature = self.signature(&args, &returns);
        let (args, items) = (list(&args), items.join(", "));
        let items = if items.is_empty() { "[]".to_owned() } else { format!("[ {items} ]") };
        let call = match self.dice.chance(25) {
            true => {
                self.note(body, "try_call_indirect");
                format!("try_call_indirect v1({args}), sig{signature}, {normal}, {items}")
            }
            false => format!("try_call fn{signature}({args}), sig{signature}, {normal}, {items}"),
        };
        self.note(body, "try_call");
        self.line(body, call);
    }
}
