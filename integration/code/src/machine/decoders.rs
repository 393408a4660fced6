//! The instruction sets for which there is a decoder.

use cranelift_codegen::isa::TargetIsa;

use super::decoder::Decoder;
use super::x64::X64;

/// Returns the decoder for an instruction set, if there is one.
pub(crate) fn decoder(isa: &dyn TargetIsa) -> Option<Box<dyn Decoder>> {
    (isa.name() == "x64").then(|| Box::new(X64::new()) as Box<dyn Decoder>)
}
