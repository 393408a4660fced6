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

/// A call in the code, and the handlers that it should have.
struct Expected {
    call: Linked,
    /// Those of the CLIF.
    items: Vec<Item>,
    /// What they are lowered to.
    lowered: Vec<Handler>,
}

impl Expected {
    fn finding(&self, checked: &Checked<'_>, emitted: Option<&Handlers>) -> Finding {
        wrong_handlers(checked, self.call, &self.items, &self.lowered, emitted)
    }

    /// Judges a table at the return address of the call, and the frame size that it states.
    fn judge(&self, table: &Handlers, frame_size: u32) -> Judgement {
        let is_of_frame = table.frame_size.is_none_or(|size| size == frame_size);
        match judge(&self.items, &self.lowered, &table.handlers) {
            Judgement::Right if is_of_frame => Judgement::Right,
            Judgement::Right | Judgement::Wrong => Judgement::Wrong,
            Judgement::Unknown => Judgement::Unknown,
        }
    }
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
    let (mut lost, mut strays) = (Vec::new(), Vec::new());
    for expected in expected(checked, replay) {
        let mut here = tables.remove(&expected.call.return_address).unwrap_or_default();
        let judge = |table: &Handlers| expected.judge(table, checked.frame.size());
        let right = here.iter().position(|table| judge(table) == Judgement::Right);
        if here.is_empty() && !expected.items.is_empty() {
            lost.push(expected);
            continue;
        }
        if !expected.items.is_empty() {
            let table = here.remove(right.unwrap_or(0));
            match judge(table) {
                Judgement::Right => {}
                Judgement::Wrong => findings.push(expected.finding(checked, Some(table))),
                Judgement::Unknown => unknown.push(expected.call.instruction),
            }
        }
        let beside = |table| (table, expected.finding(checked, Some(table)));
        strays.extend(here.into_iter().map(beside));
    }
    for table in tables.into_values().flatten() {
        strays.push((table, handlers_of_no_call(checked, table)));
    }
    findings.extend(of_lost(checked, &lost, &mut strays));
    findings.extend(strays.into_iter().map(|(_, finding)| finding));
    (findings, unknown)
}

/// Returns a finding for each call without handlers that should have some. If the same handlers are
/// at another address, they were moved, and are not reported again.
fn of_lost(
    checked: &Checked<'_>,
    lost: &[Expected],
    strays: &mut Vec<(&Handlers, Finding)>,
) -> Vec<Finding> {
    let finding = |expected: &Expected| {
        let mut found = expected.finding(checked, None);
        let same = |stray: &(&Handlers, Finding)| stray.0.handlers == expected.lowered;
        if let Some(at) = strays.iter().position(same) {
            let address = strays.remove(at).0.return_address;
            let text = format!("these handlers are at {address:#x}, where none should be");
            found.notes.push(checked.label(expected.call, text));
        }
        found
    };
    lost.iter().map(finding).collect()
}

/// Returns the calls of the code, by return address.
fn expected<'c>(
    checked: &'c Checked<'_>,
    replay: &'c Replay,
) -> impl Iterator<Item = Expected> + 'c {
    replay.code.buffer.call_sites().filter_map(|site| {
        let Owner::Instruction(instruction) = replay.owner(site.ret_addr) else { return None };
        let block = checked.frame.function.layout.inst_block(instruction);
        let call = Linked { return_address: site.ret_addr, instruction, block };
        let items = items(checked.frame.function, instruction);
        Some(Expected { call, items, lowered: Handlers::of(&site).handlers })
    })
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
