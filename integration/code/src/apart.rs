//! The check of instructions apart from that of tables.

use cranelift_codegen::ir::Function;
use cranelift_codegen::isa::TargetIsa;

use crate::calls::Calls;
use crate::checked::Checked;
use crate::frame::Frame;
use crate::instructions;
use crate::replay::Replay;
use crate::report::{CodeReport, Instructions};
use crate::unchecked::Unchecked;

/// Checks the instructions of some code, as [`verify`](crate::verify) does, and no tables.
///
/// `replay` says which instruction of the function each address of the code is of. [`verify`] takes
/// the code of the replay, and the function that it lowered. With others, this check can itself be
/// tested: with code that was changed, or with the code of a function that was changed before it was
/// lowered, which is what a code generator with a fault makes.
///
/// # Errors
///
/// If the instructions cannot be checked.
///
/// [`verify`]: crate::verify
pub fn verify_instructions(
    function: &Function,
    isa: &dyn TargetIsa,
    replay: &Replay,
    code: &[u8],
) -> Result<CodeReport, Unchecked> {
    let layout = replay.code.buffer.frame_layout().ok_or(Unchecked::Tables)?;
    let checked = Checked::new(Frame { function, layout });
    let calls = Calls::link(function, replay);
    let (findings, accesses) = instructions::check(&checked, &calls, replay, code, isa)?;
    let mut report = CodeReport::new(function, code.len());
    report.stats.count(&calls, function);
    report.instructions = Instructions::Checked { accesses };
    report.conclude(checked, findings, None);
    Ok(report)
}
