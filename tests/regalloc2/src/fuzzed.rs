//! Functions from regalloc2's own generator.
//!
//! It makes any graph whose critical edges are split, irreducible ones included;
//! operands of every constraint but "stack" and "limit"; reused inputs, fixed
//! registers, fixed stack slots, clobbers, early defs; but no late uses, and
//! branches without operands of their own. [`crate::shapes`] makes those.

use arbitrary::Unstructured;
use regalloc2::MachineEnv;
use regalloc2::fuzzing::func::{self, Func, Options};

use crate::random::Random;

/// The machine that the generated functions are meant for.
pub fn env() -> MachineEnv {
    func::machine_env()
}

/// Generates a function from a seed, with at most `blocks` blocks. Not every seed yields one.
pub fn function(seed: u64, blocks: usize) -> Option<Func> {
    let mut random = Random::new(seed);
    let bytes = random.bytes(200 + blocks * 600);
    let options = Options {
        reused_inputs: true,
        fixed_regs: true,
        fixed_nonallocatable: true,
        clobbers: true,
        reftypes: false,
        callsite_ish_constraints: true,
        num_blocks: 1..=blocks,
        ..Options::DEFAULT
    };
    Func::arbitrary_with_options(&mut Unstructured::new(&bytes), &options).ok()
}
