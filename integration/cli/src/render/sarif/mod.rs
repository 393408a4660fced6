//! `sarif`: one SARIF 2.1.0 document, for code scanning. It is written when it is
//! complete.

mod fingerprint;
mod location;
mod result;
mod rules;

use std::io::{self, Write};

use serde_json::json;
use serde_sarif::sarif::{
    Invocation, Message, Notification, ReportingDescriptorReference, Result as Finding, Run,
    Sarif as Document, Tool, ToolComponent,
};
use stackmap_render::{visible, visible_json};

use super::RenderRecord;
use crate::outcome::{Summary, Verdict};
use crate::record::{Record, shown};
use fingerprint::Fingerprints;

/// Where the schema is that the document follows.
const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The renderer.
#[derive(Default)]
pub(super) struct Sarif {
    results: Vec<Finding>,
    /// What could not be judged: no result, but nothing to keep quiet about either.
    notifications: Vec<Notification>,
    fingerprints: Fingerprints,
}

impl RenderRecord for Sarif {
    fn record(&mut self, _: &mut dyn Write, record: &Record) -> io::Result<()> {
        // Paths become URIs, which have escapes of their own.
        let (input, listing) = (record.input.clone(), record.listing.clone());
        let record = &Record { input, listing, ..shown(record)? };
        for found in &record.findings {
            let fingerprint = self.fingerprints.next(record, found);
            self.results.push(result::result(record, found, fingerprint));
        }
        if let Some(reason) = &record.reason {
            self.notifications.push(notification(record, reason));
        }
        Ok(())
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        let all = summary.all();
        let driver = ToolComponent::builder()
            .name("stackmap-verify")
            .semantic_version(env!("CARGO_PKG_VERSION"))
            .rules(rules::rules())
            .notifications(rules::notifications())
            .build();
        let invocation = Invocation::builder()
            .execution_successful(all.errors + all.unsupported == 0)
            .tool_execution_notifications(std::mem::take(&mut self.notifications))
            .build();
        let run = Run::builder()
            .tool(Tool::builder().driver(driver).build())
            .invocations(vec![invocation])
            .results(std::mem::take(&mut self.results))
            .column_kind(json!("unicodeCodePoints"))
            .build();
        let document = Document::builder().schema(SCHEMA).version("2.1.0").runs(vec![run]).build();
        let document = serde_json::to_string_pretty(&document)?;
        writeln!(out, "{}", visible_json(&document))
    }
}

fn notification(record: &Record, reason: &str) -> Notification {
    let verdict = record.verdict.name();
    let function = record.function.as_deref().map(|name| format!(" in {name}"));
    let text = format!("{verdict}{}: {reason}", function.unwrap_or_default());
    Notification::builder()
        .descriptor(ReportingDescriptorReference::builder().id(verdict).build())
        .level(match record.verdict {
            Verdict::Unsupported => json!("warning"),
            Verdict::Error | Verdict::Violated | Verdict::Verified => json!("error"),
        })
        .locations(vec![location::of_reason(record)])
        .message(message(text))
        .build()
}

fn message(text: impl Into<String>) -> Message {
    let text = text.into();
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    Message::builder().text(lines.join("\n")).build()
}
