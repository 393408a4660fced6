//! The stack map of each safepoint, with what its roots hold and which references are live across it.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_verifier::model::{Block, InstructionId, Location, Value};
use stackmap_verifier::timeline::{Held, State};

use super::sources::Sources;
use crate::drawing::points::roots_of;
use crate::drawing::words::{Look, describe, shown, value_look};

/// The number of safepoints of a function that are listed.
const MOST_SAFEPOINTS: usize = 500;

/// The number of roots of all safepoints, and the number of references live across them, that are
/// listed.
const MOST_ENTRIES: usize = 6000;

/// The number of roots of one safepoint that are told where there is little room.
const FEW: usize = 6;

/// A safepoint.
#[derive(Clone, Debug)]
pub(crate) struct Safepoint {
    pub(crate) instruction: InstructionId,
    /// The line, if the input has lines.
    pub(crate) line: Option<u32>,
    pub(crate) block: String,
    /// The entries of its stack map.
    pub(crate) roots: Vec<Root>,
    /// The references that are live across it.
    pub(crate) live: Vec<LiveValue>,
    /// The number of roots and live references that are not listed.
    pub(crate) left_out: usize,
}

/// An entry of a stack map.
#[derive(Clone, Debug)]
pub(crate) struct Root {
    /// The slot.
    pub(crate) slot: String,
    /// The offset in the slot, and the number of bytes; `None` if it is no part of a slot.
    pub(crate) bytes: Option<(u32, u32)>,
    pub(crate) look: Look,
    /// The content, in short and in words.
    pub(crate) text: String,
    pub(crate) about: String,
}

/// A reference that is live across a safepoint.
#[derive(Clone, Debug)]
pub(crate) struct LiveValue {
    pub(crate) value: Value,
    pub(crate) name: String,
    pub(crate) look: Look,
    /// The roots that hold it on every path; `None` if that is not known.
    pub(crate) slots: Option<Vec<String>>,
}

impl Safepoint {
    /// Returns the stack map in words.
    pub(crate) fn in_words(&self) -> String {
        let few = self.roots.iter().take(FEW);
        let mut words: Vec<String> =
            few.map(|root| format!("{} {}", root.slot, root.about)).collect();
        if self.roots.len() + self.left_out > FEW {
            words.push("…".to_owned());
        }
        match words.is_empty() {
            true => "its stack map is empty".to_owned(),
            false => words.join("; "),
        }
    }
}

/// Returns the safepoints, and the number of those that are not listed.
pub(super) fn safepoints(
    sources: &Sources<'_>,
    values: &mut Vec<Value>,
) -> (Vec<Safepoint>, usize) {
    let mut maps = Maps { sources, values, room: MOST_ENTRIES };
    let (mut all, mut left_out) = (Vec::new(), 0);
    for block in sources.blocks() {
        let wanted = of_block(sources, block);
        let room = MOST_SAFEPOINTS.saturating_sub(all.len());
        left_out += wanted.len().saturating_sub(room);
        all.extend(maps.block(block, wanted.into_iter().take(room).collect()));
    }
    (all, left_out)
}

/// Returns the instructions of a block that are safepoints.
fn of_block(sources: &Sources<'_>, block: Block) -> Vec<InstructionId> {
    let pair = sources.pair;
    let is_safepoint = |&id: &InstructionId| {
        pair.steps_of(block, id).any(|(_, step)| roots_of(pair, step).is_some())
    };
    pair.after().instructions(block).filter(is_safepoint).collect()
}

struct Maps<'m> {
    sources: &'m Sources<'m>,
    /// The values that have a colour.
    values: &'m mut Vec<Value>,
    /// The number of entries that may still be listed.
    room: usize,
}

