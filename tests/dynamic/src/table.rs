//! The page of the documentation, made of the counts.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write};

use crate::case::{Codes, Reason, Wrong};
use crate::totals::Totals;
use crate::world::Counts;

/// The introduction of the page.
const HEAD: &str = include_str!("head.md");

/// The page.
pub fn page(totals: &Totals) -> String {
    let mut page = HEAD.to_owned();
    // Writing to a string cannot fail.
    let _ = write_page(&mut page, totals);
    page
}

fn write_page(page: &mut String, totals: &Totals) -> fmt::Result {
    verified(page, totals)?;
    violated(page, totals)?;
    codes(page, totals)?;
    counts(page, totals)?;
    writeln!(page, "\n## Sketches that cannot be run\n")?;
    obstacles(page, &totals.obstacles)?;
    writeln!(page, "\nNot as machine code:\n")?;
    obstacles(page, &totals.machine_obstacles)
}

fn verified(page: &mut String, totals: &Totals) -> fmt::Result {
    writeln!(page, "\n## What is verified\n")?;
    writeln!(
        page,
        "| functions | verified, and the same | as machine code too | the code verified |"
    )?;
    writeln!(page, "|---|---:|---:|---:|")?;
    for (origin, row) in &totals.rows {
        writeln!(
            page,
            "| {origin} | {} | {} | {} |",
            row.verified, row.verified_machine, row.verified_code
        )?;
    }
    let sum: usize = totals.rows.values().map(|row| row.verified).sum();
    let machine: usize = totals.rows.values().map(|row| row.verified_machine).sum();
    let code: usize = totals.rows.values().map(|row| row.verified_code).sum();
    writeln!(page, "| all | {sum} | {machine} | {code} |")?;
    let Codes { checked, tables_only } = totals.done.code;
    writeln!(
        page,
        "\nEach machine function that ran was verified by the level [code](machine-code.md) before \
         it did, whatever the pair's verdict: {checked} with their instructions, {tables_only} by \
         their tables only, none violated."
    )
}

fn violated(page: &mut String, totals: &Totals) -> fmt::Result {
    writeln!(page, "\n## What is violated\n")?;
    write!(page, "| functions | violated | go wrong | bad root | stale | different | stuck |")?;
    writeln!(page, " as machine code |{} not decided |", reasons_head())?;
    writeln!(page, "|---|{}", "---:|".repeat(8 + Reason::ALL.len()))?;
    let (mut all, mut shown, mut unseen) = (0, 0, BTreeMap::new());
    for (origin, row) in &totals.rows {
        let wrong: usize = row.wrong.values().sum();
        let by = |wrong| row.wrong.get(&wrong).copied().unwrap_or(0);
        let how = [Wrong::BadRoot, Wrong::Stale, Wrong::Different, Wrong::Stuck].map(by);
        let how: Vec<String> = how.iter().map(usize::to_string).collect();
        write!(page, "| {origin} | {} | {wrong} | {} |", row.violated, how.join(" | "))?;
        write!(page, " {} of {} |", row.wrong_machine, row.tried_machine)?;
        writeln!(page, "{} {} |", reasons(&row.reasons), row.undecided)?;
        all += row.violated;
        shown += wrong;
        for (reason, count) in &row.reasons {
            *unseen.entry(*reason).or_insert(0) += count;
        }
    }
    writeln!(page, "\n{shown} of {all} go wrong; {} do not:\n", all - shown)?;
    for reason in Reason::ALL {
        let count = unseen.get(&reason).copied().unwrap_or(0);
        writeln!(page, "* {count}: {}.", explain(reason))?;
    }
    writeln!(
        page,
        "\nOf these, {} could be shown by no execution in this world: the path is dead, or all \
         decisions there are were tried.",
        totals.never
    )
}

fn explain(reason: Reason) -> &'static str {
    match reason {
        Reason::NoEffect => {
            "an instruction is given something wrong, and what it makes of it has no effect \
             outside (*operand without effect*)"
        }
        Reason::DeadPath => {
            "no decisions lead along the finding's path: a branch on it always goes another \
             way, which the verifier does not ask about, or all decisions were tried (*dead path*)"
        }
        Reason::PathNotFound => {
            "there are too many decisions to try all, and none of those tried lead along the \
             path (*path not found*)"
        }
        Reason::NullThere => {
            "the path was taken, but the value is null there or a number, which does not move \
             (*null there*)"
        }
        Reason::SameThere => {
            "the path was taken, but the value it is mixed up with is the same object there, or \
             the collector never finds out (*same there*)"
        }
    }
}

fn reasons_head() -> String {
    Reason::ALL.iter().map(|reason| format!(" {} |", reason.name())).collect()
}

fn reasons(counts: &BTreeMap<Reason, usize>) -> String {
    let count = |reason| counts.get(reason).copied().unwrap_or(0);
    Reason::ALL.iter().map(|reason| format!(" {} |", count(reason))).collect()
}

fn codes(page: &mut String, totals: &Totals) -> fmt::Result {
    writeln!(page, "\n## By finding\n")?;
    writeln!(page, "| code | go wrong |{}", reasons_head())?;
    writeln!(page, "|---|{}", "---:|".repeat(1 + Reason::ALL.len()))?;
    for (code, (wrong, unseen)) in &totals.codes {
        writeln!(page, "| {code} {} | {wrong} |{}", code.name(), reasons(unseen))?;
    }
    Ok(())
}

fn counts(page: &mut String, totals: &Totals) -> fmt::Result {
    writeln!(page, "\n## How much was run\n")?;
    writeln!(page, "| | runs | safepoints | roots updated | objects moved | thrown |")?;
    writeln!(page, "|---|---:|---:|---:|---:|---:|")?;
    let mut line = |name: &str, counts: &Counts| {
        let Counts { runs, safepoints, roots, moved, thrown, .. } = counts;
        writeln!(page, "| {name} | {runs} | {safepoints} | {roots} | {moved} | {thrown} |")
    };
    line("interpreter", &totals.done.interpreted)?;
    line("machine code", &totals.done.machine)?;
    writeln!(
        page,
        "\n{} functions before spilling, {} of them run with all decisions there are. {} go wrong \
         with the collector unless they are spilled. Blocks were entered again {} times.",
        totals.functions, totals.exhausted, totals.need_spilling, totals.done.interpreted.again
    )
}

fn obstacles(page: &mut String, obstacles: &BTreeMap<impl Display, Vec<String>>) -> fmt::Result {
    for (obstacle, names) in obstacles {
        writeln!(page, "* {obstacle}: {}", names.join(", "))?;
    }
    Ok(())
}
