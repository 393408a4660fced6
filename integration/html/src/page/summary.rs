//! The sums, the inputs, the findings, and the functions that could not be judged.

use maud::{Markup, PreEscaped, html};
use stackmap_report::{ExpectedReferences, Record, Summary, Totals, Verdict, plural, visible};
use stackmap_verifier::Stats;

use crate::about::About;
use crate::contents::{Contents, Input};

/// The number of inputs that are listed unfolded.
const MOST_OPEN: usize = 20;

/// The number of inputs that a table lists.
const MOST_LISTED: usize = 3000;

/// Returns the outcome of a run in a few words.
pub(super) fn verdict(sums: &Summary) -> String {
    let count = |count: usize, what: &str| match count {
        0 => None,
        count => Some(format!("{count} {what}")),
    };
    let parts: Vec<String> = [
        count(sums.all.violated, "violated"),
        count(sums.all.unsupported, "unsupported"),
        count(sums.all.errors, "unreadable"),
        count(sums.all.verified, "verified"),
    ]
    .into_iter()
    .flatten()
    .collect();
    match parts.is_empty() {
        true => "nothing was checked".to_owned(),
        false => parts.join(", "),
    }
}

pub(super) fn summary(sums: &Summary, about: &About, contents: &Contents) -> Markup {
    let tiles = [
        ("functions", sums.all.functions, ""),
        ("violated", sums.all.violated, "bad"),
        ("unsupported", sums.all.unsupported, "unsure"),
        ("unreadable", sums.all.errors, "unsure"),
        ("warnings", sums.all.warnings, "warn"),
        ("verified", sums.all.verified, "good"),
    ];
    html! {
        header {
            h1 { "Stack maps: " (verdict(sums)) }
            p.by { "A report of " code { "stackmap-verify" } "." }
        }
        section id="summary" {
            dl.tiles {
                @for (what, count, class) in tiles {
                    div class={ "tile " @if count > 0 { (class) } } {
                        dt { (what) }
                        dd { (count) }
                    }
                }
            }
            p.sizes { (sizes(sums.all.stats)) "." }
            (rule(sums, about))
            @if !sums.assumed.is_empty() {
                p.note { "Taken at its word: " (visible(&sums.assumed.join(", "))) "." }
            }
            @if let Some(file) = &sums.config { p.note { "With the settings of " code { (visible(file)) } "." } }
            @if sums.baseline.is_some() || !sums.all.known.is_empty() { (baseline(sums)) }
            @if let Some(ExpectedReferences { expected, resolved, .. }) = sums.all.expected {
                p.sizes {
                    "Of " (expected) " references that should be declared, " (resolved) " are known."
                }
            }
            @if sums.optimized.functions > 0 {
                p.note {
                    (sums.optimized.functions) " of these are functions that are counted twice: they were "
                    "judged once more after optimization, by what they show by themselves."
                }
            }
            @if sums.code.functions > 0 {
                p.note {
                    (sums.code.functions) " of these are functions that are counted again for their "
                    "machine code: whether its stack maps and exception tables are those of the "
                    "function that was lowered, and whether its instructions use the slots as it does."
                    @if sums.code.tables_only > 0 {
                        " Of " (sums.code.tables_only) " of them, the instructions were not checked."
                    }
                }
            }
            @if sums.all.verified + sums.all.violated + sums.all.unsupported + sums.all.errors == 0 {
                p.note { "Nothing was checked, so nothing is claimed." }
            }
            (places(contents))
        }
    }
}

/// Returns what a baseline says of the run.
fn baseline(sums: &Summary) -> Markup {
    let known = sums.all.known;
    html! {
        p.note {
            "Known by a baseline, and nothing that fails the run: "
            (plural(known.errors + known.warnings, "finding")) " and "
            (plural(known.unsupported, "unsupported function")) "."
            @if let Some(compared) = &sums.baseline {
                @if !compared.gone.is_empty() {
                    " Gone is what " (compared.gone.len()) " of its entries are about."
                }
                @if compared.elsewhere > 0 {
                    " " (compared.elsewhere) " are about inputs that were not checked, or not completely."
                }
            }
        }
    }
}

/// Returns the sizes of functions, in words.
pub(super) fn sizes(stats: Stats) -> String {
    let Stats { blocks, instructions, references, safepoints, roots, slots, shared_slots } = stats;
    let counts = [
        (safepoints, "safepoint", "safepoints"),
        (roots, "stack map entry", "stack map entries"),
        (slots, "slot", "slots"),
        (shared_slots, "of them shared", "of them shared"),
        (references, "reference", "references"),
        (blocks, "block", "blocks"),
        (instructions, "instruction", "instructions"),
    ];
    let words =
        counts.map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }));
    words.join(", ")
}

