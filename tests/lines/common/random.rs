//! Random functions over variables, sealed as early or as late as can be.

use cranelift_codegen::ir::{InstBuilder, types};
use cranelift_frontend::{FunctionBuilder, Variable};

use crate::programs::Build;

/// A linear congruential generator: the same numbers for the same seed.
struct Dice(u64);

impl Dice {
    /// A number below `sides`.
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}

/// The successors of a block.
enum End {
    Return,
    Jump(usize),
    Choose(usize, usize),
}

/// Builds the function with this number. Some blocks are unreachable, and some
/// variables are used where nothing has defined them.
pub(crate) fn function(number: u64, b: &mut FunctionBuilder<'_>) {
    let mut dice = Dice(number);
    let blocks: Vec<_> = (0..2 + dice.roll(6)).map(|_| b.create_block()).collect();
    b.append_block_params_for_function_params(blocks[0]);
    let variables: Vec<(Variable, bool)> = (0..1 + dice.roll(4))
        .map(|_| dice.roll(4) > 0)
        .map(|reference| (b.variable(reference), reference))
        .collect();
    // The entry has no predecessors.
    let target = |dice: &mut Dice| 1 + dice.roll(blocks.len() - 1);
    let ends: Vec<End> = blocks
        .iter()
        .map(|_| match dice.roll(5) {
            0 => End::Return,
            1 | 2 => End::Jump(target(&mut dice)),
            _ => End::Choose(target(&mut dice), target(&mut dice)),
        })
        .collect();
    let late = dice.roll(2) == 0;
    let last_predecessor = |block: usize| {
        let goes = |end: &End| match *end {
            End::Return => false,
            End::Jump(to) => to == block,
            End::Choose(yes, no) => yes == block || no == block,
        };
        ends.iter().rposition(goes)
    };
    for (index, end) in ends.iter().enumerate() {
        b.switch_to_block(blocks[index]);
        if !late && last_predecessor(index).is_none() {
            b.seal_block(blocks[index]);
        }
        for _ in 0..dice.roll(5) {
            let (variable, reference) = variables[dice.roll(variables.len())];
            match (dice.roll(5), reference) {
                (0 | 1, true) => {
                    let made = b.make();
                    b.def_var(variable, made);
                }
                (0 | 1, false) => {
                    let made = b.ins().iconst(types::I64, 1);
                    b.def_var(variable, made);
                }
                (2, true) => {
                    let (from, to) = (variable, variables[0]);
                    let value = b.use_var(from);
                    if to.1 {
                        b.def_var(to.0, value);
                    }
                }
                _ => {
                    let value = b.use_var(variable);
                    b.look(value);
                }
            }
        }
        match *end {
            End::Return => {
                b.ins().return_(&[]);
            }
            End::Jump(to) => b.goto(blocks[to]),
            End::Choose(yes, no) => b.choose(blocks[yes], blocks[no]),
        }
        for (sealed, &block) in blocks.iter().enumerate() {
            if !late && last_predecessor(sealed) == Some(index) {
                b.seal_block(block);
            }
        }
    }
    b.seal_all_blocks();
}
