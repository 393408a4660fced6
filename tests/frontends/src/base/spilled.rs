//! Pairs that the spillers of the two linked versions make.

use std::path::Path;

use cranelift_codegen::ir::Value;
use cranelift_codegen_0132::ir::Value as OldValue;
use cranelift_frontend_0132::{FunctionBuilder, FunctionBuilderContext};
use stackmap_clif::declared::declare_line;
use stackmap_cranelift::spill;
use stackmap_generator::Function as GeneratedFunction;
use stackmap_generator::totals::function;
use stackmap_oracle::dice::Dice;

use super::Base;
use crate::judge::Reader;

/// The number of random functions.
const SEEDS: u64 = 8;

pub(super) fn all() -> Vec<Base> {
    let mut all = Vec::new();
    for folder in ["../sketches", "functions"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files: Vec<_> = std::fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| entry.expect("readable").path())
            .filter(|path| path.is_file())
            .collect();
        files.sort();
        for file in files {
            let name = file.file_stem().expect("a name").to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&file).expect("a function");
            all.extend(of(&name, &text));
        }
    }
    for seed in 0..SEEDS {
        all.extend(of(&format!("generated{seed}"), &function(seed).text));
    }
    all
}

/// Spills a random function, and returns the pair if it is right.
pub fn generated(dice: &mut Dice<'_>) -> Option<Base> {
    let old = dice.chance(40);
    let mut bases = of("generated", &GeneratedFunction::roll(dice).text);
    bases.retain(|base| (base.reader == Reader::V0132) == old);
    bases.pop()?.right()
}

/// Returns the pairs that both spillers make of a function, as far as they read it.
fn of(name: &str, text: &str) -> Vec<Base> {
    let declared = text.lines().find_map(declare_line).expect("a `;! declare` line");
    let declared = declared.expect("values");
    new(name, text, &declared).into_iter().chain(old(name, text, &declared)).collect()
}

fn new(name: &str, text: &str, declared: &[u32]) -> Option<Base> {
    let before = crate::judge::read_function(text).ok()?;
    let references: Vec<Value> = declared.iter().map(|&v| Value::from_u32(v)).collect();
    let after = spill::spill(before.clone(), &references).ok()?;
    Some(Base {
        name: format!("{name} 0.135.8"),
        version: "0.135.8".to_owned(),
        reader: Reader::V0135,
        declared: declared.to_vec(),
        before: before.display().to_string(),
        after: after.display().to_string(),
        has_text: true,
        memory: Some((before, after)),
    })
}

fn old(name: &str, text: &str, declared: &[u32]) -> Option<Base> {
    let mut functions = cranelift_reader_0132::parse_functions(text).ok()?;
    let mut function = functions.pop()?;
    let before = function.display().to_string();
    let mut context = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut function, &mut context);
    for &value in declared {
        builder.declare_value_needs_stack_map(OldValue::from_u32(value));
    }
    builder.finalize();
    Some(Base {
        name: format!("{name} 0.132.0"),
        version: "0.132.0".to_owned(),
        reader: Reader::V0132,
        declared: declared.to_vec(),
        before,
        after: function.display().to_string(),
        has_text: true,
        memory: None,
    })
}
