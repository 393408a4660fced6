//! Compares the emitted exception tables with those of the linked calls.

use std::collections::BTreeMap;

use cranelift_codegen::ir::Inst;
use stackmap_verifier::findings::Finding;

use crate::checked::{Checked, Linked};
use crate::emitted::{Handler, Handlers};
use crate::findings::sm207::{handlers_of_no_call, wrong_handlers};
use crate::replay::{Owner, Replay};
use crate::table::{Item, items};

/// What is to be said of the handlers of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judgement {
    Right,
    Wrong,
    /// They have the items of the table, but where their targets should be is not known.
    Unknown,
}

/// Returns the findings about exception tables, and the calls of which nothing is known because
/// they are not lowered as their table says.
///
/// The items must be those of the CLIF. The addresses of the targets, and the places of the
/// contexts, must be those of the replay: they are known from nowhere else.
pub(crate) fn check(
    checked: &Checked<'_>,
    replay: &Replay,
    emitted: &[Handlers],
) -> (Vec<Finding>, Vec<Inst>) {
    let mut tables: BTreeMap<u32, Vec<&Handlers>> = BTreeMap::new();
    for table in emitted.iter().filter(|table| !table.handlers.is_empty()) {
        tables.entry(table.return_address).or_default().push(table);
    }
    let (mut findings, mut unknown) = (Vec::new(), Vec::new());
    for site in replay.code.buffer.call_sites() {
        let here = tables.remove(&site.ret_addr).unwrap_or_default();
        let Owner::Instruction(instruction) = replay.owner(site.ret_addr) else {
            findings.extend(here.into_iter().map(|table| handlers_of_no_call(checked, table)));
            continue;
        };
        let items = items(checked.frame.function, instruction);
        let replayed = Handlers::of(&site).handlers;
        let block = checked.frame.function.layout.inst_block(instruction);
        let call = Linked { return_address: site.ret_addr, instruction, block };
        let found = |table| wrong_handlers(checked, call, &items, &replayed, table);
        let Some((&first, more)) = here.split_first() else {
            if !items.is_empty() {
                findings.push(found(None));
            }
            continue;
        };
        let of_frame =
            first.frame_size.is_none_or(|size| items.is_empty() || size == checked.frame.size());
        match judge(&items, &replayed, &first.handlers) {
            Judgement::Right if of_frame => {}
            Judgement::Right | Judgement::Wrong => findings.push(found(Some(first))),
            Judgement::Unknown => unknown.push(instruction),
        }
        findings.extend(more.iter().map(|&table| found(Some(table))));
    }
    let strays = tables.into_values().flatten();
    findings.extend(strays.map(|table| handlers_of_no_call(checked, table)));
    (findings, unknown)
}

/// Judges the handlers of one call by the items of its table, and by the handlers that it is
/// lowered to.
fn judge(items: &[Item], replayed: &[Handler], emitted: &[Handler]) -> Judgement {
    let of = |handlers: &[Handler]| -> Vec<Item> {
        let item =
            |handler: &Handler| Item { tag: handler.tag, has_context: handler.context.is_some() };
        handlers.iter().map(item).collect()
    };
    if of(emitted) != items {
        Judgement::Wrong
    } else if of(replayed) != items {
        Judgement::Unknown
    } else if emitted != replayed {
        Judgement::Wrong
    } else {
        Judgement::Right
    }
}

#[cfg(test)]
mod tests {
    use cranelift_codegen::ir::ExceptionTag;

    use super::*;

    fn handler(tag: Option<u32>, target: u32) -> Handler {
        Handler { tag: tag.map(ExceptionTag::from_u32), context: None, target }
    }

    #[test]
    fn a_code_generator_that_loses_handlers_does_not_hide_it() {
        let table = [Some(1), None]
            .map(|tag| Item { tag: tag.map(ExceptionTag::from_u32), has_context: false });
        let (whole, lost) = ([handler(Some(1), 8), handler(None, 16)], [handler(Some(1), 8)]);
        assert_eq!(judge(&table, &whole, &whole), Judgement::Right);
        assert_eq!(judge(&table, &whole, &lost), Judgement::Wrong);
        assert_eq!(judge(&table, &lost, &lost), Judgement::Wrong);
        assert_eq!(judge(&table, &lost, &whole), Judgement::Unknown);
        let moved = [handler(Some(1), 8), handler(None, 20)];
        assert_eq!(judge(&table, &whole, &moved), Judgement::Wrong);
    }
}
