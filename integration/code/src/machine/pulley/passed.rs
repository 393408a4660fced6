//! The registers in which values are passed, and what is passed on the stack.

use cranelift_codegen::ir::{AbiParam, ArgumentPurpose, Signature, Type, types};
use cranelift_codegen::isa::CallConv;
use pulley_interpreter::{FReg, Reg, VReg, XReg};

use super::registers::{float, integer, vector};
use crate::machine::instruction::Register;

/// The registers of a kind in which values are passed.
const INTEGERS: u8 = 15;
const OTHERS: u8 = 16;

/// What a part of a value is passed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Integer,
    Float,
    Vector,
}

/// The registers that values are passed in, and the number of bytes of others.
struct Passed {
    registers: Vec<Register>,
    on_stack: i64,
}

/// Returns the registers in which a function gets arguments; `None` if that is not known.
pub(super) fn arguments(signature: &Signature) -> Option<Vec<Register>> {
    // Results that are returned in memory make the address of it the first argument.
    fit(signature).then(|| passed(&signature.params))?.map(|passed| passed.registers)
}

/// Returns the registers in which a function returns results; `None` if that is not known.
pub(super) fn results(signature: &Signature) -> Option<Vec<Register>> {
    fit(signature).then(|| passed(&signature.returns))?.map(|passed| passed.registers)
}

/// Returns the number of bytes that a callee takes from the stack when it returns; `None` if that is
/// not known.
pub(super) fn popped(signature: &Signature) -> Option<i64> {
    if signature.call_conv != CallConv::Tail {
        return Some(0);
    }
    let passed = fit(signature).then(|| passed(&signature.params))??;
    // Sixteen bytes at a time.
    Some((passed.on_stack + 15) & !15)
}

/// Returns whether all results are returned in registers.
fn fit(signature: &Signature) -> bool {
    passed(&signature.returns).is_some_and(|passed| passed.on_stack == 0)
}

fn passed(values: &[AbiParam]) -> Option<Passed> {
    let (mut integers, mut floats, mut vectors) = (0..INTEGERS, 0..OTHERS, 0..OTHERS);
    let mut passed = Passed { registers: Vec::new(), on_stack: 0 };
    for value in values {
        let is_plain =
            matches!(value.purpose, ArgumentPurpose::Normal | ArgumentPurpose::VMContext);
        is_plain.then_some(())?;
        for kind in kinds(value.value_type)? {
            let register = match kind {
                Kind::Integer => integers.next().and_then(XReg::new).map(integer),
                Kind::Float => floats.next().and_then(FReg::new).map(float),
                Kind::Vector => vectors.next().and_then(VReg::new).map(vector),
            };
            match register {
                Some(register) => passed.registers.push(register),
                None if *kind == Kind::Vector => {
                    passed.on_stack = ((passed.on_stack + 15) & !15) + 16
                }
                None => passed.on_stack += 8,
            }
        }
    }
    Some(passed)
}

/// Returns the parts that a value is passed as; `None` if that is not known.
fn kinds(r#type: Type) -> Option<&'static [Kind]> {
    if r#type == types::I128 {
        Some(&[Kind::Integer, Kind::Integer])
    } else if r#type.is_int() {
        Some(&[Kind::Integer])
    } else if [types::F32, types::F64].contains(&r#type) {
        Some(&[Kind::Float])
    } else if r#type.is_vector() && r#type.bits() == 128 {
        Some(&[Kind::Vector])
    } else {
        None
    }
}
