//! How the linked version holds debug tags is known.

use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::{DebugTag, Function, InstBuilder};

use super::functions::tags::any_tags;

#[test]
fn nothing_has_to_be_copied_to_find_them() {
    let mut function = Function::new();
    let block = function.dfg.make_block();
    let mut cursor = FuncCursor::new(&mut function);
    cursor.insert_block(block);
    let instruction = cursor.ins().sequence_point();
    assert_eq!(any_tags(&function), Some(false));
    function.debug_tags.set(instruction, [DebugTag::User(1)]);
    assert_eq!(any_tags(&function), Some(true));
}
