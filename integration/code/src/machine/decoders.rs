//! The instruction sets for which there is a decoder.

use cranelift_codegen::isa::TargetIsa;

use super::decoder::Decoder;
use super::pulley::Pulley;
use super::x64::X64;

/// Returns the decoder for an instruction set, if there is one.
pub(crate) fn decoder(isa: &dyn TargetIsa) -> Option<Box<dyn Decoder>> {
    match isa.name() {
        "x64" => Some(Box::new(X64::new())),
        "pulley32" => Some(Box::new(Pulley::new(4))),
        "pulley64" => Some(Box::new(Pulley::new(8))),
        _ => None,
    }
}
