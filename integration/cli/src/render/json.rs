//! `json`: JSON Lines, one object for each function in the order of the input, and
//! a last one with the sums. The shape is a contract: fields are added, not changed.

use std::io::{self, Write};

use serde::Serialize;
use stackmap_verifier::Stats;
use stackmap_verifier::findings::{Finding, Label, Site, WitnessBlock};

use super::Render;
use crate::outcome::{Checked, Summary};

/// The JSON renderer.
pub(super) struct Json {
    pub(super) max_witness: usize,
}

#[derive(Serialize)]
struct Function<'a> {
    r#type: &'static str,
    input: &'a str,
    function: Option<&'a str>,
    verdict: &'static str,
    evidence: &'static str,
    stats: Counts,
    findings: Vec<JsonFinding<'a>>,
    reason: Option<&'a str>,
    line: Option<u32>,
    column: Option<u32>,
}

#[derive(Serialize)]
struct Counts {
    blocks: usize,
    instructions: usize,
    references: usize,
    safepoints: usize,
    roots: usize,
    slots: usize,
    shared_slots: usize,
}

#[derive(Serialize)]
struct JsonFinding<'a> {
    code: &'static str,
    name: &'static str,
    severity: String,
    message: &'a str,
    slot: Option<&'a str>,
    values: &'a [String],
    safepoint: Option<Place<'a>>,
    witness: Vec<Block<'a>>,
    line: Option<u32>,
    column: Option<u32>,
    labels: Vec<Event<'a>>,
    notes: Vec<Event<'a>>,
    help: &'a str,
}

#[derive(Serialize)]
struct Place<'a> {
    block: &'a str,
    line: Option<u32>,
}

#[derive(Serialize)]
struct Block<'a> {
    block: &'a str,
    line: Option<u32>,
    back_edge: bool,
    events: Vec<Event<'a>>,
}

#[derive(Serialize)]
struct Event<'a> {
    line: Option<u32>,
    text: &'a str,
}

#[derive(Serialize)]
struct Sums {
    r#type: &'static str,
    functions: usize,
    verified: usize,
    violated: usize,
    unsupported: usize,
    errors: usize,
    warnings: usize,
    stats: Counts,
}

impl Render for Json {
    fn function(&mut self, out: &mut dyn Write, checked: &Checked) -> io::Result<()> {
        let reason = checked.reason.as_ref();
        let function = Function {
            r#type: "function",
            input: &checked.input,
            function: checked.function.as_deref(),
            verdict: checked.verdict.name(),
            evidence: checked.evidence.name(),
            stats: Counts::from(checked.stats),
            findings: checked.findings.iter().map(|f| finding(f, self.max_witness)).collect(),
            reason: reason.map(|reason| reason.text.as_str()),
            line: reason.and_then(|reason| reason.line),
            column: reason.and_then(|reason| reason.column),
        };
        line(out, &function)
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        let Summary { functions, verified, violated, unsupported, errors, warnings, stats } =
            *summary;
        let r#type = "summary";
        let stats = Counts::from(stats);
        line(
            out,
            &Sums { r#type, functions, verified, violated, unsupported, errors, warnings, stats },
        )
    }
}

fn line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    writeln!(out)
}

fn finding(finding: &Finding, max_witness: usize) -> JsonFinding<'_> {
    let origin = finding.primary.site.origin;
    let labels = std::iter::once(&finding.primary).chain(&finding.secondary);
    JsonFinding {
        code: finding.code.code(),
        name: finding.code.name(),
        severity: finding.severity().to_string(),
        message: &finding.message,
        slot: finding.slot.as_deref(),
        values: &finding.values,
        safepoint: finding.safepoint.as_ref().map(place),
        witness: finding.witness.iter().take(max_witness).map(block).collect(),
        line: origin.line(),
        column: origin.line().map(|_| origin.column),
        labels: labels.map(event).collect(),
        notes: finding.notes.iter().map(event).collect(),
        help: finding.help,
    }
}

fn place(site: &Site) -> Place<'_> {
    Place { block: &site.block, line: site.origin.line() }
}

fn block(block: &WitnessBlock) -> Block<'_> {
    Block {
        block: &block.site.block,
        line: block.site.origin.line(),
        back_edge: block.by_back_edge,
        events: block.events.iter().map(event).collect(),
    }
}

fn event(label: &Label) -> Event<'_> {
    Event { line: label.site.origin.line(), text: &label.text }
}

impl From<Stats> for Counts {
    fn from(stats: Stats) -> Self {
        let Stats { blocks, instructions, references, safepoints, roots, slots, shared_slots } =
            stats;
        Counts { blocks, instructions, references, safepoints, roots, slots, shared_slots }
    }
}
