//! The addresses that the spiller takes of its slots: of one type, and defined where
//! they are used.

use rustc_hash::FxHashMap;
use stackmap_verifier::cfg::{Cfg, Dominators};

use super::Frame;
use crate::types::TypeId;
use crate::view::Function;

/// The addresses of the spiller's slots.
#[derive(Clone, Debug)]
pub(super) struct Addresses<I> {
    /// By value index, where it is defined.
    defined: FxHashMap<u32, (u32, I)>,
    /// Uses of addresses that had not been defined in their block: value, block, user.
    distant: Vec<(u32, u32, I)>,
    /// The type of the first address that the program uses.
    program: Option<TypeId>,
}

impl<I> Default for Addresses<I> {
    fn default() -> Self {
        Addresses { defined: FxHashMap::default(), distant: Vec::new(), program: None }
    }
}

impl<I: Copy> Addresses<I> {
    /// Notes that the value is defined in `block`.
    pub(super) fn define(&mut self, value: u32, block: u32, at: I) {
        self.defined.insert(value, (block, at));
    }

    /// Notes that the value is used in `block`.
    pub(super) fn uses(&mut self, value: u32, block: u32, user: I) {
        let is_here = self.defined.get(&value).is_some_and(|&(defined, _)| defined == block);
        if !is_here {
            self.distant.push((value, block, user));
        }
    }

    /// Whether the value has been seen to be the address of a slot of the spiller's.
    pub(super) fn is_one(&self, value: u32) -> bool {
        !self.defined.is_empty() && self.defined.contains_key(&value)
    }

    /// Whether the program is known to use an address.
    pub(super) fn knows_program(&self) -> bool {
        self.program.is_some()
    }

    /// Notes that the program uses an address of this type.
    pub(super) fn note_program(&mut self, r#type: Option<TypeId>) {
        self.program = r#type;
    }
}

impl<F: Function> Frame<'_, F> {
    /// Checks what can be checked only when the whole function has been seen.
    ///
    /// Cost: linear in the addresses and, if one is used in another block than its own,
    /// almost linear in blocks and edges.
    pub(super) fn check_addresses(&mut self) {
        self.check_types();
        let distant = std::mem::take(&mut self.addresses.distant);
        if distant.is_empty() {
            return;
        }
        let dominators = self.dominators();
        for (value, block, user) in distant {
            // In its own block, an address that comes first has been met first.
            let definition = self.addresses.defined.get(&value).map(|&(defined, _)| defined);
            let is_defined =
                definition.filter(|&defined| defined != block).is_some_and(|defined| {
                    let (above, below) = (self.after.id(defined), self.after.id(block));
                    above
                        .zip(below)
                        .is_some_and(|(above, below)| dominators.dominates(above, below))
                });
            if !is_defined {
                let why = "goes through an address that is not defined on every path to it";
                self.misplaced(block, user, None, why.to_owned());
            }
        }
    }

    /// All addresses have one type: whichever the program's have, if they are known.
    fn check_types(&mut self) {
        let view = self.after.view;
        let defined = self.addresses.defined.iter();
        let mut all: Vec<_> = defined.map(|(&value, &(block, at))| (value, block, at)).collect();
        all.sort_unstable_by_key(|&(value, ..)| value);
        let first = all.first().and_then(|&(value, ..)| view.type_of(value));
        let expected = self.addresses.program.or(first);
        for (_, block, at) in all.into_iter().filter(|&(v, ..)| view.type_of(v) != expected) {
            let why = "makes an address of another type than other addresses have".to_owned();
            self.misplaced(block, at, view.named_slot(at), why);
        }
    }

    fn dominators(&self) -> Dominators {
        let view = self.after.view;
        let rows = view.blocks().map(|block| {
            let terminator = view.terminator(block).filter(|_| self.after.is_reachable(block));
            let edges = terminator.into_iter().flat_map(|terminator| view.edges(terminator));
            let targets = edges.filter_map(|edge| self.after.id(view.target(edge)));
            targets.collect::<Vec<_>>()
        });
        let cfg = Cfg::new(rows);
        let post_order = cfg.post_order();
        Dominators::new(&cfg, &post_order)
    }
}
