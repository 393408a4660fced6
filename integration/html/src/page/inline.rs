//! Inline markup within a line of text.

use maud::{Markup, html};
use stackmap_report::Event;
use stackmap_verifier::findings::Severity;

/// Returns a text in which names are enclosed in backquotes as markup.
pub(crate) fn with_code(text: &str) -> Markup {
    html! {
        @for (i, part) in text.split('`').enumerate() {
            @if i % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// Returns the CSS class of a finding.
pub(super) fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "warn",
    }
}

/// Returns `line 12 text`, or `block3 text`; a declaration has neither prefix.
pub(super) fn event(event: &Event) -> Markup {
    html! {
        @match (event.line, event.block.as_str()) {
            (Some(line), _) => { span.place { "line " (line) } " " }
            (None, "") => {}
            (None, block) => { span.place { (block) } " " }
        }
        (with_code(&event.text))
    }
}
