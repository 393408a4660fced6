//! What a callee takes from the stack.

use cranelift_codegen::ir::{ArgumentPurpose, Signature, Type, types};
use cranelift_codegen::isa::CallConv;

/// The number of integers, and of floating-point numbers, that are passed in registers.
const REGISTERS: [usize; 2] = [6, 8];

/// The most results that are certainly returned in registers.
const RESULTS: usize = 2;

/// Returns the number of bytes that a callee of this signature takes from the stack when it returns;
/// `None` if that is not known. One of the convention `tail` takes its arguments: eight bytes each,
/// sixteen of them at a time.
pub(super) fn popped(signature: &Signature) -> Option<i64> {
    if signature.call_conv != CallConv::Tail {
        return Some(0);
    }
    let results: Option<Vec<_>> =
        signature.returns.iter().map(|result| parts(result.value_type)).collect();
    let [integers, floats] = sum(&results?);
    // Others are returned in memory, to which a further argument points.
    (integers <= RESULTS && floats <= RESULTS).then_some(())?;
    let is_plain =
        |purpose| matches!(purpose, ArgumentPurpose::Normal | ArgumentPurpose::VMContext);
    signature.params.iter().all(|parameter| is_plain(parameter.purpose)).then_some(())?;
    let parameters: Option<Vec<_>> =
        signature.params.iter().map(|parameter| parts(parameter.value_type)).collect();
    let passed = sum(&parameters?).into_iter().zip(REGISTERS);
    let on_stack: usize = passed.map(|(count, registers)| count.saturating_sub(registers)).sum();
    i64::try_from(on_stack.checked_mul(8)?.checked_next_multiple_of(16)?).ok()
}

/// Returns how many integers, and how many floating-point numbers, a value is passed as.
pub(super) fn parts(r#type: Type) -> Option<[usize; 2]> {
    if r#type == types::I128 {
        Some([2, 0])
    } else if r#type.is_int() {
        Some([1, 0])
    } else if [types::F32, types::F64].contains(&r#type) {
        Some([0, 1])
    } else {
        None
    }
}

fn sum(parts: &[[usize; 2]]) -> [usize; 2] {
    let sum = |part: usize| parts.iter().map(|parts| parts[part]).sum();
    [sum(0), sum(1)]
}

#[cfg(test)]
mod tests {
    use cranelift_codegen::ir::AbiParam;

    use super::*;

    fn popped_by(convention: CallConv, parameters: &[Type], results: &[Type]) -> Option<i64> {
        let mut signature = Signature::new(convention);
        signature.params.extend(parameters.iter().copied().map(AbiParam::new));
        signature.returns.extend(results.iter().copied().map(AbiParam::new));
        popped(&signature)
    }

    #[test]
    fn arguments_on_the_stack_are_counted() {
        let tail = |parameters: &[Type]| popped_by(CallConv::Tail, parameters, &[types::I64]);
        assert_eq!(tail(&[types::I64; 6]), Some(0));
        assert_eq!(tail(&[types::I64; 7]), Some(16));
        assert_eq!(tail(&[types::I32; 9]), Some(32));
        assert_eq!(tail(&[types::I128; 4]), Some(16));
        assert_eq!(tail(&[[types::I64; 6], [types::F64; 6]].concat()), Some(0));
        assert_eq!(tail(&[types::F64; 9]), Some(16));
        assert_eq!(tail(&[types::I8X16]), None);
        assert_eq!(popped_by(CallConv::Tail, &[], &[types::I64; 9]), None);
        assert_eq!(popped_by(CallConv::SystemV, &[types::I64; 9], &[]), Some(0));
    }
}
