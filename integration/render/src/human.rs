//! One finding, in the manner of rustc.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use stackmap_verifier::findings::{Finding, Label, Severity, WitnessBlock};
use stackmap_verifier::model::Origin;

use crate::{Listing, Part, Style, visible};

/// Renders one finding, without a line end after the last line. `context` becomes
/// a note: which function the finding is of, and what it rests on.
///
/// Cost: linear in the finding and the listing.
pub fn human(
    finding: &Finding,
    listing: Option<&Listing>,
    context: Option<&str>,
    style: Style,
) -> String {
    let (finding, listing) = (&visible_finding(finding), listing.cloned().map(Listing::visible));
    let (listing, context) = (listing.as_ref(), context.map(visible));
    let level = match finding.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(finding.message.as_str()).id(finding.code.code());
    let mut group = Group::with_title(title);
    let mut elsewhere: Vec<&Label> =
        std::iter::once(&finding.primary).chain(&finding.secondary).collect();
    for part in listing.into_iter().flat_map(Listing::parts) {
        let shown = |label: &&Label| span(part, label.site.origin).is_some();
        if elsewhere.iter().any(shown) {
            group = group.element(snippet(part, finding));
        }
        elsewhere.retain(|label| !shown(label));
    }
    // What the lines would be labelled with that are not shown.
    for label in elsewhere {
        group = group.element(Level::NOTE.message(placed(label)));
    }
    if !finding.witness.is_empty() {
        group = group.element(Level::NOTE.message(witness(&finding.witness, style.max_witness)));
    }
    for note in &finding.notes {
        group = group.element(Level::NOTE.message(placed(note)));
    }
    if let Some(context) = &context {
        group = group.element(Level::NOTE.message(&**context));
    }
    group = group.element(Level::HELP.message(finding.help));
    let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Ascii).render(&[group])
}

/// The same, without anything in it that does something where it is shown.
fn visible_finding(finding: &Finding) -> Finding {
    let mut shown = finding.clone();
    let events = shown.witness.iter_mut().flat_map(|block| &mut block.events);
    let labels = std::iter::once(&mut shown.primary).chain(&mut shown.secondary);
    for label in labels.chain(&mut shown.notes).chain(events) {
        label.text = visible(&label.text).into_owned();
        label.site.block = visible(&label.site.block).into_owned();
    }
    for block in &mut shown.witness {
        block.site.block = visible(&block.site.block).into_owned();
    }
    Finding { message: visible(&finding.message).into_owned(), ..shown }
}

/// The path, block by block, with what happens in each.
fn witness(blocks: &[WitnessBlock], max: usize) -> String {
    let mut lines = vec!["it happens on this path:".to_owned()];
    let hidden = blocks.len().saturating_sub(max);
    // The end of a path tells more than its beginning.
    let first_hidden = (blocks.len() - hidden) / 2;
    for (i, block) in blocks.iter().enumerate() {
        if hidden > 0 && i == first_hidden {
            lines.push(format!("  ... {hidden} blocks not shown (see --max-witness)"));
        }
        if i >= first_hidden && i < first_hidden + hidden {
            continue;
        }
        let back = if block.by_back_edge { " (by the back edge)" } else { "" };
        lines.push(format!("  {}{back}", block.site.block));
        for event in &block.events {
            lines.push(format!("    {}", placed(event)));
        }
    }
    lines.join("\n")
}

/// `line 12: text`, or `block3: text`; a declaration has neither.
fn placed(label: &Label) -> String {
    match (label.site.origin.line(), label.site.block.as_str()) {
        (Some(line), _) => format!("line {line}: {}", label.text),
        (None, "") => label.text.clone(),
        (None, block) => format!("{block}: {}", label.text),
    }
}

fn snippet<'a>(part: &'a Part, finding: &'a Finding) -> Snippet<'a, Annotation<'a>> {
    let annotation = |kind: AnnotationKind, label: &'a Label| {
        let span = span(part, label.site.origin)?;
        Some(kind.span(span).label(label.text.as_str()))
    };
    let primary = annotation(AnnotationKind::Primary, &finding.primary);
    let secondary = finding.secondary.iter();
    let secondary = secondary.filter_map(|label| annotation(AnnotationKind::Context, label));
    Snippet::source(&*part.text)
        .path(part.title())
        .line_start(part.first_line as usize)
        .annotations(primary.into_iter().chain(secondary))
}

/// The bytes of the text that an origin covers.
fn span(part: &Part, origin: Origin) -> Option<Range<usize>> {
    let line = origin.line()?.checked_sub(part.first_line)? as usize;
    let mut starts = std::iter::once(0).chain(part.text.match_indices('\n').map(|(i, _)| i + 1));
    let start = starts.nth(line)? + origin.column.saturating_sub(1) as usize;
    let end = start + origin.length as usize;
    part.text.get(start..end).map(|_| start..end)
}
