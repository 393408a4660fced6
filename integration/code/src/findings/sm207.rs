//! SM207: exception handlers that are not those of the call.

use cranelift_codegen::ExceptionContextLoc;
use cranelift_codegen::ir::ExceptionTag;
use stackmap_verifier::findings::{Code, Finding, Label};

use super::{finding, list};
use crate::checked::{Checked, Linked};
use crate::emitted::{Handler, Handlers};
use crate::table::Item;

/// Returns the finding that the handlers of a call are `emitted`, while its exception table has
/// these items, which are lowered to `meant`.
pub(crate) fn wrong_handlers(
    checked: &Checked<'_>,
    call: Linked,
    items: &[Item],
    meant: &[Handler],
    emitted: Option<&Handlers>,
) -> Finding {
    let address = call.return_address;
    let stated = emitted.map_or(&[][..], |emitted| &emitted.handlers);
    let message = match (items, stated) {
        (_, []) => format!("the call that returns to {address:#x} has lost its handlers"),
        ([], _) => {
            format!("the call that returns to {address:#x} has handlers, but no exception table")
        }
        (_, stated) if stated == meant => wrong_frame(checked, address, emitted),
        (_, _) => format!("the call that returns to {address:#x} has other handlers than its own"),
    };
    // Where they begin is known only if all of them are there.
    let meant = match meant.len() == items.len() {
        true => words(meant),
        false => list(&items.iter().map(|item| name(item.tag)).collect::<Vec<_>>()),
    };
    let text = if items.is_empty() { "nothing".to_owned() } else { meant };
    let mut found = at(message, checked.label(call, format!("it should handle {text}")));
    found.notes.push(checked.label(call, format!("it handles {}", words(stated))));
    found
}

/// Returns the message that a table of the right handlers states another frame, or is there twice.
fn wrong_frame(checked: &Checked<'_>, address: u32, emitted: Option<&Handlers>) -> String {
    let size = checked.frame.size();
    match emitted.and_then(|emitted| emitted.frame_size) {
        Some(stated) if stated != size => format!(
            "the exception table at {address:#x} states a frame of {stated} bytes instead of {size}"
        ),
        Some(_) | None => {
            format!("the call that returns to {address:#x} has a second exception table")
        }
    }
}

/// Returns the finding that there are handlers at an address to which no call returns.
pub(crate) fn handlers_of_no_call(checked: &Checked<'_>, stray: &Handlers) -> Finding {
    let address = stray.return_address;
    let message = format!(
        "there are exception handlers at {address:#x}, to which no call of the CLIF returns"
    );
    let text = format!("they handle {}", words(&stray.handlers));
    let mut found = at(message, checked.label_of_function(text));
    found.safepoint = None;
    found
}

fn at(message: String, primary: Label) -> Finding {
    let help = "emit the handlers of each call's exception table at the offset at which it \
                returns, with the final addresses of their blocks";
    finding(Code::WrongHandler, message, primary, help)
}

/// Returns `tag0 at 0x40 and all at 0x50`.
fn words(handlers: &[Handler]) -> String {
    let handlers: Vec<String> = handlers.iter().map(word).collect();
    match handlers.is_empty() {
        true => "nothing".to_owned(),
        false => list(&handlers),
    }
}

fn word(handler: &Handler) -> String {
    let Handler { tag, context, target } = handler;
    let tag = name(*tag);
    let context = match context {
        None => String::new(),
        Some(ExceptionContextLoc::SPOffset(offset)) => format!(" by SP+{offset}"),
        Some(ExceptionContextLoc::GPR(register)) => format!(" by general register {register}"),
    };
    format!("{tag}{context} at {target:#x}")
}

fn name(tag: Option<ExceptionTag>) -> String {
    tag.map_or_else(|| "all".to_owned(), |tag| tag.to_string())
}
