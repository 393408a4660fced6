//! One function with findings.

use maud::{Markup, html};

use super::{finding, source, summary};
use crate::document::Function;

/// The article on a function; `number` is unique in the page.
pub(crate) fn function(function: &Function, number: usize) -> Markup {
    let id = format!("f{number}");
    let name = function.name.as_deref().unwrap_or("(no function)");
    html! {
        article id=(id) {
            h3 {
                code { (name) } " "
                span class={ "verdict " (summary::class(function.verdict)) } { (function.verdict) }
            }
            p.where {
                (function.input) " · " (function.evidence) " evidence · " (summary::sizes(function.stats))
            }
            @if function.pictures.is_empty() {
                p.note { (no_pictures(function.evidence)) }
            }
            @for (i, found) in function.findings.iter().enumerate() {
                @let id = format!("{id}-{}", i + 1);
                (finding::finding(found, function.listing.as_ref(), function.pictures.get(i), &id))
            }
            @if !function.pictures.is_empty() && function.pictures.len() < function.findings.len() {
                p.note { "Only the first " (function.pictures.len()) " findings are drawn." }
            }
            @if let Some(listing) = &function.listing { (source::whole(&listing.after)) }
        }
        "\n"
    }
}

/// Why nothing is drawn.
fn no_pictures(evidence: &str) -> &'static str {
    match evidence {
        "after-only" => {
            "There are no pictures: they show which value is meant, and a function alone does \
             not say."
        }
        _ => {
            "There are no pictures: the two functions are not the same program, or they were \
             not at hand."
        }
    }
}
