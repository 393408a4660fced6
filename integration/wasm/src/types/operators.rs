//! Kinds of operators, as far as they matter to what their code defines.
//!
//! What stands in no list here has code of its own: if it has one result, a reference, then that is
//! looked for among the values that its code defines, and if it is not there, that is counted.

use wasmparser::Operator;

/// Returns whether an operator is a call of a WebAssembly function that comes back.
pub(super) fn is_call(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Call { .. } | Operator::CallIndirect { .. } | Operator::CallRef { .. }
    )
}

/// Returns whether an operator begins or ends a block, and yields what the block does.
pub(super) fn is_structure(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Else
            | Operator::End
            | Operator::TryTable { .. }
    )
}

/// Returns whether an operator transfers control, so that a block which only its code leads to may
/// be the code of what follows.
pub(super) fn transfers_control(operator: &Operator<'_>) -> bool {
    is_structure(operator)
        || is_call(operator)
        || matches!(
            operator,
            Operator::Br { .. }
                | Operator::BrIf { .. }
                | Operator::BrTable { .. }
                | Operator::BrOnCast { .. }
                | Operator::BrOnCastFail { .. }
                | Operator::BrOnNull { .. }
                | Operator::BrOnNonNull { .. }
                | Operator::Throw { .. }
                | Operator::ThrowRef
                | Operator::Return
        )
}

/// Returns whether the references that an operator yields are those that it is given, or null, or
/// no pointers. The operator that made them yields them first.
pub(super) fn passes_on(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::LocalGet { .. }
            | Operator::LocalSet { .. }
            | Operator::LocalTee { .. }
            | Operator::Drop
            | Operator::Nop
            | Operator::Select
            | Operator::TypedSelect { .. }
            | Operator::TypedSelectMulti { .. }
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::BrOnNull { .. }
            | Operator::BrOnNonNull { .. }
            | Operator::BrOnCast { .. }
            | Operator::BrOnCastFail { .. }
            | Operator::RefNull { .. }
            | Operator::RefAsNonNull
            | Operator::RefCastNonNull { .. }
            | Operator::RefCastNullable { .. }
            | Operator::RefCastDescEqNonNull { .. }
            | Operator::RefCastDescEqNullable { .. }
            | Operator::BrOnCastDescEq { .. }
            | Operator::BrOnCastDescEqFail { .. }
            | Operator::RefI31
            | Operator::RefI31Shared
            | Operator::AnyConvertExtern
            | Operator::ExternConvertAny
    )
}

/// Returns whether an operator yields what it is given as another type, of the other hierarchy.
pub(super) fn converts(operator: &Operator<'_>) -> bool {
    matches!(operator, Operator::AnyConvertExtern | Operator::ExternConvertAny)
}

/// Returns whether an operator reads or writes an object in the collector's heap.
pub(super) fn accesses_object(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::StructGet { .. }
            | Operator::StructGetS { .. }
            | Operator::StructGetU { .. }
            | Operator::StructSet { .. }
            | Operator::ArrayGet { .. }
            | Operator::ArrayGetS { .. }
            | Operator::ArrayGetU { .. }
            | Operator::ArraySet { .. }
            | Operator::ArrayLen
    )
}
