//! `sarif`: one SARIF 2.1.0 document, for code scanning. It is written when it is complete.

mod limit;
mod location;
mod message;
mod occurrence;
mod result;
mod rules;

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::renderer::Render;
use crate::expected::ExpectedReferences;
use crate::record::Record;
use crate::summary::Summary;
use crate::verdict::Verdict;
use crate::visible::visible_json;
use message::message;
use occurrence::Occurrences;
use serde_json::{Value, json};
use serde_sarif::sarif::{
    Invocation, Notification, PropertyBag, ReportingDescriptorReference, Result as Finding, Run,
    Sarif as Document, Tool, ToolComponent,
};

/// The URL of the schema of the document.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The renderer.
#[derive(Default)]
pub(super) struct Sarif {
    results: Vec<Finding>,
    /// Whether each result is known.
    known: Vec<bool>,
    /// Functions that could not be judged: they are not results, but must not be omitted.
    notifications: Vec<Notification>,
    occurrences: Occurrences,
}

impl Render for Sarif {
    fn function(&mut self, _: &mut dyn Write, record: &Record) -> io::Result<()> {
        // Paths become URIs, which have their own escapes.
        let (input, listing) = (record.input.clone(), record.listing.clone());
        let record = &Record { input, listing, ..record.clone().visible() };
        for found in &record.findings {
            let fingerprint = self.occurrences.next(record, found);
            self.known.push(found.known);
            self.results.push(result::result(record, found, fingerprint));
        }
        if let Some(reason) = &record.reason {
            self.notifications.push(notification(record, reason));
        }
        Ok(())
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        let all = summary.all;
        let driver = ToolComponent::builder()
            .name("stackmap-verify")
            .semantic_version(env!("CARGO_PKG_VERSION"))
            .rules(rules::rules())
            .notifications(rules::notifications())
            .build();
        if summary.baseline.is_some() || !all.known.is_empty() {
            for (result, known) in self.results.iter_mut().zip(&self.known) {
                let state = if *known { "unchanged" } else { "new" };
                result.baseline_state = Some(json!(state));
            }
        }
        let results = limit::limited(std::mem::take(&mut self.results), limit::MOST);
        self.notifications.extend(limit::notification(results.left_out));
        let invocation = Invocation::builder()
            .execution_successful(all.errors == 0 && all.unsupported == all.known.unsupported)
            .tool_execution_notifications(std::mem::take(&mut self.notifications))
            .build();
        let mut run = Run::builder()
            .tool(Tool::builder().driver(driver).build())
            .invocations(vec![invocation])
            .results(results.listed)
            .column_kind(json!("unicodeCodePoints"))
            .build();
        let counts: BTreeMap<_, _> = properties(summary).collect();
        run.properties = (!counts.is_empty())
            .then(|| PropertyBag::builder().additional_properties(counts).build());
        let document = Document::builder().schema(SCHEMA).version("2.1.0").runs(vec![run]).build();
        let document = serde_json::to_string_pretty(&document)?;
        writeln!(out, "{}", visible_json(&document))
    }
}

/// Returns the counts of references that should have been declared, and of what a baseline has and
/// the run no longer, the file with settings, and the functions that are taken not to collect.
fn properties(summary: &Summary) -> impl Iterator<Item = (String, Value)> {
    let of_references = summary.all.expected.into_iter().flat_map(|counts| {
        let ExpectedReferences { expected, resolved, unresolved } = counts;
        [
            ("expectedReferences", expected),
            ("resolvedReferences", resolved),
            ("unresolvedReferences", unresolved),
        ]
    });
    let of_baseline = summary.baseline.iter().flat_map(|compared| {
        [("baselineGone", compared.gone.len()), ("baselineNotChecked", compared.elsewhere)]
    });
    let counts = of_references.chain(of_baseline).map(|(name, count)| (name, json!(count)));
    let settings = summary.config.iter().map(|file| ("settings", json!(file)));
    let names = (!summary.assumed.is_empty()).then(|| ("assumed", json!(summary.assumed)));
    counts.chain(settings).chain(names).map(|(name, value)| (name.to_owned(), value))
}

fn notification(record: &Record, reason: &str) -> Notification {
    let verdict = record.verdict.name();
    let function = record.function.as_deref().map(|name| format!(" in {name}"));
    let known = if record.known { "known: " } else { "" };
    let text = format!("{known}{verdict}{}: {reason}", function.unwrap_or_default());
    Notification::builder()
        .descriptor(ReportingDescriptorReference::builder().id(verdict).build())
        .level(match record.verdict {
            Verdict::Unsupported if record.known => json!("note"),
            Verdict::Unsupported => json!("warning"),
            Verdict::Error | Verdict::Violated | Verdict::Verified => json!("error"),
        })
        .locations(vec![location::of_reason(record)])
        .message(message(text))
        .build()
}
