//! Pairs without safepoints are compared and not modelled: what is said of them is
//! what the long way says.

use std::fs;

use cranelift_codegen::ir::{Function, Value};
use stackmap_cranelift::{LowerError, lower, verify};
use stackmap_verifier::{Options, Outcome, Stats};

/// The verdict and what was counted, or why there is none.
type Said = Result<(Outcome, Stats), LowerError>;

fn by_the_long_way(before: &Function, declared: &[Value], after: &Function) -> Said {
    let pair = lower(before, declared.iter().copied(), after)?;
    let options = Options::default();
    let report = pair.verify(&options);
    Ok((report.outcome, report.stats))
}

fn said(before: &Function, declared: &[Value], after: &Function) -> Said {
    let report = verify(before, declared, after, &Options::default())?;
    Ok((report.outcome, report.stats))
}

fn parse(text: &str) -> Function {
    cranelift_reader::parse_functions(text).unwrap().remove(0)
}

fn values(numbers: impl IntoIterator<Item = u32>) -> Vec<Value> {
    numbers.into_iter().map(Value::from_u32).collect()
}

/// A sketch's function with constants for its calls, if that is CLIF.
fn without_calls(sketch: &str) -> Option<(Function, Vec<Value>)> {
    let numbers = |line: &str| {
        let names = line.split_whitespace().filter_map(|word| word.strip_prefix('v'));
        values(names.filter_map(|number| number.parse().ok()))
    };
    let declared = sketch.lines().find_map(|line| line.strip_prefix(";! declare"))?;
    let lines = sketch.lines().map(|line| match line.split_once(" = call ") {
        Some((result, _)) => format!("{result} = iconst.i32 7\n"),
        None if line.trim_start().starts_with("call ") => "    nop\n".to_owned(),
        None => format!("{line}\n"),
    });
    let functions = cranelift_reader::parse_functions(&lines.collect::<String>()).ok()?;
    let function = functions.into_iter().next()?;
    let flags = cranelift_codegen::settings::Flags::new(cranelift_codegen::settings::builder());
    cranelift_codegen::verify_function(&function, &flags).ok()?;
    Some((function, numbers(declared)))
}

#[test]
fn sketches_without_their_calls() {
    let sketches = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/sketches");
    let (mut count, mut references) = (0, 0);
    for entry in fs::read_dir(sketches).unwrap() {
        let path = entry.unwrap().path();
        let text = if path.is_file() { fs::read_to_string(&path).unwrap() } else { continue };
        let Some((function, declared)) = without_calls(&text) else { continue };
        for declared in [&declared[..], &[]] {
            let said = said(&function, declared, &function);
            assert_eq!(said, by_the_long_way(&function, declared, &function), "{path:?}");
            let (outcome, stats) = said.unwrap();
            if stats.safepoints == 0 {
                assert_eq!(outcome, Outcome::Verified, "{path:?}");
                count += 1;
                references += stats.references;
            }
        }
    }
    assert!(count >= 80 && references >= 100, "{count} functions, {references} references");
}

const TEXT: &str = "function %f(i32, i32) -> i32 system_v {
    ss0 = explicit_slot 8
    sig0 = () -> i32 system_v
    fn0 = u0:0 sig0
block0(v0: i32, v1: i32):
    v2 -> v0
    v3 = iconst.i32 1
    v4 = stack_addr.i64 ss0
    store v2, v4
    brif v1, block1(v2, v3), block1(v0, v1)
block1(v5: i32, v6: i32):
    v7 = select v6, v5, v3
    br_table v6, block2, [block1(v7, v6), block3]
block2:
    return v7
block3:
    trap user1
block4:
    return v3
}
";

/// Whatever is changed, the two ways say the same of it, and both ways round.
#[test]
fn what_is_not_the_same() {
    let good = parse(TEXT);
    let declared = values([0]);
    let (outcome, stats) = said(&good, &declared, &good).unwrap();
    assert_eq!((outcome, stats.blocks, stats.references), (Outcome::Verified, 4, 3));
    let changes = [
        ("store v2", "store v3"),
        ("iconst.i32 1", "iconst.i32 2"),
        ("v2 -> v0", "v2 -> v1"),
        ("explicit_slot 8", "explicit_slot 4"),
        ("explicit_slot 8", "explicit_slot 8\n    ss1 = explicit_slot 8"),
        ("block1(v2, v3), block1(v0, v1)", "block1(v2, v3), block1(v1, v0)"),
        ("[block1(v7, v6), block3]", "[block3, block1(v7, v6)]"),
        ("[block1(v7, v6), block3]", "[block1(v7, v6)]"),
        ("block2:\n", "block2:\n    nop\n"),
        ("block2:\n    return v7", "block2:\n    v8 = call fn0()\n    return v7"),
        ("    return v3\n}", "    return v0\n}"),
        ("block4:\n    return v3\n", ""),
    ];
    let mut right = 0;
    for (old, new) in changes {
        assert!(TEXT.contains(old), "{old}");
        let other = parse(&TEXT.replacen(old, new, 1));
        for (before, after) in [(&good, &other), (&other, &good), (&other, &other)] {
            let said = said(before, &declared, after);
            assert_eq!(said, by_the_long_way(before, &declared, after), "{old} -> {new}");
            right += usize::from(said.is_ok_and(|(outcome, _)| outcome == Outcome::Verified));
        }
    }
    // Each with itself, those that differ where nothing runs, and where nothing is read.
    assert!((changes.len()..2 * changes.len()).contains(&right), "{right}");
}

/// The one thing that the comparison leaves out.
#[test]
fn a_use_without_its_definition_is_the_same_in_both() {
    let bad = parse(
        &TEXT
            .replace("    return v7", "    return v9")
            .replace("    trap user1", "    v9 = iconst.i32 3\n    return v9"),
    );
    let (outcome, _) = said(&bad, &[], &bad).unwrap();
    assert_eq!(outcome, Outcome::Verified);
    let (outcome, _) = by_the_long_way(&bad, &[], &bad).unwrap();
    assert!(matches!(outcome, Outcome::Unsupported(_)), "{outcome:?}");
}
