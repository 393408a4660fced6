//! `human`: findings with the lines they are about, in the manner of rustc.

use std::io::{self, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Group, Level, Renderer};
use stackmap_render::visible;

use super::{Render, Style, short, skipped_line, sums};
use crate::outcome::{Checked, Summary};
use crate::record::{STATED, Skipped, shown};

/// The human renderer.
pub(super) struct Human {
    renderer: Renderer,
    style: stackmap_render::Style,
}

impl Human {
    pub(super) fn new(style: Style) -> Self {
        let Style { color, max_witness, deny_warnings: _ } = style;
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        Human { renderer, style: stackmap_render::Style { color, max_witness } }
    }
}

impl Render for Human {
    fn function(&mut self, out: &mut dyn Write, checked: &Checked) -> io::Result<()> {
        let context = checked.function.as_ref().map(|function| {
            let stated = if checked.stated { STATED } else { "" };
            format!("in function {function} ({} evidence){stated}", checked.evidence.name())
        });
        for finding in &checked.findings {
            let listing = checked.listing.as_ref();
            let text = stackmap_render::human(finding, listing, context.as_deref(), self.style);
            writeln!(out, "{text}\n")?;
        }
        if let Some(reason) = &checked.reason {
            let place = short::place(&checked.input, reason);
            let function = checked.function.as_deref().map(|name| format!(" ({name})"));
            let verdict = checked.verdict.name();
            let text = format!("{place}{}: {}", function.unwrap_or_default(), reason.text);
            let title = Level::ERROR.with_name(verdict).primary_title(visible(&text));
            writeln!(out, "{}\n", self.renderer.render(&[Group::with_title(title)]))?;
        }
        Ok(())
    }

    fn skipped(&mut self, out: &mut dyn Write, skipped: &Skipped) -> io::Result<()> {
        writeln!(out, "{}", skipped_line(&shown(skipped)?))
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        writeln!(out, "{}", sums(summary))
    }
}
