//! One finding: words, lines, graph and timelines.

use maud::{Markup, html};
use stackmap_report::{Listing, PrintedFinding};

use super::inline::{class, event, with_code};
use super::{source, witness};
use crate::drawing::{Chart, Picture};
use crate::svg::{self, NO_LINKS};

pub(super) fn finding(
    finding: &PrintedFinding,
    listing: Option<&Listing>,
    picture: Option<&Picture>,
    id: &str,
) -> Markup {
    let class = class(finding.severity);
    html! {
        section class={ "finding " (class) } id=(id) {
            h4 {
                span class={ "code " (class) } { (finding.severity) " " (finding.code.code()) }
                " " span.name { (finding.code.name()) }
                @if finding.known { " " (super::known()) }
            }
            p.message { (with_code(&finding.message)) }
            p.help { strong { "Help: " } (with_code(&finding.help)) }
            @match listing {
                Some(listing) => { (source::excerpt(listing, finding)) }
                None => { (labels(finding)) }
            }
            @if !finding.notes.is_empty() {
                ul.notes { @for note in &finding.notes { li { (event(note)) } } }
            }
            div.path-and-graph {
                (witness::witness(finding))
                @if let Some(picture) = picture {
                    figure.graph {
                        figcaption { "Control flow" }
                        div.scroll tabindex="0" role="group" aria-label="Control-flow graph" {
                            (svg::graph(&picture.graph, &format!("{id}-g")))
                        }
                        @if picture.graph.left_out > 0 {
                            p.note { (picture.graph.left_out) " blocks that the path does not touch are not drawn." }
                        }
                    }
                }
            }
            @if let Some(picture) = picture { (timelines(picture, id)) }
        }
    }
}

fn timelines(picture: &Picture, id: &str) -> Markup {
    html! {
        @match &picture.layout {
            Some(chart) => {
                h5 { "Slot timeline: what is known on all paths, in the order of the text" }
                (svg::timeline(chart, &format!("{id}-l"), "Slot timeline on all paths", NO_LINKS))
                (left_out(chart))
            }
            None => {
                p.note {
                    "The function is too large to work out what its slots hold on all paths."
                }
            }
        }
        h5 { "Slot timeline along the witness path" }
        (svg::timeline(&picture.path, &format!("{id}-p"), "Slot timeline along the witness path", NO_LINKS))
        (left_out(&picture.path))
    }
}

pub(super) fn left_out(chart: &Chart) -> Markup {
    let left_out = [
        (chart.rows_left_out, "slots that the finding is not about"),
        (chart.points_left_out, "program points that tell less"),
    ];
    html! {
        @for (count, what) in left_out.iter().filter(|(count, _)| *count > 0) {
            p.note { (count) " " (what) " are not shown." }
        }
    }
}

/// Returns the labels as a list, if there are no source lines to attach them to.
fn labels(finding: &PrintedFinding) -> Markup {
    html! {
        ul.labels { @for label in &finding.labels { li { (event(label)) } } }
    }
}
