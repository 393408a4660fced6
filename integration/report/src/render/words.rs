//! Sums and counts in words.

use super::places::{at, within};
use crate::expected::ExpectedReferences;
use crate::known::{Compared, Known};
use crate::plural::plural;
use crate::printed::PrintedFinding;
use crate::record::Record;
use crate::summary::Summary;
use crate::totals::Totals;
use crate::visible::visible;
use crate::wire::Skipped;

/// Returns the sums in words. Functions that were judged again after optimization, their machine
/// code, and compiled modules have lines of their own, if there are any. If only machine code was
/// judged, there is no line before that.
pub fn sums(summary: &Summary) -> String {
    let none = Totals::default();
    let mut lines = Vec::new();
    if summary.first != none || summary.code == none {
        lines.push(of_functions(&summary.first));
    }
    if summary.optimized != none {
        lines.push(format!("after optimization, {}", of_functions(&summary.optimized)));
    }
    if summary.code != none {
        lines.push(format!("machine code, {}", of_functions(&summary.code)));
    }
    lines.extend(summary.wasm.map(|compiled| compiled.to_string()));
    match summary.all.unreadable_inputs {
        0 => {}
        1 => lines.push("1 file, or part of one, unreadable".to_owned()),
        n => lines.push(format!("{n} files, or parts of them, unreadable")),
    }
    if summary.skipped > 0 {
        lines.push(format!("{} skipped", plural(summary.skipped, "file")));
    }
    if !summary.assumed.is_empty() {
        lines.push(format!("taken at its word: {}", visible(&summary.assumed.join(", "))));
    }
    if let Some(file) = &summary.config {
        lines.push(format!("settings of {}", visible(file)));
    }
    if let Some(compared) = &summary.baseline {
        lines.extend(of_baseline(compared, summary.all.known));
    }
    lines.join("\n")
}

/// The number of entries of a baseline that are listed.
const MOST_GONE: usize = 20;

/// Returns the comparison with a baseline.
fn of_baseline(compared: &Compared, known: Known) -> Vec<String> {
    let Compared { file, gone, elsewhere } = compared;
    let mut first = format!(
        "baseline {}: {} and {} are known",
        visible(file),
        plural(known.errors + known.warnings, "finding"),
        plural(known.unsupported, "unsupported function"),
    );
    if !gone.is_empty() {
        let count: usize = gone.iter().map(|entry| entry.count).sum();
        let are = if count == 1 { "is" } else { "are" };
        first += &format!("; {count} that it has {are} gone (--write-baseline leaves them out):");
    }
    let mut lines = vec![first];
    for entry in gone.iter().take(MOST_GONE) {
        let entry = entry.visible();
        let times =
            if entry.count == 1 { String::new() } else { format!(" ({} times)", entry.count) };
        let function = if entry.function.is_empty() { "" } else { " in " };
        lines.push(format!(
            "  gone: {}: {}{function}{}{times}: {}",
            entry.input, entry.what, entry.function, entry.text
        ));
    }
    if gone.len() > MOST_GONE {
        lines.push(format!("  and {} more", gone.len() - MOST_GONE));
    }
    if *elsewhere > 0 {
        let about = if *elsewhere == 1 { "entry of it is" } else { "entries of it are" };
        lines.push(format!(
            "{elsewhere} {about} about inputs that were not checked, or not completely"
        ));
    }
    lines
}

/// Returns `2 functions: 1 verified, 1 violated (...)`.
fn of_functions(totals: &Totals) -> String {
    let Totals { functions, verified, certified, violated, .. } = totals;
    let Totals { unreadable_inputs, unsupported, errors, warnings, stats, known, allowed, .. } =
        totals;
    let of_known =
        |count: usize| if count > 0 { format!(" ({count} known)") } else { String::new() };
    let mut parts = vec![format!("{verified} verified"), format!("{violated} violated")];
    if *certified > 0 {
        parts[0].push_str(&format!(" ({certified} certified)"));
    }
    parts[1].push_str(&of_known(known.violated));
    if *unsupported > 0 {
        parts.push(format!("{unsupported} unsupported{}", of_known(known.unsupported)));
    }
    if errors > unreadable_inputs {
        parts.push(format!("{} unreadable", errors - unreadable_inputs));
    }
    if *warnings > 0 {
        parts.push(format!("{}{}", plural(*warnings, "warning"), of_known(known.warnings)));
    }
    if *allowed > 0 {
        parts.push(format!("{} allowed", plural(*allowed, "warning")));
    }
    let after_only = match totals.after_only {
        0 => String::new(),
        n => format!(" ({n} on after-only evidence)"),
    };
    let stated = match totals.stated {
        0 => String::new(),
        n => format!("; the references of {n} are those of `;! declare` lines in logs"),
    };
    let expected = match totals.expected {
        None => String::new(),
        Some(ExpectedReferences { expected, resolved, .. }) => format!(
            "; of {} that should be declared, {resolved} {} known",
            plural(expected, "reference"),
            if resolved == 1 { "is" } else { "are" },
        ),
    };
    let tables_only = match totals.tables_only {
        0 => String::new(),
        n => format!("; of {n}, stack maps and exception handlers only"),
    };
    let nothing = match totals.checked_nothing() {
        true => "; nothing was checked, since no stack map lists anything",
        false => "",
    };
    format!(
        "{}{after_only}: {} ({}, {}, {}, {} of them shared){stated}{expected}{tables_only}{nothing}",
        plural(*functions, "function"),
        parts.join(", "),
        plural(stats.safepoints, "safepoint"),
        plural(stats.roots, "root"),
        plural(stats.slots, "slot"),
        stats.shared_slots,
    )
}

/// Returns `a.log:4:5: error[SM001] in %f: message`.
pub(super) fn finding_line(record: &Record, found: &PrintedFinding) -> String {
    let place = at(record.shown_path(), [found.line, found.column]);
    let (severity, code, message) = (found.severity, found.code, &found.message);
    let evidence = record.evidence_note();
    let line = found.labels.first().map(within).unwrap_or_default();
    let (known, function) = (known(found.known), in_function(record));
    format!("{place}: {known}{severity}[{code}]{function}{line}{evidence}: {message}")
}

/// Returns `a.log:4:5: unsupported in %f: reason`.
pub(super) fn reason_line(record: &Record, reason: &str) -> String {
    let place = at(&record.input, [record.line, record.column]);
    let (known, function) = (known(record.known), in_function(record));
    format!("{place}: {known}{}{function}: {reason}", record.verdict.name())
}

/// Returns the word in front of what a baseline has.
pub(super) fn known(is_known: bool) -> &'static str {
    if is_known { "known " } else { "" }
}

/// Returns ` in %f`, if there is a function.
pub(super) fn in_function(record: &Record) -> String {
    record.function.as_deref().map_or_else(String::new, |name| format!(" in {name}"))
}

/// Returns `skipped: notes.txt: holds no record of the spiller`.
pub(super) fn skipped_line(skipped: &Skipped) -> String {
    format!("skipped: {}: {}", skipped.input, skipped.reason)
}
