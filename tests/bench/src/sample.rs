//! A function before and after the spiller.

use cranelift_codegen::ir::{Function, Value};
use stackmap_cranelift::spill::spill;

use crate::texts::Texts;

/// A function before and after the spiller, in memory and as text.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The name of the sample.
    pub name: String,
    /// The function before.
    pub before: Function,
    /// The values declared to be references.
    pub declared: Vec<Value>,
    /// The function after.
    pub after: Function,
}

/// The size of a sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Functions.
    pub functions: usize,
    /// Instructions before.
    pub before: usize,
    /// Instructions after.
    pub after: usize,
    /// Blocks after.
    pub blocks: usize,
    /// Safepoints with a stack map.
    pub safepoints: usize,
    /// Stack map entries.
    pub entries: usize,
}

impl Size {
    /// Returns the size against which growth is measured: instructions after, and map entries.
    pub fn growth(&self) -> usize {
        self.after + self.entries
    }
}

impl std::iter::Sum for Size {
    fn sum<I: Iterator<Item = Size>>(sizes: I) -> Size {
        sizes.fold(Size::default(), |a, b| Size {
            functions: a.functions + b.functions,
            before: a.before + b.before,
            after: a.after + b.after,
            blocks: a.blocks + b.blocks,
            safepoints: a.safepoints + b.safepoints,
            entries: a.entries + b.entries,
        })
    }
}

impl Sample {
    /// Runs the spiller.
    ///
    /// # Panics
    ///
    /// If the spiller does.
    pub fn spill(name: String, before: Function, declared: Vec<Value>) -> Sample {
        match spill(before.clone(), &declared) {
            Ok(after) => Sample { name, before, declared, after },
            Err(problem) => panic!("{name}: {problem}"),
        }
    }

    /// Returns the log that the spiller would have written.
    pub fn log(&self) -> String {
        Texts::of(self).log()
    }

    /// Returns the size of the sample.
    pub fn size(&self) -> Size {
        let count = |function: &Function| {
            let blocks = function.layout.blocks();
            blocks.map(|block| function.layout.block_insts(block).count()).sum()
        };
        let after = &self.after;
        let instructions = after.layout.blocks().flat_map(|block| after.layout.block_insts(block));
        let maps = instructions.filter_map(|inst| after.dfg.user_stack_map_entries(inst));
        let (safepoints, entries) =
            maps.fold((0, 0), |(maps, entries), map| (maps + 1, entries + map.len()));
        Size {
            functions: 1,
            before: count(&self.before),
            after: count(after),
            blocks: after.layout.blocks().count(),
            safepoints,
            entries,
        }
    }
}
