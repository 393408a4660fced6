//! Families of functions: each is one shape, in any size.

mod graphs;
mod loops;
mod slots;

use cranelift_codegen::ir::Value;

use crate::program::Program;
use crate::sample::Sample;

/// A family of functions.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// The family's name on the command line and in the table.
    pub name: &'static str,
    /// A description of its functions.
    pub what: &'static str,
    generate: fn(&mut Program<'_>, Value, usize) -> Value,
}

/// All families.
pub const FAMILIES: [Family; 11] = [
    Family {
        name: "straight",
        what: "one block; an allocation every ten instructions, eight references live",
        generate: graphs::straight,
    },
    Family {
        name: "diamonds",
        what: "a chain of diamonds, a safepoint in one arm, a reference through each join",
        generate: graphs::diamonds,
    },
    Family {
        name: "br_table",
        what: "one `br_table`, of 10,000 targets where there is room for them",
        generate: graphs::switch,
    },
    Family {
        name: "irreducible",
        what: "a chain of loops with two entries each",
        generate: graphs::irreducible,
    },
    Family {
        name: "loops-10",
        what: "loops nested 10 deep, four references live through all of them",
        generate: |program, number, size| loops::nested(program, number, size, 10),
    },
    Family {
        name: "loops-100",
        what: "loops nested 100 deep, where there is room for them",
        generate: |program, number, size| loops::nested(program, number, size, 100),
    },
    Family {
        name: "loops-10000",
        what: "loops nested 10,000 deep, where there is room for them",
        generate: |program, number, size| loops::nested(program, number, size, 10_000),
    },
    Family {
        name: "few-slots",
        what: "four references live across very many safepoints",
        generate: slots::few,
    },
    Family {
        name: "many-live",
        what: "√n references live across 4√n safepoints: 4n map entries",
        generate: slots::many,
    },
    Family {
        name: "idle-blocks",
        what: "√n slots live through n/7 blocks that never touch them",
        generate: slots::idle,
    },
    Family {
        name: "no-safepoint",
        what: "a chain of diamonds with references and no safepoint",
        generate: slots::no_safepoint,
    },
];

impl Family {
    /// The family of that name.
    pub fn named(name: &str) -> Option<Family> {
        FAMILIES.into_iter().find(|family| family.name == name)
    }

    /// Generates a function with about `size` instructions before spilling.
    pub fn sample(&self, size: usize) -> Sample {
        let (before, declared) =
            Program::generate(|program, number| (self.generate)(program, number, size));
        Sample::spill(self.name.to_owned(), before, declared)
    }
}

/// The square root, rounded down.
fn root(size: usize) -> usize {
    size.isqrt().max(1)
}
