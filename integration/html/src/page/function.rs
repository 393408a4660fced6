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
                p.note { "There are no pictures: the functions themselves were not at hand." }
            }
            @for (i, found) in function.findings.iter().enumerate() {
                @let id = format!("{id}-{}", i + 1);
                (finding::finding(found, function.listing.as_ref(), function.pictures.get(i), &id))
            }
            @if !function.pictures.is_empty() && function.pictures.len() < function.findings.len() {
                p.note { "Only the first " (function.pictures.len()) " findings are drawn." }
            }
            @if let Some(listing) = &function.listing { (source::whole(listing)) }
        }
        "\n"
    }
}