/// Returns what the functions were held to.
fn rule(sums: &Summary, about: &About) -> Markup {
    let (certified, verified) = (sums.all.certified, sums.all.verified);
    html! {
        p.sizes {
            @if !about.rule.is_empty() { "Held to the rule for " (about.rule) ". " }
            @match about.certify {
                Some(true) => { "A second program checked the proofs of " (certified) " of " (verified) " verified functions: those of pairs." }
                Some(false) => { "No proof was checked by a second program (" code { "--certify" } ")." }
                None if certified > 0 => { "A second program checked the proofs of " (certified) " functions." }
                None => {}
            }
        }
    }
}

/// Returns links to the parts of the page.
fn places(contents: &Contents) -> Markup {
    let findings: usize = contents.groups.iter().map(|group| group.count).sum();
    let inputs = contents.inputs.len();
    let places = [
        ("findings", findings, format!("{} with findings", plural(findings, "function"))),
        ("unjudged", contents.unjudged, format!("{} not judged", contents.unjudged)),
        ("inputs", inputs, plural(inputs, "input")),
    ];
    html! {
        nav.places aria-label="Parts of the page" {
            @for (id, _, what) in places.iter().filter(|(_, count, _)| *count > 0) {
                a href={ "#" (id) } { (what) } " "
            }
        }
    }
}

/// Returns the table of inputs.
pub(crate) fn inputs(contents: &Contents) -> Markup {
    let is_plain = |input: &&Input| {
        let Totals { violated, unsupported, errors, warnings, .. } = input.totals;
        violated + unsupported + errors + warnings == 0
    };
    let all = contents.inputs.len();
    let plain = contents.inputs.iter().filter(is_plain).count();
    html! {
        @if all > 0 {
            section id="inputs" {
                h2 { "Inputs" }
                @if all <= MOST_OPEN { (table(contents.inputs.iter())) } @else {
                    @if plain < all {
                        (table(contents.inputs.iter().filter(|input| !is_plain(input))))
                    }
                    @if plain > 0 {
                        details {
                            summary { (plain) " of " (all) " inputs are verified, without a warning" }
                            (table(contents.inputs.iter().filter(is_plain)))
                        }
                    }
                }
            }
        }
    }
}

fn table<'i>(mut inputs: impl Iterator<Item = &'i Input>) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label="Inputs" {
            table.inputs {
                thead {
                    tr {
                        th scope="col" { "input" }
                        @for what in ["violated", "unsupported", "unreadable", "warnings", "verified"] {
                            th.number scope="col" { (what) }
                        }
                    }
                }
                tbody {
                    @for input in inputs.by_ref().take(MOST_LISTED) {
                        tr {
                            th scope="row" { (linked(input)) }
                            (cell(input.totals.violated, "bad"))
                            (cell(input.totals.unsupported, "unsure"))
                            (cell(input.totals.errors, "unsure"))
                            (cell(input.totals.warnings, "warn"))
                            (cell(input.totals.verified, "good"))
                        }
                    }
                }
            }
        }
        @let unlisted = inputs.count();
        @if unlisted > 0 { p.note { (unlisted) " more are not listed." } }
    }
}

/// Returns the name of an input, which leads to the first of its functions that is shown.
fn linked(input: &Input) -> Markup {
    html! {
        @match input.first {
            Some(number) => { a href={ "#f" (number) } { (input.name) } }
            None if input.totals.unsupported + input.totals.errors > 0 => { a href="#unjudged" { (input.name) } }
            None => { (input.name) }
        }
    }
}

fn cell(count: usize, class: &str) -> Markup {
    match count {
        0 => html! { td.number.zero { "0" } },
        count => html! { td class={ "number " (class) } { (count) } },
    }
}

/// Returns the CSS class of a verdict.
pub(super) fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Verified => "good",
        Verdict::Violated => "bad",
        Verdict::Unsupported | Verdict::Error => "unsure",
    }
}

/// Returns the table row for a function or an input that could not be judged.
pub(crate) fn unjudged_row(function: &Record) -> Markup {
    html! {
        tr {
            th scope="row" {
                (function.input)
                @if let Some(line) = function.line { ":" (line) }
            }
            td { @if let Some(name) = &function.function { code { (name) } } }
            td class=(class(function.verdict)) {
                (function.verdict)
                @if function.known { " " (super::known()) }
            }
            td { (super::inline::with_code(function.reason.as_deref().unwrap_or_default())) }
        }
        "\n"
    }
}

/// Returns the part after these rows.
pub(crate) fn after_unjudged(contents: &Contents) -> Markup {
    html! {
        (PreEscaped("</tbody></table></div>"))
        @if contents.unjudged_left_out > 0 {
            p.note {
                (contents.unjudged_left_out) " more are not listed; "
                code { "--format json" } " lists all."
            }
        }
        (PreEscaped("</section>\n"))
    }
}
