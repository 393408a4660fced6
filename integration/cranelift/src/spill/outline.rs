//! Finds the functions of a file, and the values that are declared for each.

use std::mem;

use stackmap_clif::declared::declare_line;
use stackmap_clif::expected::{Stated, references_line};

use super::error::{SpillError, SpillProblem};

/// The line on which a function starts, and the values that are declared for it.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) line: u32,
    /// The byte offset at which that line starts.
    pub(super) start: usize,
    /// The `;! declare` line, and the values it names.
    pub(super) declared: Option<(u32, Vec<u32>)>,
    /// The `;! references` lines.
    pub(super) references: Vec<Stated>,
}

/// Finds the function, `;! declare` and `;! references` lines of a file.
pub(super) fn read(text: &str) -> Result<Vec<Outline>, SpillError> {
    let mut outlines: Vec<Outline> = Vec::new();
    let (mut pending, mut pending_references) = (None, Vec::new());
    let (mut depth, mut at) = (0usize, 0);
    for (line, code) in (1..).zip(text.split_inclusive('\n')) {
        let start = at;
        at += code.len();
        let error = |what| SpillError { line, function: None, what };
        if code.split_whitespace().next() == Some("function") {
            let references = mem::take(&mut pending_references);
            outlines.push(Outline { line, start, declared: pending.take(), references });
            depth = 0;
        }
        for brace in code.split(';').next().unwrap_or("").matches(['{', '}']) {
            depth = if brace == "{" { depth + 1 } else { depth.saturating_sub(1) };
        }
        if let Some(stated) = references_line(code, line) {
            let stated = stated.map_err(|bad| error(SpillProblem::NotAReference(bad)))?;
            match outlines.last_mut() {
                Some(outline) if depth > 0 => outline.references.push(stated),
                Some(_) | None => pending_references.push(stated),
            }
        }
        let Some(declared) = declare_line(code) else { continue };
        let values = declared.map_err(|word| error(SpillProblem::NotAValue(word.to_owned())))?;
        let declared = match outlines.last_mut() {
            Some(outline) if depth > 0 => &mut outline.declared,
            Some(_) | None => &mut pending,
        };
        if declared.replace((line, values)).is_some() {
            return Err(error(SpillProblem::DeclaredTwice));
        }
    }
    let declared = pending.map(|(line, _)| (line, SpillProblem::NoFunction));
    let references = pending_references.first();
    let references = references.map(|stated| (stated.line(), SpillProblem::NoFunctionOfReferences));
    match declared.or(references) {
        Some((line, what)) => Err(SpillError { line, function: None, what }),
        None => Ok(outlines),
    }
}