impl Maps<'_> {
    /// Returns these safepoints of a block.
    fn block(&mut self, block: Block, wanted: BTreeSet<InstructionId>) -> Vec<Safepoint> {
        let Some(&last) = wanted.last() else { return Vec::new() };
        let pair = self.sources.pair;
        let live = self.live_across(block, &wanted);
        let mut state = self.sources.timeline.at_start(block);
        let mut found = Vec::new();
        for id in pair.after().instructions(block).take_while(|&id| id <= last) {
            for (_, step) in pair.steps_of(block, id) {
                if let Some(roots) = roots_of(pair, step)
                    && wanted.contains(&id)
                {
                    let live = live.get(&id).map(Vec::as_slice).unwrap_or_default();
                    found.push(self.safepoint((block, id), roots, live, state.as_ref()));
                }
                if let Some(state) = &mut state {
                    state.step(step);
                }
            }
        }
        found
    }

    /// Returns the references that are live across each of these safepoints of a block.
    fn live_across(
        &self,
        block: Block,
        wanted: &BTreeSet<InstructionId>,
    ) -> BTreeMap<InstructionId, Vec<Value>> {
        let mut across = BTreeMap::new();
        let Some(liveness) = self.sources.liveness else { return across };
        let pair = self.sources.pair;
        // What is live behind an instruction is seen before the instruction itself.
        let mut earlier = pair.after().instructions(block).rev();
        liveness.visit(block, |_, live| {
            let Some(id) = earlier.next().filter(|id| wanted.contains(id)) else { return };
            let made = pair.performed(id).map(|operation| pair.before().operation(operation).defs);
            let is_made = |value: &Value| made.is_some_and(|made| made.contains(value));
            let references = liveness.references().iter().copied();
            let live = references.filter(|value| live.contains(*value) && !is_made(value));
            across.insert(id, live.collect());
        });
        across
    }

    fn safepoint(
        &mut self,
        (block, instruction): (Block, InstructionId),
        roots: &[Location],
        live: &[Value],
        state: Option<&State<'_>>,
    ) -> Safepoint {
        let after = self.sources.pair.after();
        let mut left_out = 0;
        let listed = self.listed(roots, &mut left_out);
        let listed = listed.iter().map(|&root| self.root(root, state)).collect();
        let live = self.listed(live, &mut left_out);
        let live = live.iter().map(|&value| self.live(value, roots, state)).collect();
        Safepoint {
            instruction,
            line: after.instruction_origin(instruction).line(),
            block: shown(after.block_name(block)),
            roots: listed,
            live,
            left_out,
        }
    }

    /// Returns as many of these as there is room for.
    fn listed<'l, T>(&mut self, all: &'l [T], left_out: &mut usize) -> &'l [T] {
        let (listed, others) = all.split_at(all.len().min(self.room));
        self.room -= listed.len();
        *left_out += others.len();
        listed
    }

    fn root(&mut self, at: Location, state: Option<&State<'_>>) -> Root {
        let after = self.sources.pair.after();
        let content = state.and_then(|state| state.content(at));
        let (look, text, about) = match content {
            Some(content) => describe(self.sources.pair, self.values, content),
            None => (Look::Mixed, "?".to_owned(), "was not followed".to_owned()),
        };
        let cell = after.cell(at);
        let slot = cell.and_then(|cell| after.slot(cell.slot)).map(|slot| shown(&slot.name));
        Root {
            slot: slot.unwrap_or_else(|| shown(after.display_location(at))),
            bytes: cell.map(|cell| (cell.offset, cell.size)),
            look,
            text,
            about,
        }
    }

    fn live(&mut self, value: Value, roots: &[Location], state: Option<&State<'_>>) -> LiveValue {
        let pair = self.sources.pair;
        let holds = |at: &&Location| {
            let content = state.and_then(|state| state.content(**at));
            content.is_some_and(|content| content.is(Held::Fresh(value)))
        };
        let is_followed = |at: &Location| state.is_some_and(|state| state.content(*at).is_some());
        let is_known = roots.iter().all(is_followed);
        let slots = roots.iter().filter(holds);
        LiveValue {
            value,
            name: shown(pair.before().value_name(value)),
            look: value_look(self.values, value),
            slots: is_known
                .then(|| slots.map(|&at| shown(pair.after().display_location(at))).collect()),
        }
    }
}
