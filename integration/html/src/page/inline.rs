//! Texts within a line.

use maud::{Markup, html};
use stackmap_report::Event;
use stackmap_verifier::findings::Severity;

/// A text in which names stand between backquotes.
pub(crate) fn with_code(text: &str) -> Markup {
    html! {
        @for (i, part) in text.split('`').enumerate() {
            @if i % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

/// The CSS class of a finding.
pub(super) fn class(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "bad",
        Severity::Warning => "warn",
    }
}

/// `line 12 text`, or `block3 text`; a declaration has neither.
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
