//! SM206: the code of an instruction reads a reference from before a call, or not the reload that it
//! uses.

use cranelift_codegen::ir::Inst;
use stackmap_verifier::findings::{Code, Finding, Label};

use super::finding;
use crate::calls::Calls;
use crate::checked::{Checked, Linked};
use crate::instructions::{Name, StaleRead, UnreadReload};

const HELP: &str = "after a call, read what was loaded from the slot after it";

/// Returns the finding that the code of an instruction reads a reference that it does not use in
/// the CLIF, and that a call has come after. `place` says in words where it reads it.
pub(crate) fn stale_copy(
    checked: &Checked<'_>,
    calls: &Calls,
    read: &StaleRead,
    place: &str,
) -> Finding {
    let name = in_words(checked, read.name);
    let (at, call) = (read.at, read.call);
    let message = format!(
        "the instruction at {at:#x} reads {name} from {place}, a copy from before the call that \
         returns to {call:#x}"
    );
    let text = format!("it is in the code of this, which does not use {name}");
    let mut found = finding(Code::StaleCopy, message, label(checked, read.reader, text), HELP);
    found.values = vec![name.clone()];
    found.safepoint = None;
    let made = read.maker.map(|maker| label(checked, maker, format!("{name} is made here")));
    found.secondary.extend(made);
    if let Some(linked) = Linked::at(calls, call) {
        let text = format!("the collector may move {name} here; it updates slots, not this copy");
        let label = checked.label(linked, text);
        found.safepoint = Some(label.site.clone());
        found.secondary.push(label);
    }
    found
}

/// Returns the finding that the code of an instruction does not read a reload that it uses.
pub(crate) fn unread_reload(checked: &Checked<'_>, reload: &UnreadReload) -> Finding {
    let access = &reload.access;
    let (place, value) = (checked.frame.describe(access.offset), reload.value);
    let at = reload.at;
    let message = format!(
        "what is loaded from {place} at {at:#x} as `{value}` is not read by the code that uses it"
    );
    let text = format!("the code of this should read `{value}`");
    let mut found = finding(Code::StaleCopy, message, label(checked, reload.reader, text), HELP);
    found.slot = checked.frame.name(access.offset);
    found.values = vec![format!("`{value}`")];
    found.safepoint = None;
    let loaded = "it is loaded here".to_owned();
    found.secondary.push(checked.label_at(access.block, access.instruction, loaded));
    found
}

fn in_words(checked: &Checked<'_>, name: Name) -> String {
    let call = |call| checked.frame.function.dfg.display_inst(call).to_string();
    match name {
        Name::Value(value) => format!("`{value}`"),
        Name::Returned(from, _) => format!("the result of `{}`", call(from)),
        Name::Thrown(from, _) => format!("what `{}` throws", call(from)),
    }
}

fn label(checked: &Checked<'_>, at: Inst, text: String) -> Label {
    match checked.frame.function.layout.inst_block(at) {
        Some(block) => checked.label_at(block, at, text),
        None => checked.label_of_function(text),
    }
}
