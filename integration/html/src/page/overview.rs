//! What stands around the functions of a page of functions.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use stackmap_report::{Verdict, plural};

use super::{BEFORE_UNJUDGED, FOOT, summary};
use crate::about::About;
use crate::shown::{LeftOut, Shown};

/// Returns the part up to the functions, with the body left open.
pub(crate) fn explored_head(shown: &[Shown], unshown: &LeftOut, about: &About) -> Markup {
    let title = format!("Stack maps of {}", plural(shown.len(), "function"));
    html! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\">"))
        (super::head_of(&format!("stackmap-verify: {title}")))
        (PreEscaped("<body>\n<main class=\"wide\">"))
        header {
            h1 { (title) }
            p.by {
                "Written by " code { "stackmap-verify explore" } "."
                @if !about.rule.is_empty() { " Held to the rule for " (about.rule) "." }
            }
        }
        (left_out(unshown))
        @if shown.len() > 1 { (index(shown)) }
        (legend())
        (PreEscaped("<section id=\"functions\">"))
    }
}

/// Returns what is left out, and how to choose.
fn left_out(left_out: &LeftOut) -> Markup {
    let count = left_out.count();
    let verdicts: Vec<String> =
        left_out.verdicts.iter().map(|(verdict, count)| format!("{count} {verdict}")).collect();
    html! {
        @if count > 0 {
            p.note {
                (plural(count, "more function")) " (" (verdicts.join(", ")) ") "
                @if count == 1 { "is" } @else { "are" } " not shown: choose with "
                code { "--function NAME" } ", or show more with " code { "--most N" } "."
            }
            details {
                summary { "Which" }
                ul.names {
                    @for (function, input) in &left_out.names { li { (function) " " span.where { (input) } } }
                    @if count > left_out.names.len() { li { "… and " (count - left_out.names.len()) " more" } }
                }
            }
        }
    }
}

fn index(shown: &[Shown]) -> Markup {
    html! {
        section id="index" {
            h2 { "Functions" }
            div.scroll tabindex="0" role="group" aria-label="Functions" {
                table.inputs {
                    thead {
                        tr {
                            th scope="col" { "function" }
                            th scope="col" { "verdict" }
                            @for what in ["safepoints", "entries", "slots", "shared", "references"] {
                                th.number scope="col" { (what) }
                            }
                        }
                    }
                    tbody { @for (i, shown) in shown.iter().enumerate() { (row(shown, i + 1)) } }
                }
            }
        }
    }
}

fn row(shown: &Shown, number: usize) -> Markup {
    let verdict = worst(shown);
    let stats = shown.stats;
    html! {
        tr {
            th scope="row" {
                a href={ "#f" (number) } { (shown.function) } " " span.where { (shown.input) }
            }
            td class=(summary::class(verdict)) { (verdict) }
            @for count in [stats.safepoints, stats.roots, stats.slots, stats.shared_slots, stats.references] {
                td.number.zero[count == 0] { (count) }
            }
        }
    }
}

/// Returns the verdict on the form of a function that matters most.
fn worst(shown: &Shown) -> Verdict {
    let is = |wanted| shown.forms.iter().any(|&(_, verdict)| verdict == wanted);
    let order = [Verdict::Violated, Verdict::Error, Verdict::Unsupported];
    order.into_iter().find(|&verdict| is(verdict)).unwrap_or(Verdict::Verified)
}

/// Returns the part of a function before its sections; `number` is unique in the page.
pub(crate) fn before_sections(shown: &Shown, number: usize) -> Markup {
    html! {
        (PreEscaped("<article id=\"f"))(number)(PreEscaped("\">"))
        h3 { code { (shown.function) } }
        p.where {
            (shown.input)
            @if shown.forms.len() > 1 {
                @for (i, (form, _)) in shown.forms.iter().enumerate() {
                    " · " a href={ "#f" (number) "-" (i + 1) } { (form.to_lowercase()) }
                }
            }
        }
    }
}

/// The part of a function behind its sections.
pub(crate) const AFTER_SECTIONS: &str = "</article>\n";

/// Returns the end of the page.
pub(crate) fn explored_foot(unread: &[String]) -> Markup {
    html! {
        (PreEscaped("</section>\n"))
        @if !unread.is_empty() {
            (PreEscaped(BEFORE_UNJUDGED))
            @for row in unread { (PreEscaped(row)) }
            (PreEscaped("</tbody></table></div></section>\n"))
        }
        (PreEscaped(FOOT))
    }
}

/// Returns the legend of the pictures.
fn legend() -> Markup {
    html! {
        details.legend {
            summary { "How to read this" }
            dl {
                dt { "timeline" }
                dd {
                    "A row is a stack slot, a column is a program point, by its line. A bar shows what \
                     the slot holds " em { "before" } " that line, on every path to it. "
                    code { "v0 | v1" } " is one or the other, by path; " code { "stale v0" }
                    " is where the object was before the collector moved it; where there is no bar, \
                     nothing was written."
                }
                dt { "live references" }
                dd {
                    "The rows below the line. A bar says that the reference is used later on some path, \
                     and names the slots that hold it there. ✕ marks a safepoint that it is live \
                     across without being in the stack map."
                }
                dt { "safepoint" }
                dd {
                    "A dashed vertical line, which leads to the line of the function. A dot on it says \
                     that the stack map lists the slot, or a slot with the reference."
                }
                dt { "lines" }
                dd {
                    "On the left before spilling, on the right after it; what the spiller inserted \
                     is marked. Point at a safepoint, or move to it with the tabulator key, to see its \
                     whole stack map. " code { "@002b" } " in front of a line is the place in the \
                     source, of WebAssembly the offset in the module."
                }
                dt { "one function alone" }
                dd {
                    "Without the function before spilling it is not known what is live. Each value is \
                     called what it is called where it was stored, and only values known to be \
                     references go stale."
                }
            }
        }
    }
}
