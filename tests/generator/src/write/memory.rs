//! Stack slots that the function has of its own.

use super::{Body, Writer};
use crate::types::Type;

/// Some bytes of a slot, as an address.
struct Slice {
    address: usize,
    slot: usize,
    offset: usize,
}

impl Writer<'_, '_> {
    /// Takes the address of some bytes of a slot. Such an address is not used otherwise.
    fn address(&mut self, body: &Body, bytes: usize) -> Option<Slice> {
        let roomy: Vec<usize> = (0..self.slots.len()).filter(|&s| self.slots[s] >= bytes).collect();
        let slot = self.dice.pick(&roomy)?;
        let offset = 4 * self.dice.below((self.slots[slot] - bytes) / 4 + 1);
        let address = self.value(Type::I64);
        self.draft.plain.insert(address);
        self.line(body, format!("v{address} = stack_addr.i64 ss{slot}+{offset}"));
        self.note(body, "slot of the program");
        Some(Slice { address, slot, offset })
    }

    /// A load or store. Its bytes may overlap those of other accesses.
    pub(super) fn access_slot(&mut self, body: &mut Body) {
        if self.dice.chance(60) {
            let Some(stored) = self.dice.pick(&body.scope) else { return };
            let bytes = self.types[stored].bytes();
            let Some(place) = self.address(body, bytes) else { return };
            let cells = self.cells.entry(place.slot).or_default();
            let range = (place.offset, place.offset + bytes);
            let overlaps = |&(from, to): &(usize, usize)| {
                (from, to) != range && from < range.1 && range.0 < to
            };
            let overlap = cells.iter().any(overlaps);
            cells.insert(range);
            if overlap {
                self.note(body, "partial overlap");
            }
            self.line(body, format!("store notrap v{stored}, v{}", place.address));
        } else {
            let r#type = self.any_type();
            let Some(place) = self.address(body, r#type.bytes()) else { return };
            let loaded = self.value(r#type);
            self.line(
                body,
                format!("v{loaded} = load.{} notrap v{}", r#type.name(), place.address),
            );
            self.defined(body, &[loaded]);
        }
    }

    /// References that the program keeps in one slot itself, lists in the stack
    /// map of a call, and loads again.
    pub(super) fn spill_by_hand(&mut self, body: &mut Body) {
        let r#type = if self.dice.chance(50) { Type::I32 } else { Type::I64 };
        let slot = self.dice.below(self.slots.len());
        let bytes = r#type.bytes();
        let count = self.dice.between(1, self.slots[slot] / bytes);
        let mut entries = Vec::new();
        let mut addresses = Vec::new();
        for offset in (0..count).map(|i| i * bytes) {
            let fits = |&v: &usize| {
                self.types[v] == r#type && !self.draft.plain.contains(&self.draft.root[v])
            };
            let fitting: Vec<usize> = body.scope.iter().copied().filter(fits).collect();
            let Some(stored) = self.dice.pick(&fitting) else { break };
            let address = self.value(Type::I64);
            self.draft.plain.insert(address);
            self.line(body, format!("v{address} = stack_addr.i64 ss{slot}+{offset}"));
            self.line(body, format!("store notrap v{stored}, v{address}"));
            entries.push(format!("{} @ ss{slot}+{offset}", r#type.name()));
            addresses.push(address);
            self.draft.mapped.insert(self.draft.root[stored]);
        }
        if entries.is_empty() {
            return;
        }
        let args = self.any_values(body, 3);
        let signature = self.signature(&args, &[]);
        let (args, entries) = (super::list(&args), entries.join(", "));
        self.line(body, format!("call fn{signature}({args}), stack_map=[{entries}]"));
        self.note(body, "map by hand");
        if addresses.len() > 1 {
            self.note(body, "two references in one slot");
        }
        for address in addresses {
            let loaded = self.value(r#type);
            self.line(body, format!("v{loaded} = load.{} notrap v{address}", r#type.name()));
            self.draft.mapped.insert(loaded);
            self.defined(body, &[loaded]);
        }
    }

    /// Uses the address of a slot as a value.
    pub(super) fn escape(&mut self, body: &mut Body) {
        if self.dice.chance(50)
            && let Some(place) = self.address(body, 4)
        {
            self.note(body, "escaping slot");
            self.defined(body, &[place.address]);
        }
    }
}
