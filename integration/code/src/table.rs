//! The exception tables of CLIF.

use cranelift_codegen::ir::{ExceptionTableItem, ExceptionTag, Function, Inst};

/// An item of a CLIF exception table: what it handles, and whether a context says how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) tag: Option<ExceptionTag>,
    pub(crate) has_context: bool,
}

/// Returns what an instruction's exception table handles, in order.
pub(crate) fn items(function: &Function, instruction: Inst) -> Vec<Item> {
    let Some(table) = function.dfg.insts[instruction].exception_table() else { return Vec::new() };
    let (mut items, mut has_context) = (Vec::new(), false);
    for item in function.stencil.dfg.exception_tables[table].items() {
        match item {
            ExceptionTableItem::Tag(tag, _) => items.push(Item { tag: Some(tag), has_context }),
            ExceptionTableItem::Default(_) => items.push(Item { tag: None, has_context }),
            ExceptionTableItem::Context(_) => has_context = true,
        }
    }
    items
}
