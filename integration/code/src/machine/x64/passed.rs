//! The registers in which values are passed.

use cranelift_codegen::ir::{AbiParam, ArgumentPurpose, Signature, Type};
use cranelift_codegen::isa::CallConv;
use iced_x86::Register as Name;

use super::decoded::register;
use super::popped::parts;
use crate::machine::instruction::Register;

const ARGUMENTS: [Name; 6] = [Name::RDI, Name::RSI, Name::RDX, Name::RCX, Name::R8, Name::R9];

const VECTORS: [Name; 8] = [
    Name::XMM0,
    Name::XMM1,
    Name::XMM2,
    Name::XMM3,
    Name::XMM4,
    Name::XMM5,
    Name::XMM6,
    Name::XMM7,
];

/// Those of the convention `tail`.
const TAIL_RESULTS: [Name; 8] =
    [Name::RAX, Name::RCX, Name::RDX, Name::RSI, Name::RDI, Name::R8, Name::R9, Name::R10];

const RESULTS: [Name; 2] = [Name::RAX, Name::RDX];

/// Returns the registers in which a function of this signature gets arguments; others it gets on the
/// stack. `None` if that is not known.
pub(super) fn arguments(signature: &Signature) -> Option<Vec<Register>> {
    // Results that are returned in memory make the address of it the first argument.
    fit_in_two(signature).then_some(())?;
    match signature.call_conv {
        CallConv::SystemV | CallConv::Tail | CallConv::Fast | CallConv::PreserveAll => {
            first(&ARGUMENTS, &VECTORS, &signature.params)
        }
        CallConv::WindowsFastcall
        | CallConv::Winch
        | CallConv::AppleAarch64
        | CallConv::Probestack => None,
    }
}

/// Returns the registers in which a function of this signature returns results; others it returns in
/// memory. `None` if that is not known.
pub(super) fn results(signature: &Signature) -> Option<Vec<Register>> {
    match signature.call_conv {
        CallConv::Tail => first(&TAIL_RESULTS, &VECTORS, &signature.returns),
        CallConv::SystemV | CallConv::Fast | CallConv::PreserveAll => {
            // There may be a third one.
            fit_in_two(signature).then(|| first(&RESULTS, &VECTORS, &signature.returns))?
        }
        CallConv::WindowsFastcall
        | CallConv::Winch
        | CallConv::AppleAarch64
        | CallConv::Probestack => None,
    }
}

/// Returns whether all results are certainly returned in registers.
fn fit_in_two(signature: &Signature) -> bool {
    let parts: Option<Vec<[usize; 2]>> = signature.returns.iter().map(plain).collect();
    parts.is_some_and(|parts| {
        let count = |part: usize| parts.iter().map(|parts| parts[part]).sum::<usize>();
        count(0) <= RESULTS.len() && count(1) <= RESULTS.len()
    })
}

/// Returns the registers of the values, as far as there are enough.
fn first(integers: &[Name], vectors: &[Name], values: &[AbiParam]) -> Option<Vec<Register>> {
    let (mut integer, mut vector) = (0, 0);
    for value in values {
        let [in_integers, in_vectors] = plain(value)?;
        // One of two parts is not split.
        let is_split = integer < integers.len() && integer + in_integers > integers.len();
        (!is_split).then_some(())?;
        integer += in_integers;
        vector += in_vectors;
    }
    let registers = integers.iter().take(integer).chain(vectors.iter().take(vector));
    Some(registers.copied().map(register).collect())
}

/// Returns in how many integer registers, and how many others, a value is passed.
fn plain(value: &AbiParam) -> Option<[usize; 2]> {
    match value.purpose {
        ArgumentPurpose::Normal | ArgumentPurpose::VMContext if is_vector(value.value_type) => {
            Some([0, 1])
        }
        ArgumentPurpose::Normal | ArgumentPurpose::VMContext => parts(value.value_type),
        ArgumentPurpose::StructArgument(_) | ArgumentPurpose::StructReturn => None,
    }
}

fn is_vector(r#type: Type) -> bool {
    r#type.is_vector() && r#type.bits() == 128
}
