//! `human`: findings with the lines they are about, in the manner of rustc.

use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};
use stackmap_verifier::findings::{Finding, Label, Severity, WitnessBlock};
use stackmap_verifier::model::Origin;

use super::{Render, Style, short, sums};
use crate::outcome::{Checked, Listing, Summary};

/// The human renderer.
pub(super) struct Human {
    renderer: Renderer,
    max_witness: usize,
}

impl Human {
    pub(super) fn new(style: Style) -> Self {
        let renderer = if style.color { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        Human { renderer, max_witness: style.max_witness }
    }

    fn finding(&self, checked: &Checked, finding: &Finding) -> String {
        let level = match finding.severity() {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let title = level.primary_title(finding.message.as_str()).id(finding.code.code());
        let mut group = match &checked.listing {
            Some(listing) => title.element(snippet(listing, finding)),
            None => Group::with_title(title),
        };
        if !finding.witness.is_empty() {
            group = group.element(Level::NOTE.message(self.witness(&finding.witness)));
        }
        for note in &finding.notes {
            group = group.element(Level::NOTE.message(placed(note)));
        }
        if let Some(function) = &checked.function {
            let evidence = checked.evidence.name();
            let text = format!("in function {function} ({evidence} evidence)");
            group = group.element(Level::NOTE.message(text));
        }
        group = group.element(Level::HELP.message(finding.help));
        self.renderer.render(&[group])
    }

    /// The path, block by block, with what happens in each.
    fn witness(&self, blocks: &[WitnessBlock]) -> String {
        let mut lines = vec!["it happens on this path:".to_owned()];
        let hidden = blocks.len().saturating_sub(self.max_witness);
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
}

impl Render for Human {
    fn function(&mut self, out: &mut dyn Write, checked: &Checked) -> io::Result<()> {
        for finding in &checked.findings {
            writeln!(out, "{}\n", self.finding(checked, finding))?;
        }
        if let Some(reason) = &checked.reason {
            let place = short::place(&checked.input, reason);
            let function = checked.function.as_deref().map(|name| format!(" ({name})"));
            let verdict = checked.verdict.name();
            let text = format!("{place}{}: {}", function.unwrap_or_default(), reason.text);
            let title = Level::ERROR.with_name(verdict).primary_title(text);
            writeln!(out, "{}\n", self.renderer.render(&[Group::with_title(title)]))?;
        }
        Ok(())
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        writeln!(out, "{}", sums(summary))
    }
}

/// `line 12: text`.
fn placed(label: &Label) -> String {
    match label.site.origin.line() {
        Some(line) => format!("line {line}: {}", label.text),
        None => format!("{}: {}", label.site.block, label.text),
    }
}

fn snippet<'a>(listing: &'a Listing, finding: &'a Finding) -> Snippet<'a, Annotation<'a>> {
    let annotation = |kind: AnnotationKind, label: &'a Label| {
        let span = span(listing, label.site.origin)?;
        Some(kind.span(span).label(label.text.as_str()))
    };
    let primary = annotation(AnnotationKind::Primary, &finding.primary);
    let secondary = finding.secondary.iter();
    let secondary = secondary.filter_map(|label| annotation(AnnotationKind::Context, label));
    Snippet::source(&*listing.text)
        .path(listing.path.as_str())
        .line_start(listing.first_line as usize)
        .annotations(primary.into_iter().chain(secondary))
}

/// The bytes of the listing that an origin covers.
fn span(listing: &Listing, origin: Origin) -> Option<Range<usize>> {
    let line = origin.line()?.checked_sub(listing.first_line)? as usize;
    let mut starts = std::iter::once(0).chain(listing.text.match_indices('\n').map(|(i, _)| i + 1));
    let start = starts.nth(line)? + origin.column.saturating_sub(1) as usize;
    let end = start + origin.length as usize;
    listing.text.get(start..end).map(|_| start..end)
}
