//! SM205: an instruction of the code that accesses a slot with references, and should not.

use stackmap_verifier::findings::{Code, Finding};

use super::{finding, kind};
use crate::access::Bytes;
use crate::checked::Checked;
use crate::replay::Owner;

/// Returns the finding that these bytes are accessed in the code of `owner`, which does not access
/// them in the CLIF.
pub(crate) fn foreign_access(checked: &Checked<'_>, bytes: &Bytes, owner: Owner) -> Finding {
    let Bytes { at, direction, offset, size } = *bytes;
    let kind = kind(direction);
    // The access may begin below the slot.
    let first = u32::try_from(offset).unwrap_or(0);
    let name = (first..first.saturating_add(size)).find_map(|offset| checked.frame.name(offset));
    let place = name.as_ref().map_or_else(String::new, |name| format!(" (`{name}`)"));
    let message = format!("the instruction at {at:#x} {kind}s SP{offset:+}{place}");
    let layout = &checked.frame.function.layout;
    let owner = match owner {
        Owner::Instruction(owner) => layout.inst_block(owner).map(|block| (block, owner)),
        Owner::Generator | Owner::Unknown => None,
    };
    let label = match owner {
        Some((block, instruction)) => {
            let text = format!("it is in the code of this, which does not {kind} there");
            checked.label_at(block, instruction, text)
        }
        None => checked.label_of_function("it is in the code of no instruction".to_owned()),
    };
    let help = "keep what the register allocator and calls need out of the slots with references";
    let mut found = finding(Code::ForeignAccess, message, label, help);
    found.slot = name;
    found.safepoint = None;
    found
}
