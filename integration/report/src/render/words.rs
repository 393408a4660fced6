//! Sums and counts in words.

use crate::expected::ExpectedReferences;
use crate::plural::plural;
use crate::summary::Summary;
use crate::totals::Totals;
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
    if summary.skipped > 0 {
        lines.push(format!("{} skipped", plural(summary.skipped, "file")));
    }
    lines.join("\n")
}

/// Returns `2 functions: 1 verified, 1 violated (...)`.
fn of_functions(totals: &Totals) -> String {
    let Totals { functions, verified, certified, violated, .. } = totals;
    let Totals { unsupported, errors, warnings, stats, .. } = totals;
    let mut parts = vec![format!("{verified} verified"), format!("{violated} violated")];
    if *certified > 0 {
        parts[0].push_str(&format!(" ({certified} certified)"));
    }
    for (count, what) in [(unsupported, "unsupported"), (errors, "unreadable")] {
        if *count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if *warnings > 0 {
        parts.push(plural(*warnings, "warning"));
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

/// Returns `skipped: notes.txt: holds no record of the spiller`.
pub(super) fn skipped_line(skipped: &Skipped) -> String {
    format!("skipped: {}: {}", skipped.input, skipped.reason)
}
