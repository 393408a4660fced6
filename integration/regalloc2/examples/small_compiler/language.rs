//! The language, and which variables are live where.

use std::collections::BTreeSet;

#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Kind {
    Number,
    Object,
}

pub(crate) type Variable = usize;

pub(crate) enum Statement {
    /// A number from the program's text.
    Number(Variable),
    /// A new object. May collect.
    New(Variable),
    /// The sum of two numbers.
    Add(Variable, [Variable; 2]),
    /// A call with a result. May collect.
    Call(Variable, Vec<Variable>),
}

pub(crate) enum End {
    Return(Variable),
    Jump(usize, Vec<Variable>),
    If(Variable, usize, usize),
}

pub(crate) struct Body {
    pub(crate) params: Vec<Variable>,
    pub(crate) statements: Vec<Statement>,
    pub(crate) end: End,
}

pub(crate) struct Source {
    pub(crate) kinds: Vec<Kind>,
    pub(crate) blocks: Vec<Body>,
}

/// ```text
/// block0:       v0 = 10; v1 = new; v8 = new; goto block1(v0, v1)
/// block1(2, 3): v4 = new; v5 = append(v3, v4); v6 = -1; v7 = v2 + v6
///               if v7 goto block2 else goto block3
/// block2:       goto block1(v7, v5)
/// block3:       v9 = join(v8, v5); return v9
/// ```
pub(crate) fn source() -> Source {
    use Kind::{Number, Object};
    let block =
        |params: &[Variable], statements, end| Body { params: params.to_vec(), statements, end };
    Source {
        kinds: vec![Number, Object, Number, Object, Object, Object, Number, Number, Object, Object],
        blocks: vec![
            block(
                &[],
                vec![Statement::Number(0), Statement::New(1), Statement::New(8)],
                End::Jump(1, vec![0, 1]),
            ),
            block(
                &[2, 3],
                vec![
                    Statement::New(4),
                    Statement::Call(5, vec![3, 4]),
                    Statement::Number(6),
                    Statement::Add(7, [2, 6]),
                ],
                End::If(7, 2, 3),
            ),
            block(&[], vec![], End::Jump(1, vec![7, 5])),
            block(&[], vec![Statement::Call(9, vec![8, 5])], End::Return(9)),
        ],
    }
}

impl Statement {
    pub(crate) fn defined(&self) -> Variable {
        match self {
            Statement::Number(v) | Statement::New(v) => *v,
            Statement::Add(v, _) | Statement::Call(v, _) => *v,
        }
    }

    pub(crate) fn used(&self) -> &[Variable] {
        match self {
            Statement::Number(_) | Statement::New(_) => &[],
            Statement::Add(_, used) => used,
            Statement::Call(_, used) => used,
        }
    }

    pub(crate) fn collects(&self) -> bool {
        match self {
            Statement::Number(_) | Statement::Add(..) => false,
            Statement::New(_) | Statement::Call(..) => true,
        }
    }
}

impl Source {
    pub(crate) fn live_in(&self) -> Vec<BTreeSet<Variable>> {
        let mut live_in = vec![BTreeSet::new(); self.blocks.len()];
        loop {
            let before = live_in.clone();
            for block in 0..self.blocks.len() {
                self.walk(block, &mut live_in, |_, _| {});
            }
            if before == live_in {
                return live_in;
            }
        }
    }

    /// Walks a block backwards; tells each statement what is live behind it.
    pub(crate) fn walk(
        &self,
        block: usize,
        live_in: &mut [BTreeSet<Variable>],
        mut tell: impl FnMut(usize, &BTreeSet<Variable>),
    ) {
        let body = &self.blocks[block];
        let mut live = match &body.end {
            End::Return(v) => BTreeSet::from([*v]),
            End::Jump(to, arguments) => live_in[*to].iter().chain(arguments).copied().collect(),
            End::If(v, a, b) => live_in[*a].union(&live_in[*b]).chain([v]).copied().collect(),
        };
        for (i, statement) in body.statements.iter().enumerate().rev() {
            live.remove(&statement.defined());
            tell(i, &live);
            live.extend(statement.used());
        }
        body.params.iter().for_each(|param| {
            live.remove(param);
        });
        live_in[block] = live;
    }
}
