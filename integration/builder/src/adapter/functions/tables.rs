//! Compares exception tables.

use super::codegen::ir::{ExceptionTable, ExceptionTableData, ExceptionTableItem, Function};

/// Returns whether two exception tables have the same signature and catch the same exceptions, in
/// the same order.
pub(super) fn same_table(
    before: &Function,
    a: ExceptionTable,
    after: &Function,
    b: ExceptionTable,
) -> bool {
    use ExceptionTableItem as Item;
    let (a, b) = (&before.dfg.exception_tables[a], &after.dfg.exception_tables[b]);
    let same = |(a, b): (Item, Item)| match (a, b) {
        (Item::Tag(a, _), Item::Tag(b, _)) => a == b,
        (Item::Default(_), Item::Default(_)) | (Item::Context(_), Item::Context(_)) => true,
        (Item::Tag(..) | Item::Default(_) | Item::Context(_), _) => false,
    };
    a.signature() == b.signature()
        && a.items().count() == b.items().count()
        && a.items().zip(b.items()).all(same)
        && lists_handlers_in_order(before, a)
        && lists_handlers_in_order(after, b)
}

/// Returns whether the handlers are the table's edges in order, with the normal return as the last
/// edge. No other order can be created through Cranelift's interface, but it can be read from
/// serialized data; edges are compared by order alone.
fn lists_handlers_in_order(function: &Function, table: &ExceptionTableData) -> bool {
    let pool = &function.dfg.value_lists;
    let handlers = table.items().filter_map(|item| match item {
        ExceptionTableItem::Tag(_, handler) | ExceptionTableItem::Default(handler) => Some(handler),
        ExceptionTableItem::Context(_) => None,
    });
    let edges = table.all_branches().split_last().map_or(&[][..], |(_, edges)| edges);
    handlers.zip(edges).all(|(handler, edge)| {
        handler.block(pool) == edge.block(pool) && handler.args(pool).eq(edge.args(pool))
    })
}
