//! Bytes read as CLIF text.

use stackmap_clif::ast::Function;
use stackmap_clif::declared::declare_line;
use stackmap_clif::lower::{Comparison, Lowered, lower};
use stackmap_clif::names::Names;
use stackmap_clif::text::{Functions, SyntaxError, TextView};
use stackmap_verifier::Outcome;

use crate::verdict::{COLLECTORS, verdict};

/// A text is read without a panic, and errors point into it. Each function matches itself, and
/// each pair of neighbours, read as *before* and *after*, gets a verdict or a reason why there
/// is none.
pub fn text(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut names = Names::default();
    let functions = read(text, &mut names);
    for function in &functions {
        alone(function, &names);
    }
    let declared = text.lines().find_map(|line| declare_line(line)?.ok()).unwrap_or_default();
    for pair in functions.windows(2) {
        together(&pair[0], &pair[1], &names, &declared);
    }
}

/// The functions that can be read.
fn read<'t>(text: &'t str, names: &mut Names) -> Vec<Function<'t>> {
    let mut functions = Vec::new();
    let mut reader = Functions::new(text, 1);
    while let Some(result) = reader.next(names) {
        match result {
            Ok(function) => functions.push(function),
            Err(unreadable) => points_into(&unreadable.error, text, 1),
        }
    }
    functions
}

/// Checks that the error is in this text, or at its end.
pub(crate) fn points_into(error: &SyntaxError, text: &str, first_line: u32) {
    let line = error.line.checked_sub(first_line).expect("not above the text");
    let line = text.split('\n').nth(line as usize).expect("not below the text");
    let column = error.column as usize;
    assert!((1..=line.len() + 1).contains(&column), "{error}: the line is {line:?}");
    assert!(line.is_char_boundary(column - 1), "{error}: the line is {line:?}");
}

/// Checks that a function, taken as its own after function, is verified if it has no stack maps
/// and no references are declared, unless it cannot be judged.
fn alone(function: &Function<'_>, names: &Names) {
    let view = TextView::new(function, names, true);
    let all = 0..u32::try_from(names.values.len()).unwrap_or(u32::MAX);
    let Ok(comparison) = lower(&view, &view, all) else { return };
    let changed = comparison.clone();
    let Some(Lowered { before, declared, after, .. }) = comparison.pair() else {
        panic!("it differs from itself: {changed:?}");
    };
    for collector in COLLECTORS {
        verdict(&before, &declared, &after, collector);
        let outcome = verdict(&before, &[], &after, collector);
        let has_roots = !function.entry_pool.is_empty();
        assert!(has_roots || outcome != Outcome::Violated, "violated without references");
    }
}

fn together(one: &Function<'_>, other: &Function<'_>, names: &Names, declared: &[u32]) {
    let view = |function| TextView::new(function, names, true);
    let declared = declared.iter().filter_map(|&number| names.values.index(number));
    let lowered = lower(&view(one), &view(other), declared);
    if let Some(Lowered { before, declared, after, .. }) = lowered.ok().and_then(Comparison::pair) {
        for collector in COLLECTORS {
            verdict(&before, &declared, &after, collector);
        }
    }
}
