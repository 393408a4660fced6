//! The sketches: the verdict is that of the text front end.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use cranelift_codegen::ir::{Function, Value};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use stackmap_builder::Verdict;
use stackmap_clif::declared::declare_line;

use crate::by_text::assert_as_by_text;
use crate::linked::{config, parse};
use crate::stackmap::{self, Checked};

/// The sketches that this line's reader reads, with what is declared.
fn sketches() -> Vec<(String, Function, Vec<Value>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().find_map(|folder| {
        let sketches = folder.join("tests/sketches");
        sketches.is_dir().then_some(sketches)
    });
    let files = fs::read_dir(folder.expect("tests/sketches")).expect("a folder");
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    let read = paths.iter().filter(|path| path.extension().is_some_and(|end| end == "clif"));
    let read = read.filter_map(|path| {
        let text = fs::read_to_string(path).expect("a text");
        let line = text.lines().find_map(declare_line)?.expect("values");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        Some((name, parse(&text)?, line.into_iter().map(Value::from_u32).collect()))
    });
    read.collect()
}

fn check(function: &Function, declared: &[Value]) -> Checked {
    let (mut made, mut context) = (function.clone(), FunctionBuilderContext::new());
    let mut builder = FunctionBuilder::new(&mut made, &mut context);
    for &value in declared {
        builder.declare_value_needs_stack_map(value);
    }
    stackmap::finalize_checked(builder, config())
}

#[test]
fn verdicts() {
    let (mut read, mut wrong, mut unsupported) = (0, Vec::new(), Vec::new());
    for (name, function, declared) in sketches() {
        // An old spiller panics on some.
        let run = AssertUnwindSafe(|| check(&function, &declared));
        let Ok(checked) = catch_unwind(run) else {
            assert!(stackmap::minor() < 132, "{name}: the spiller panicked");
            continue;
        };
        read += 1;
        assert_eq!(checked.before.display().to_string(), function.display().to_string(), "{name}");
        let mut sorted = declared.clone();
        sorted.sort();
        sorted.dedup();
        assert_eq!(checked.declared, sorted, "{name}");
        match checked.result.verdict {
            Verdict::Verified => {}
            Verdict::Violated => wrong.push(name.clone()),
            Verdict::Unsupported | Verdict::Error => {
                unsupported.push(format!("{name}: {:?}", checked.problem));
                continue;
            }
        }
        assert_as_by_text(&name, &checked);
    }
    println!("{}: {read} sketches, wrong: {wrong:?}", stackmap::VERSION);
    assert!(read >= 60, "{read} sketches are read");
    assert!(unsupported.is_empty(), "{unsupported:#?}");
    // What nobody declared, and the historical bug, which was repaired in 0.133.
    let undeclared = ["G3_undeclared_param", "G7_undeclared_chain"];
    assert!(undeclared.iter().all(|name| wrong.iter().any(|wrong| wrong == name)), "{wrong:?}");
    let shared = wrong.iter().any(|name| name.starts_with("B1_"));
    assert_eq!(shared, stackmap::minor() <= 132, "{wrong:?}");
}
