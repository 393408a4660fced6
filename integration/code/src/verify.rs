//! The check.

use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::TargetIsa;
use cranelift_codegen::verify_function;
use stackmap_report::{MachineCall, MachineCode, MachineEntry};
use stackmap_verifier::findings::Finding;

use crate::calls::{Call, Calls};
use crate::checked::Checked;
use crate::emitted::Emitted;
use crate::error::CodeError;
use crate::frame::{Frame, Place, check_entries};
use crate::options::Options;
use crate::replay::Replay;
use crate::report::{CodeOutcome, CodeReport, Instructions};
use crate::unsupported::Unsupported;
use crate::{handlers, instructions, maps};

/// Checks that emitted code is that of the function, that its stack maps and exception tables are
/// those of the function's calls, and, where there is a decoder, that its instructions access slots
/// with references as the function does. [`CodeReport::instructions`] says whether they were checked.
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
    let mut report = CodeReport::new(function, emitted.code.len());
    if let Some(difference) = replay.difference(emitted) {
        report.outcome = CodeOutcome::Unsupported(Unsupported::OtherCode(difference));
        return Ok(report);
    }
    let Some(layout) = replay.code.buffer.frame_layout() else {
        report.outcome = CodeOutcome::Unsupported(Unsupported::NoFrameLayout);
        return Ok(report);
    };
    let frame = Frame { function, layout };
    report.code = options.list_calls.then(|| listed(frame, &replay));
    check_all(&mut report, frame, &replay, emitted, isa);
    Ok(report)
}

/// Returns the calls that are linked with the code, and what the collector reads at each.
fn listed(frame: Frame<'_>, replay: &Replay) -> MachineCode {
    let calls = Calls::link(frame.function, replay).list;
    let of_call = |call: Call| {
        let entries: Vec<MachineEntry> = frame.places(call.instruction).iter().map(entry).collect();
        let (block, text) = (call.block.to_string(), call.text(frame.function));
        let listed = move |return_address| MachineCall {
            block: block.clone(),
            text: text.clone(),
            return_address,
            entries: entries.clone(),
        };
        call.returns.into_iter().map(listed)
    };
    let calls = calls.into_iter().flat_map(of_call).collect();
    MachineCode { bytes: replay.code.buffer.data().len(), frame: frame.size(), calls }
}

fn entry(place: &Place) -> MachineEntry {
    let Place { offset, r#type, name } = place;
    MachineEntry { slot: name.clone(), offset: *offset, r#type: r#type.to_string() }
}

/// Checks the tables and the instructions of code that is that of the replay.
fn check_all(
    report: &mut CodeReport,
    frame: Frame<'_>,
    replay: &Replay,
    emitted: &Emitted<'_>,
    isa: &dyn TargetIsa,
) {
    let calls = Calls::link(frame.function, replay);
    report.stats.count(&calls, frame.function);
    let tables = emitted.handlers.iter().flatten();
    report.stats.handlers = tables.map(|table| table.handlers.len()).sum();
    let checked = Checked::new(frame);
    let (mut findings, problem) = check_tables(&checked, &calls, replay, emitted);
    if problem.is_none() {
        // Where a linker patched the code, it does not say where calls go, which the replay does.
        let code = replay.code.buffer.data();
        report.instructions = match instructions::check(&checked, &calls, replay, code, isa) {
            Ok((found, accesses)) => {
                findings.extend(found);
                Instructions::Checked { accesses }
            }
            Err(reason) => Instructions::NotChecked(reason),
        };
    }
    report.conclude(checked, findings, problem);
}

/// Compares the tables with the calls of the function. Returns the findings, and the reason why the
/// calls cannot be judged, if there is one.
fn check_tables(
    checked: &Checked<'_>,
    calls: &Calls,
    replay: &Replay,
    emitted: &Emitted<'_>,
) -> (Vec<Finding>, Option<Unsupported>) {
    let function = checked.frame.function;
    let mut findings = maps::check(checked, calls, replay, &emitted.maps);
    let mut problem = calls.problem(function);
    if let Some(emitted) = &emitted.handlers {
        let (found, unknown) = handlers::check(checked, replay, emitted);
        findings.extend(found);
        let of_handlers = || {
            let is_unknown = |call: &&Call| unknown.contains(&call.instruction);
            let call = calls.list.iter().find(is_unknown)?;
            let (call, block) = (call.text(function), call.block.to_string());
            Some(Unsupported::OtherHandlers { call, block })
        };
        problem = problem.or_else(of_handlers);
    }
    (findings, problem)
}
