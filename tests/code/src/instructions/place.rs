//! An instruction that accesses the frame, whatever the instruction set.

use std::ops::Range;

/// An instruction that accesses the frame, and how it can be changed.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) bytes: Range<usize>,
    /// A byte that is an instruction which does nothing.
    pub(super) nop: u8,
    /// Where the displacement is, and its number of bytes, if there is one.
    pub(super) displacement: Option<(usize, usize)>,
    /// What the displacement is added to, as an offset from the stack pointer.
    pub(super) base: i64,
    /// What byte to write, and where, so that it loads into a register that nothing uses.
    pub(super) elsewhere: Option<(usize, u8)>,
    pub(super) is_load: bool,
    pub(super) is_store: bool,
    /// The offset from the stack pointer.
    pub(super) offset: u32,
    /// The number of bytes.
    pub(super) size: u32,
}

impl Place {
    /// Returns the code without the instruction.
    pub(super) fn without(&self, code: &[u8]) -> Vec<u8> {
        let mut code = code.to_vec();
        code[self.bytes.clone()].fill(self.nop);
        code
    }

    /// Returns the code in which the instruction accesses another offset, if there is room for it.
    pub(super) fn at(&self, code: &[u8], offset: u32) -> Option<Vec<u8>> {
        let mut code = code.to_vec();
        let (start, size) = self.displacement?;
        let displacement = i32::try_from(i64::from(offset) - self.base).ok()?;
        let bytes = code.get_mut(start..)?;
        match size {
            1 => bytes[0] = i8::try_from(displacement).ok()?.cast_unsigned(),
            4 => bytes[..4].copy_from_slice(&displacement.to_le_bytes()),
            _ => return None,
        }
        Some(code)
    }

    /// Returns the code in which the instruction, if it loads a general register, loads another that
    /// nothing uses.
    pub(super) fn elsewhere(&self, code: &[u8]) -> Option<Vec<u8>> {
        let (at, byte) = self.elsewhere?;
        let mut code = code.to_vec();
        *code.get_mut(at)? = byte;
        Some(code)
    }
}
