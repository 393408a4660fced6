//! Renders findings with source lines, in the manner of rustc.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use stackmap_verifier::findings::Severity;

use crate::listing::{Listing, Part};
use crate::printed::{Event, PrintedFinding};
use crate::record::Record;
use crate::result::FunctionResult;
use crate::verdict::Evidence;

/// The style of the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to use colours, as terminal escape sequences.
    pub color: bool,
    /// The maximum number of blocks of a witness path to show; the middle of a longer path is
    /// omitted.
    pub max_witness: usize,
}

impl Default for Style {
    /// No colours, and whole paths.
    fn default() -> Style {
        Style { color: false, max_witness: usize::MAX }
    }
}

impl FunctionResult {
    /// Renders the findings with source lines, or the reason why there is no verdict; the empty
    /// string if there is neither.
    ///
    /// Cost: linear in the findings and, for each finding, in the texts.
    pub fn render(&self, style: Style) -> String {
        let record = self.clone().print(style.max_witness).visible();
        if let Some(reason) = &record.reason {
            let function = record.function.as_deref().unwrap_or_default();
            let when = match (record.evidence, record.optimized) {
                (Evidence::Code, _) => " as machine code",
                (Evidence::Pair | Evidence::AfterOnly | Evidence::None, true) => {
                    " after optimization"
                }
                (Evidence::Pair | Evidence::AfterOnly | Evidence::None, false) => "",
            };
            return format!("the function {function} cannot be verified{when}: {reason}\n");
        }
        let findings = record.findings.iter();
        findings.map(|finding| snippet(&record, finding, style.color, None) + "\n\n").collect()
    }
}

/// Returns the renderer for text.
pub(super) fn renderer(color: bool) -> Renderer {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii)
}

/// Renders one finding of a [visible](Record::visible) record, with this note at the end, and
/// without a line end after the last line.
///
/// Cost: linear in the finding and the texts.
pub(super) fn snippet(
    record: &Record,
    finding: &PrintedFinding,
    color: bool,
    last: Option<&str>,
) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.code.code());
    let mut group = Group::with_title(title);
    let mut elsewhere: Vec<&Event> = finding.labels.iter().collect();
    for part in record.texts.iter().flat_map(Listing::parts) {
        let shown = |label: &&Event| span(part, label).is_some();
        if elsewhere.iter().any(shown) {
            group = group.element(lines(part, finding));
        }
        elsewhere.retain(|label| !shown(label));
    }
    // The labels of lines that are not shown.
    for label in elsewhere {
        group = group.element(Level::NOTE.message(placed(label)));
    }
    if !finding.witness.is_empty() || finding.omitted.is_some() {
        group = group.element(Level::NOTE.message(witness(finding)));
    }
    for note in &finding.notes {
        group = group.element(Level::NOTE.message(placed(note)));
    }
    if let Some(context) = record.context() {
        group = group.element(Level::NOTE.message(context));
    }
    group = group.element(Level::HELP.message(finding.help.as_str()));
    if let Some(last) = last {
        group = group.element(Level::NOTE.message(last));
    }
    renderer(color).render(&[group])
}

/// Returns the path, block by block, with the events in each.
fn witness(finding: &PrintedFinding) -> String {
    let mut lines = vec!["it happens on this path:".to_owned()];
    let gap = |i: usize| {
        let gap = finding.omitted.filter(|gap| gap.after == i)?;
        Some(format!("  ... {} blocks not shown (see --max-witness)", gap.blocks))
    };
    for (i, block) in finding.witness.iter().enumerate() {
        lines.extend(gap(i));
        let back = if block.back_edge { " (by the back edge)" } else { "" };
        lines.push(format!("  {}{back}", block.block));
        lines.extend(block.events.iter().map(|event| format!("    {}", placed(event))));
    }
    lines.extend(gap(finding.witness.len()));
    lines.join("\n")
}

/// Returns `line 12: text`, or `block3: text`; a declaration has neither prefix.
fn placed(event: &Event) -> String {
    match (event.line, event.block.as_str()) {
        (Some(line), _) => format!("line {line}: {}", event.text),
        (None, "") => event.text.clone(),
        (None, block) => format!("{block}: {}", event.text),
    }
}

/// Returns the lines of one function, with labels.
fn lines<'a>(part: &'a Part, finding: &'a PrintedFinding) -> Snippet<'a, Annotation<'a>> {
    let labels = finding.labels.iter().enumerate().filter_map(|(i, label)| {
        let kind = if i == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        Some(kind.span(span(part, label)?).label(label.text.as_str()))
    });
    Snippet::source(&*part.text)
        .path(part.title())
        .line_start(part.first_line as usize)
        .annotations(labels)
}

/// Returns the byte range of the text that an event is about.
fn span(part: &Part, event: &Event) -> Option<Range<usize>> {
    let line = event.line?.checked_sub(part.first_line)? as usize;
    let mut starts = std::iter::once(0).chain(part.text.match_indices('\n').map(|(i, _)| i + 1));
    let start = starts.nth(line)? + event.column.unwrap_or(0).saturating_sub(1) as usize;
    let end = start + event.length.unwrap_or(0) as usize;
    part.text.get(start..end).map(|_| start..end)
}
