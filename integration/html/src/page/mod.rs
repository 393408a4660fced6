//! The page: its head, the sums, and the sections around the functions.

mod explored;
mod finding;
mod function;
mod index;
mod inline;
mod listing;
mod map;
mod margin;
mod overview;
mod source;
mod summary;
mod witness;

use maud::{DOCTYPE, Markup, PreEscaped, html};
use stackmap_report::Summary;

pub(crate) use explored::{form, section};
pub(crate) use function::function;
pub(crate) use overview::{AFTER_SECTIONS, before_sections, explored_foot, explored_head};
pub(crate) use summary::{after_unjudged, inputs, unjudged_row};

use crate::about::About;
use crate::contents::Contents;

const STYLE: &str = include_str!("style.css");

/// Returns the part up to the functions, with the body left open.
pub(crate) fn head(sums: &Summary, about: &About, contents: &Contents) -> Markup {
    html! {
        (DOCTYPE)
        (PreEscaped("<html lang=\"en\">"))
        (head_of(&format!("stackmap-verify: {}", summary::verdict(sums))))
        (PreEscaped("<body>\n<main>"))
        (summary::summary(sums, about, contents))
    }
}

/// Returns the head of a page with this title.
fn head_of(title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="generator" content={ "stackmap-verify " (env!("CARGO_PKG_VERSION")) };
            title { (title) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

/// Returns the mark of what a baseline has.
fn known() -> Markup {
    html! { span.known title="a baseline has it" { "known" } }
}

/// Returns the part before the functions.
pub(crate) fn before_functions(contents: &Contents) -> Markup {
    html! {
        (index::index(contents))
        (legend())
        (PreEscaped("<section id=\"functions\">"))
        h2 { "Functions" }
    }
}

/// Returns the part after the functions.
pub(crate) fn after_functions(contents: &Contents) -> Markup {
    let left_out = [
        (contents.violated_left_out, "violated functions"),
        (contents.warned_left_out, "functions with warnings, or of which all is known,"),
    ];
    html! {
        @for (count, what) in left_out.iter().filter(|(count, _)| *count > 0) {
            p.note { (count) " more " (what) " are not shown, but listed above; " code { "--format json" } " has all." }
        }
        (PreEscaped("</section>\n"))
    }
}

/// The part before the inputs that could not be judged.
pub(crate) const BEFORE_UNJUDGED: &str = "<section id=\"unjudged\"><h2>Not judged</h2>\
    <p>Nothing is claimed of these. The exit status of such a run is not 0, unless a baseline \
    has them.</p>\
    <div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Not judged\"><table class=\"unjudged\">\
    <thead><tr><th scope=\"col\">where</th><th scope=\"col\">function</th>\
    <th scope=\"col\">verdict</th><th scope=\"col\">why</th></tr></thead>\n<tbody>";

/// The end of the page.
pub(crate) const FOOT: &str = "</main>\n</body>\n</html>\n";

/// Returns the legend of the pictures.
fn legend() -> Markup {
    html! {
        details.legend {
            summary { "How to read the pictures" }
            dl {
                dt { "graph" }
                dd {
                    "Blocks and edges. The witness path is thick, its edges are numbered in the \
                     order in which they are taken, and a back edge is dashed. ✕ marks the \
                     block it ends in."
                }
                dt { "timeline" }
                dd {
                    "A row is a stack slot, or a value that is read at the end of the path; a \
                     column is a program point, by its line. A bar shows what the row holds "
                    em { "before" } " that line: on every path to it, or on the witness path. "
                    code { "v0 | v1" } " is one or the other, by path; " code { "old v1" }
                    " is what " code { "v1" } " was before it was defined again; "
                    code { "stale v0" } " is where the object was before the collector moved it. \
                     Where there is no bar, nothing was written."
                }
                dt { "safepoint" }
                dd {
                    "A dashed vertical line. A dot on it says that the safepoint's stack map \
                     lists the row."
                }
                dt { "path and events" }
                dd {
                    "The lines at the top are the blocks of the path, numbered from 1; a path \
                     that goes back to the left goes on one line further down. Circles \
                     are the events listed under “The path”."
                }
                dt { "clash" }
                dd { "Framed and hatched, and marked ✕: since it holds what fails at the path's end." }
            }
        }
    }
}
