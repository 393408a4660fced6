//! Instructions, taken apart as far as a reduction changes them.

use std::fmt;

use stackmap_clif::opcode::Class;

/// An instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Statement {
    /// The source location and debug tags in front of it, as written.
    pub(crate) annotation: String,
    /// The values that it defines.
    pub(crate) results: Vec<u32>,
    /// The opcode, with its type.
    pub(crate) opcode: String,
    /// The class of the opcode.
    pub(crate) class: Class,
    /// The text behind the opcode.
    pub(crate) pieces: Vec<Piece>,
    /// The entries of its stack map, `i32 @ ss0+0`.
    pub(crate) entries: Vec<String>,
}

/// A part of an instruction's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Text that names no value and no block to branch to.
    Text(String),
    /// A value.
    Value(u32),
    /// The arguments of a call or the results of a `return`, separated by commas.
    List(Vec<u32>),
    /// An edge to a block.
    Edge(Edge),
}

/// An edge to a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) target: u32,
    pub(crate) arguments: Vec<Argument>,
}

/// What an edge passes to a block parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Argument {
    /// A value.
    Value(u32),
    /// `ret0` or `exn1`: what only the edge of a `try_call` names.
    Result(String),
}

impl Statement {
    /// Creates an instruction that defines nothing.
    pub(crate) fn new(opcode: &str, class: Class, pieces: Vec<Piece>) -> Statement {
        let (annotation, opcode) = (String::new(), opcode.to_owned());
        Statement { annotation, results: Vec::new(), opcode, class, pieces, entries: Vec::new() }
    }

    /// Creates the end of a path that leads nowhere any more.
    pub(crate) fn trap() -> Statement {
        Statement::new("trap", Class::Exit, vec![Piece::Text("user1".to_owned())])
    }

    /// Creates a `jump`.
    pub(crate) fn jump(edge: Edge) -> Statement {
        Statement::new("jump", Class::Jump, vec![Piece::Edge(edge)])
    }

    /// Returns whether it ends a block.
    pub(crate) fn is_terminator(&self) -> bool {
        self.class.is_terminator()
    }

    /// Returns the values that it reads, those that edges pass included, in the order of the text.
    pub(crate) fn values(&self) -> Vec<u32> {
        let mut values = Vec::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(_) => {}
                Piece::Value(value) => values.push(*value),
                Piece::List(list) => values.extend(list),
                Piece::Edge(edge) => values.extend(edge.values()),
            }
        }
        values
    }

    /// Returns the same values, to be changed.
    pub(crate) fn values_mut(&mut self) -> Vec<&mut u32> {
        let mut values = Vec::new();
        for piece in &mut self.pieces {
            match piece {
                Piece::Text(_) => {}
                Piece::Value(value) => values.push(value),
                Piece::List(list) => values.extend(list),
                Piece::Edge(edge) => {
                    values.extend(edge.arguments.iter_mut().filter_map(Argument::value_mut));
                }
            }
        }
        values
    }

    /// Returns the edges, in the order of the text.
    pub(crate) fn edges(&self) -> impl Iterator<Item = &Edge> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Edge(edge) => Some(edge),
            Piece::Text(_) | Piece::Value(_) | Piece::List(_) => None,
        })
    }

    /// Returns the edges, to be changed.
    pub(crate) fn edges_mut(&mut self) -> impl Iterator<Item = &mut Edge> {
        self.pieces.iter_mut().filter_map(|piece| match piece {
            Piece::Edge(edge) => Some(edge),
            Piece::Text(_) | Piece::Value(_) | Piece::List(_) => None,
        })
    }

    /// Returns the arguments of the call, or the results of the `return`.
    pub(crate) fn list_mut(&mut self) -> Option<&mut Vec<u32>> {
        self.pieces.iter_mut().find_map(|piece| match piece {
            Piece::List(list) => Some(list),
            Piece::Text(_) | Piece::Value(_) | Piece::Edge(_) => None,
        })
    }

    /// Returns the texts that name declared entities.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let pieces = self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(text.as_str()),
            Piece::Value(_) | Piece::List(_) | Piece::Edge(_) => None,
        });
        pieces.chain(self.entries.iter().map(String::as_str))
    }

    /// Returns the texts that name declared entities, to be changed.
    pub(crate) fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.pieces.iter_mut().filter_map(Piece::text_mut).chain(&mut self.entries)
    }

    /// Returns whether both are the same instruction, as far as a spiller may not change it: it may
    /// change which copy of a value is read, the stack map, and the block an edge goes to.
    pub(crate) fn is_same_operation(&self, other: &Statement) -> bool {
        let is_alike = |(one, other): (&Piece, &Piece)| match (one, other) {
            (Piece::Text(one), Piece::Text(other)) => one == other,
            (Piece::List(one), Piece::List(other)) => one.len() == other.len(),
            (Piece::Value(_), Piece::Value(_)) | (Piece::Edge(_), Piece::Edge(_)) => true,
            (Piece::Text(_) | Piece::List(_) | Piece::Value(_) | Piece::Edge(_), _) => false,
        };
        is_same_opcode(&self.opcode, &other.opcode)
            && self.results == other.results
            && self.pieces.len() == other.pieces.len()
            && self.pieces.iter().zip(&other.pieces).all(is_alike)
    }
}

