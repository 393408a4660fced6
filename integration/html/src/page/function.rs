//! One function with findings.

use maud::{Markup, html};
use stackmap_report::{Evidence, Record};

use super::{finding, source, summary};
use crate::drawing::Picture;

/// Returns the article on a function; `number` is unique in the page.
pub(crate) fn function(function: &Record, pictures: &[Picture], number: usize) -> Markup {
    let id = format!("f{number}");
    let name = function.function.as_deref().unwrap_or("(no function)");
    html! {
        article id=(id) {
            h3 {
                code { (name) } " "
                span class={ "verdict " (summary::class(function.verdict)) } { (function.verdict) }
            }
            p.where {
                (function.input) " · " (function.evidence.name()) " evidence · " (summary::sizes(function.stats))
            }
            @if pictures.is_empty() {
                p.note { (no_pictures(function.evidence)) }
            }
            @for (i, found) in function.findings.iter().enumerate() {
                @let id = format!("{id}-{}", i + 1);
                (finding::finding(found, function.texts.as_ref(), pictures.get(i), &id))
            }
            @if !pictures.is_empty() && pictures.len() < function.findings.len() {
                p.note { "Only the first " (pictures.len()) " findings are drawn." }
            }
            @if let Some(listing) = &function.texts { (source::whole(&listing.after)) }
        }
        "\n"
    }
}

/// Returns the explanation why there are no pictures.
fn no_pictures(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::AfterOnly => {
            "There are no pictures: they show which value is meant, and a function alone does \
             not say."
        }
        Evidence::Code => {
            "There are no pictures: they show what slots hold, and this is about the tables of \
             machine code, and its instructions."
        }
        Evidence::Pair | Evidence::None => {
            "There are no pictures: the two functions are not the same program, or they were \
             not at hand."
        }
    }
}
