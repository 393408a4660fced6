//! The check.

use std::collections::BTreeSet;

use cranelift_codegen::ir::{Function, UserStackMapEntry};
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::verify_function;

use crate::calls::{Call, Calls};
use crate::checked::Checked;
use crate::emitted::Emitted;
use crate::error::CodeError;
use crate::frame::{Frame, check_entries};
use crate::options::Options;
use crate::replay::Replay;
use crate::report::{CodeOutcome, CodeReport, CodeStats};
use crate::unsupported::Unsupported;
use crate::{handlers, maps};

/// Checks that emitted code is that of the function, and that its stack maps and exception tables
/// are those of the function's calls.
///
/// `function` is what was lowered: [`Context::func`](cranelift_codegen::Context::func) after
/// `compile`, or what Wasmtime's `emit_clif` writes. `isa` must have the settings that the code was
/// compiled with.
///
/// Cost: that of lowering the function and allocating its registers, and beyond that linear in the
/// function and its stack map entries, but for a logarithmic factor.
///
/// # Errors
///
/// If the function is not valid, or cannot be lowered.
pub fn verify(
    function: &Function,
    isa: &dyn TargetIsa,
    emitted: &Emitted<'_>,
    options: &Options,
) -> Result<CodeReport, CodeError> {
    check_entries(function)?;
    if options.check_clif {
        verify_function(function, isa).map_err(|error| CodeError::Invalid(error.to_string()))?;
    }
    let replay = Replay::new(function, isa).map_err(CodeError::Lower)?;
    let blocks = function.layout.blocks();
    let instructions = blocks.flat_map(|block| function.layout.block_insts(block));
    let mut report = CodeReport {
        function: function.name.to_string(),
        outcome: CodeOutcome::Verified,
        findings: Vec::new(),
        stats: CodeStats {
            blocks: function.layout.blocks().count(),
            instructions: instructions.count(),
            bytes: emitted.code.len(),
            ..CodeStats::default()
        },
        text: None,
    };
    if let Some(difference) = replay.difference(emitted) {
        report.outcome = CodeOutcome::Unsupported(Unsupported::OtherCode(difference));
        return Ok(report);
    }
    let Some(layout) = replay.code.buffer.frame_layout() else {
        report.outcome = CodeOutcome::Unsupported(Unsupported::NoFrameLayout);
        return Ok(report);
    };
    check_tables(&mut report, Frame { function, layout }, &replay, emitted);
    Ok(report)
}

/// Compares the tables of code that is that of the replay.
fn check_tables(report: &mut CodeReport, frame: Frame<'_>, replay: &Replay, emitted: &Emitted<'_>) {
    let function = frame.function;
    let calls = Calls::link(function, replay);
    count(&mut report.stats, &calls, function, emitted);
    let checked = Checked::new(frame);
    let mut findings = maps::check(&checked, &calls, replay, &emitted.maps);
    let mut problem = calls.problem(function);
    if let Some(emitted) = &emitted.handlers {
        let (found, unknown) = handlers::check(&checked, replay, emitted);
        findings.extend(found);
        let of_handlers = || {
            let is_unknown = |call: &&Call| unknown.contains(&call.instruction);
            let call = calls.list.iter().find(is_unknown)?;
            let (call, block) = (call.text(function), call.block.to_string());
            Some(Unsupported::OtherHandlers { call, block })
        };
        problem = problem.or_else(of_handlers);
    }
    findings.sort_by_key(|found| (found.primary.site.origin.line, found.code));
    report.outcome = match (findings.is_empty(), problem) {
        (false, _) => CodeOutcome::Violated,
        (true, Some(problem)) => CodeOutcome::Unsupported(problem),
        (true, None) => CodeOutcome::Verified,
    };
    report.findings = findings;
    report.text = checked.into_text();
}

fn count(stats: &mut CodeStats, calls: &Calls, function: &Function, emitted: &Emitted<'_>) {
    let mut slots = BTreeSet::new();
    for call in calls.list.iter().filter(|call| !call.returns.is_empty()) {
        let entries = function.dfg.user_stack_map_entries(call.instruction).unwrap_or_default();
        let mut places: Vec<&UserStackMapEntry> = entries.iter().collect();
        places.sort_by_key(|entry| (entry.slot, entry.offset, entry.ty.index()));
        places.dedup();
        stats.calls += 1;
        stats.maps += usize::from(!places.is_empty());
        stats.roots += places.len();
        slots.extend(places.iter().map(|entry| entry.slot));
    }
    stats.slots = slots.len();
    let tables = emitted.handlers.iter().flatten();
    stats.handlers = tables.map(|table| table.handlers.len()).sum();
}