impl Piece {
    /// Returns the text, if it is one, to be changed.
    pub(crate) fn text_mut(&mut self) -> Option<&mut String> {
        match self {
            Piece::Text(text) => Some(text),
            Piece::Value(_) | Piece::List(_) | Piece::Edge(_) => None,
        }
    }
}

impl Edge {
    /// Returns the values that it passes.
    pub(crate) fn values(&self) -> impl Iterator<Item = u32> {
        self.arguments.iter().filter_map(|argument| match argument {
            Argument::Value(value) => Some(*value),
            Argument::Result(_) => None,
        })
    }
}

impl Argument {
    fn value_mut(&mut self) -> Option<&mut u32> {
        match self {
            Argument::Value(value) => Some(value),
            Argument::Result(_) => None,
        }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.annotation.is_empty() {
            write!(f, "{} ", self.annotation)?;
        }
        if !self.results.is_empty() {
            write!(f, "{} = ", listed(&self.results))?;
        }
        f.write_str(&self.opcode)?;
        for (i, piece) in self.pieces.iter().enumerate() {
            let is_empty = matches!(piece, Piece::List(list) if list.is_empty());
            if i == 0 && !is_empty {
                f.write_str(" ")?;
            }
            write!(f, "{piece}")?;
        }
        match self.entries.is_empty() {
            true => Ok(()),
            false => write!(f, ", stack_map=[{}]", self.entries.join(", ")),
        }
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Piece::Text(text) => f.write_str(text),
            Piece::Value(value) => write!(f, "v{value}"),
            Piece::List(list) => f.write_str(&listed(list)),
            Piece::Edge(edge) => write!(f, "{edge}"),
        }
    }
}

impl fmt::Display for Edge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Edge { target, arguments } = self;
        let argument = |argument: &Argument| match argument {
            Argument::Value(value) => format!("v{value}"),
            Argument::Result(name) => name.clone(),
        };
        let arguments: Vec<String> = arguments.iter().map(argument).collect();
        match arguments.is_empty() {
            true => write!(f, "block{target}"),
            false => write!(f, "block{target}({})", arguments.join(", ")),
        }
    }
}

/// Returns whether both are the same opcode. A type is printed where the operand does not tell it,
/// which may be in one of the functions only.
fn is_same_opcode(one: &str, other: &str) -> bool {
    match (one.split_once('.'), other.split_once('.')) {
        (Some(_), Some(_)) | (None, None) => one == other,
        (Some((name, _)), None) => name == other,
        (None, Some((name, _))) => one == name,
    }
}

/// Returns `v0, v1`.
fn listed(values: &[u32]) -> String {
    let names: Vec<String> = values.iter().map(|value| format!("v{value}")).collect();
    names.join(", ")
}
