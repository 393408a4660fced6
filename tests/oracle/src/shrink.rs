//! Shrinks a pair while a property holds.

use stackmap_verifier::model::OperationKind;

use crate::program::{Act, Pair};

/// The maximum number of smaller pairs that are tried, since each may take long.
const MOST_TRIED: usize = 3000;

/// Removes parts of a pair while `interesting` holds: edges become returns, and operations, the
/// spiller's moves, operands, roots and declarations are removed.
pub fn shrink(pair: Pair, interesting: impl Fn(&Pair) -> bool) -> Pair {
    let mut pair = pair;
    let mut left = MOST_TRIED;
    loop {
        let tried = candidates(&pair).into_iter().take(left);
        let smaller = tried.inspect(|_| left -= 1).find(|smaller| interesting(smaller));
        match smaller {
            Some(smaller) => pair = smaller,
            None => return pair,
        }
    }
}

fn candidates(pair: &Pair) -> Vec<Pair> {
    let mut found = Vec::new();
    let mut propose = |change: &dyn Fn(&mut Pair)| {
        let mut smaller = pair.clone();
        change(&mut smaller);
        if smaller != *pair {
            found.push(smaller);
        }
    };
    for (b, block) in pair.after.blocks.iter().enumerate() {
        let counterpart = block.counterpart;
        propose(&|p| {
            p.after.blocks[b].edges.clear();
            if let Some(m) = counterpart {
                p.before.blocks[m].edges.clear();
            }
        });
        for e in 0..block.edges.len() {
            if let Some(m) = counterpart {
                propose(&|p| {
                    p.after.blocks[b].edges.remove(e);
                    p.before.blocks[m].edges.remove(e);
                });
            }
        }
        let mut operation = 0;
        for (i, instruction) in block.instructions.iter().enumerate() {
            match (instruction.performs, counterpart) {
                (true, Some(m)) => {
                    let o = operation;
                    operation += 1;
                    propose(&|p| {
                        p.after.blocks[b].instructions.remove(i);
                        p.before.blocks[m].operations.remove(o);
                    });
                    operands(pair, (b, i), (m, o), &mut propose);
                }
                (true, None) | (false, _) => {
                    propose(&|p| drop(p.after.blocks[b].instructions.remove(i)));
                }
            }
        }
    }
    for b in 0..pair.before.blocks.len() {
        params(b, &mut propose);
    }
    for i in 0..pair.before.declared.len() {
        propose(&|p| {
            p.before.declared.remove(i);
        });
    }
    found
}

type Propose<'p> = dyn FnMut(&dyn Fn(&mut Pair)) + 'p;

fn operands(
    pair: &Pair,
    (b, i): (usize, usize),
    (m, o): (usize, usize),
    propose: &mut Propose<'_>,
) {
    propose(&|p| {
        p.before.blocks[m].operations[o].uses.clear();
        p.after.blocks[b].instructions[i].acts.retain(|act| !matches!(act, Act::Use { .. }));
    });
    propose(&|p| {
        p.before.blocks[m].operations[o].kind = OperationKind::Plain;
        let acts = &mut p.after.blocks[b].instructions[i].acts;
        acts.retain(|act| !matches!(act, Act::Safepoint { .. }));
    });
    propose(&|p| {
        if p.before.blocks[m].operations[o].uses.pop().is_some() {
            let index = p.before.blocks[m].operations[o].uses.len();
            p.after.blocks[b].instructions[i].acts.retain(
                |act| !matches!(act, Act::Use { operand, .. } if *operand as usize == index),
            );
        }
    });
    for (a, act) in pair.after.blocks[b].instructions[i].acts.iter().enumerate() {
        match act {
            Act::Safepoint { roots } => {
                for r in 0..roots.len() {
                    propose(&|p| {
                        if let Act::Safepoint { roots } =
                            &mut p.after.blocks[b].instructions[i].acts[a]
                        {
                            roots.remove(r);
                        }
                    });
                }
            }
            Act::Clobber { .. } => {
                propose(&|p| drop(p.after.blocks[b].instructions[i].acts.remove(a)));
            }
            Act::Use { .. } | Act::Define { .. } | Act::Move { .. } | Act::Null { .. } => {}
        }
    }
}

/// Drops a block's last parameter, in both programs if both have it.
fn params(b: usize, propose: &mut Propose<'_>) {
    propose(&|p| {
        p.before.blocks[b].params.pop();
        for block in &mut p.before.blocks {
            for (to, args) in &mut block.edges {
                if *to == b {
                    args.pop();
                }
            }
        }
        p.after.blocks[b].params.pop();
        for block in &mut p.after.blocks {
            for (to, args) in &mut block.edges {
                if *to == b {
                    args.pop();
                }
            }
        }
    });
}
