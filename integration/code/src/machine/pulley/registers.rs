//! Registers.

use pulley_interpreter::{FReg, Reg, VReg, XReg};

use crate::machine::instruction::Register;

/// The number of registers of each kind.
const COUNT: u16 = 32;

/// The frame pointer, which is no operand.
pub(super) const FRAME_POINTER: Register = Register(3 * COUNT);

/// The register with the return address, which is no operand.
pub(super) const RETURN_ADDRESS: Register = Register(3 * COUNT + 1);

pub(super) fn integer(register: XReg) -> Register {
    Register(register.to_u8().into())
}

pub(super) fn float(register: FReg) -> Register {
    Register(COUNT + u16::from(register.to_u8()))
}

pub(super) fn vector(register: VReg) -> Register {
    Register(2 * COUNT + u16::from(register.to_u8()))
}

/// Returns the integer register that a register is, if it is one.
pub(super) fn as_integer(register: Register) -> Option<XReg> {
    XReg::new(u8::try_from(register.0).ok()?)
}

/// Returns the name of a register.
pub(super) fn name(register: Register) -> String {
    let Register(number) = register;
    match register {
        FRAME_POINTER => "fp".to_owned(),
        RETURN_ADDRESS => "lr".to_owned(),
        Register(_) => match (as_integer(register), number.checked_sub(2 * COUNT)) {
            (Some(register), _) => register.to_string(),
            (None, Some(vector)) => format!("v{vector}"),
            (None, None) => format!("f{}", number - COUNT),
        },
    }
}
