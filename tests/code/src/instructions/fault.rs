//! The kinds of faults in instructions, and code with one.

use cranelift_codegen::ir::{Block, Function};
use cranelift_codegen::isa::TargetIsa;
use stackmap_code::{CodeReport, Replay, Unchecked, verify_instructions};
use stackmap_oracle::dice::Dice;

use super::harmless::{changed, changed_blocks, is_same, is_unused};
use super::{bytes as code, lowered};

/// A kind of fault.
pub struct Kind {
    /// Its name, in words.
    pub name: &'static str,
    inject: Inject,
}

/// Where a fault is.
#[derive(Clone, Copy)]
enum Inject {
    /// In the bytes of the code.
    Bytes(code::Inject),
    /// In the function that is lowered.
    Function(lowered::Inject),
}

/// All kinds.
pub const KINDS: [Kind; 15] = [
    Kind { name: "drop a load", inject: Inject::Bytes(code::drop_load) },
    Kind { name: "drop a store", inject: Inject::Bytes(code::drop_store) },
    Kind { name: "load another root", inject: Inject::Bytes(code::redirect_load) },
    Kind { name: "store to another root", inject: Inject::Bytes(code::redirect_store) },
    Kind {
        name: "load into a register that nothing uses",
        inject: Inject::Bytes(code::reload_elsewhere),
    },
    Kind { name: "access what is beside a root", inject: Inject::Bytes(code::shift_access) },
    Kind { name: "store something else to a root", inject: Inject::Bytes(code::foreign_store) },
    Kind { name: "load something else from a root", inject: Inject::Bytes(code::foreign_load) },
    Kind { name: "store over half of a root", inject: Inject::Bytes(code::overlapping_store) },
    Kind { name: "do not lower the stack pointer", inject: Inject::Bytes(code::lose_stack) },
    Kind {
        name: "merge a reload with an older one",
        inject: Inject::Function(lowered::merge_reload),
    },
    Kind { name: "use what is older than a reload", inject: Inject::Function(lowered::use_older) },
    Kind { name: "lose a store", inject: Inject::Function(lowered::drop_store) },
    Kind { name: "load before a call", inject: Inject::Function(lowered::hoist_load) },
    Kind { name: "store behind a call", inject: Inject::Function(lowered::sink_store) },
];

/// Code with a fault.
pub struct Faulty {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// What they are the code of, if that is another function than the one that is verified.
    pub lowered: Option<Replay>,
    /// What the check of instructions says.
    pub report: Result<CodeReport, Unchecked>,
    /// Whether a program shows that it changes nothing that has an effect.
    pub is_harmless: bool,
    /// The blocks of the function in whose code it is; none if it is in what is around them.
    pub blocks: Vec<Block>,
}

impl Kind {
    /// Puts a fault into the code of a function, or into the function before it is lowered, if there
    /// is a place for it, and checks the instructions.
    ///
    /// # Panics
    ///
    /// If the function cannot be lowered any more.
    pub fn inject(
        &self,
        function: &Function,
        isa: &dyn TargetIsa,
        replay: &Replay,
        dice: &mut Dice<'_>,
    ) -> Option<Faulty> {
        match self.inject {
            Inject::Bytes(inject) => {
                let code = code::Code { set: code::Set::of(isa)?, code: replay.code() };
                let bytes = inject(&code, dice)?;
                let report = verify_instructions(function, isa, replay, &bytes);
                let is_harmless = is_unused(function, &code, &bytes);
                let changed = changed(replay.code(), &bytes);
                let blocks = changed.and_then(|changed| function.layout.inst_block(changed));
                let blocks = blocks.into_iter().collect();
                Some(Faulty { bytes, lowered: None, report, is_harmless, blocks })
            }
            Inject::Function(inject) => {
                let faulty = inject(function, dice)?;
                let replay = Replay::new(&faulty, isa).expect("it can be lowered");
                let bytes = replay.code().buffer.data().to_vec();
                let report = verify_instructions(function, isa, &replay, &bytes);
                let is_harmless = is_same(function, &faulty);
                let blocks = changed_blocks(function, &faulty);
                Some(Faulty { bytes, lowered: Some(replay), report, is_harmless, blocks })
            }
        }
    }
}
