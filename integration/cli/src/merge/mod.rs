//! `stackmap-verify merge`: merges several JSON reports into one report.

mod order;
mod run;
mod shard;

use std::collections::HashSet;
use std::io;

use stackmap_report::{BaselinePart, Summary, baseline_name};

use crate::args::Merge;
use crate::failure::Failure;
use crate::finish::finish;
use crate::ledger::Ledger;
use crate::session::Session;
use crate::streams::Streams;
use crate::{html, output};
use order::Ordered;
use run::Plan;
use shard::{Entry, survey};

/// Merges all shards, and returns the exit status of a run over all their inputs.
///
/// The shards are read twice: first to check that they are complete and belong together, and then
/// to render them, a line at a time.
///
/// Cost: linear in the size of the shards. Memory for the names of their inputs, and for some lines
/// of each shard.
pub(crate) fn run(
    merge: &Merge,
    streams: &mut Streams<'_>,
    session: &Session,
) -> Result<u8, Failure> {
    let levels = merge.report.levels();
    // The results in shards that cannot be merged count, too.
    let mut read = Summary::default();
    let done = plan(merge, &mut read).and_then(|plan| write(merge, &plan, streams, session));
    match done {
        Ok(summary) => finish(&merge.report, &summary, streams.errors),
        Err(error) => Err(Failure::new(error, read.is_wrong(&levels))),
    }
}

/// Reads all shards, and checks that they belong together.
fn plan(merge: &Merge, read: &mut Summary) -> io::Result<Plan> {
    let mut shards = Vec::new();
    let mut problem = None;
    for path in &merge.shards {
        match survey(path, read) {
            Ok(found) => shards.extend(found),
            Err(error) => problem = problem.or(Some(error)),
        }
    }
    match problem {
        Some(problem) => Err(problem.into()),
        None => Ok(Plan::new(shards)?),
    }
}

/// The note for reports that are not slices.
const WHOLE_RUNS: &str = "note: these are reports of whole runs, not slices of one: if another \
                          belongs to them, that it is missing cannot be noticed";

fn write(
    merge: &Merge,
    plan: &Plan,
    streams: &mut Streams<'_>,
    session: &Session,
) -> io::Result<Summary> {
    let Some(run) = plan.run() else { return Ok(Summary::default()) };
    if plan.is_of_whole_runs() && !merge.report.quiet {
        writeln!(streams.errors, "stackmap-verify: {WHOLE_RUNS}")?;
    }
    merge.report.spares(("", None), &merge.shards)?;
    let levels = merge.report.levels();
    let mut ledger = Ledger::open(&merge.report, &run.options)?;
    let mut renderer = merge.report.renderer(false, run.clone());
    let summary = html::write(&merge.report, &run.options, session, |mut html| {
        output::write(merge.report.standard(), &mut *streams.output, session, |out| {
            let config = merge.report.settings.clone().or_else(|| plan.config());
            let (inputs, assumed) = (run.inputs, plan.assumed());
            let mut summary = Summary { inputs, config, assumed, ..Summary::default() };
            for entry in Ordered::of(plan) {
                match entry? {
                    Entry::Function(mut record) => {
                        ledger.mark(&mut record, &levels);
                        summary.count(&record);
                        renderer.function(out, &record)?;
                        if let Some(html) = &mut html {
                            html.add(*record, &[])?;
                        }
                    }
                    Entry::Input(compilation) => {
                        summary.count_compiled(compilation.compiled);
                        renderer.compilation(out, &compilation)?;
                    }
                    Entry::Skipped(skipped) => {
                        summary.skipped += 1;
                        renderer.skipped(out, &skipped)?;
                    }
                }
            }
            let here: HashSet<String> = plan.inputs().map(baseline_name).collect();
            let compared = ledger.compare(|input| match here.contains(input) {
                true => BaselinePart::Here,
                false => BaselinePart::Nowhere,
            });
            summary.baseline = compared.or_else(|| plan.compared());
            renderer.summary(out, &summary)?;
            Ok(summary)
        })
    })?;
    ledger.write(session)?;
    Ok(summary)
}
