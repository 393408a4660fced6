//! The machine code of a function, as far as stack maps are about it.

use crate::visible::visible;

/// The machine code of a function: where its calls return to, and what the collector reads then.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MachineCode {
    /// The number of bytes of code.
    pub bytes: usize,
    /// The number of bytes from the stack pointer to the frame pointer.
    pub frame: u32,
    /// The calls that are linked with the code, in the order of the function.
    pub calls: Vec<MachineCall>,
}

/// A call, and a return address of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineCall {
    /// The block of the function that it is in.
    pub block: String,
    /// The call as it is printed.
    pub text: String,
    /// The offset in the code to which it returns.
    pub return_address: u32,
    /// The entries of its stack map.
    pub entries: Vec<MachineEntry>,
}

/// An entry of the stack map of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineEntry {
    /// The slot, and the offset in it if there is one: `ss0+8`.
    pub slot: String,
    /// The offset from the stack pointer in bytes.
    pub offset: u32,
    /// The type, as it is printed.
    pub r#type: String,
}

impl MachineCode {
    /// Returns the same with characters that have an effect on the display made visible.
    #[must_use]
    pub fn visible(mut self) -> MachineCode {
        for call in &mut self.calls {
            call.text = visible(&call.text).into_owned();
        }
        self
    }
}
