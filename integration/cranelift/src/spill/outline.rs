//! Finds the functions of a file, and the values that are declared for each.

use stackmap_clif::declared::declare_line;

use super::error::{SpillError, SpillProblem};

/// The line on which a function starts, and the values that are declared for it.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) line: u32,
    /// The byte offset at which that line starts.
    pub(super) start: usize,
    /// The `;! declare` line, and the values it names.
    pub(super) declared: Option<(u32, Vec<u32>)>,
}

/// Finds the function and `;! declare` lines of a file.
pub(super) fn read(text: &str) -> Result<Vec<Outline>, SpillError> {
    let mut outlines: Vec<Outline> = Vec::new();
    let mut pending = None;
    let (mut depth, mut at) = (0usize, 0);
    for (line, code) in (1..).zip(text.split_inclusive('\n')) {
        let start = at;
        at += code.len();
        let error = |what| SpillError { line, function: None, what };
        if code.split_whitespace().next() == Some("function") {
            outlines.push(Outline { line, start, declared: pending.take() });
            depth = 0;
        }
        for brace in code.split(';').next().unwrap_or("").matches(['{', '}']) {
            depth = if brace == "{" { depth + 1 } else { depth.saturating_sub(1) };
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
    match pending {
        Some((line, _)) => Err(SpillError { line, function: None, what: SpillProblem::NoFunction }),
        None => Ok(outlines),
    }
}
