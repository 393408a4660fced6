//! Instructions of `pulley-interpreter`.

use pulley_interpreter::Op;
use pulley_interpreter::decode::{Decoder, OpVisitor, SafeBytecodeStream};
use pulley_interpreter::op::MaterializeOpsVisitor;

/// Decodes one instruction; returns it with the offset behind it.
pub(super) fn decoded(code: &[u8], at: u32) -> Option<(Op, u32)> {
    let bytes = code.get(usize::try_from(at).ok()?..)?;
    let mut visitor = MaterializeOpsVisitor::new(SafeBytecodeStream::new(bytes));
    let op = Decoder::new().decode_one(&mut visitor).ok()?;
    let length = u32::try_from(visitor.bytecode().position()).ok()?;
    Some((op, at.checked_add(length)?))
}
