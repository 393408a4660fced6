//! Checks that addresses have one type, and that they are defined where they are used.

use stackmap_verifier::cfg::Dominators;

use super::Frame;
use super::addresses::Address;
use crate::view::Function;

impl<F: Function> Frame<'_, F> {
    /// Performs the checks that require the whole function to have been seen.
    ///
    /// Cost: linear in the number of addresses and, if one is used outside of its own block, almost
    /// linear in the number of blocks and edges.
    pub(super) fn check_addresses(&mut self) {
        self.check_types();
        let distant = std::mem::take(&mut self.addresses.distant);
        if distant.is_empty() {
            return;
        }
        let dominators = self.dominators();
        for (value, block, user) in distant {
            // Within one block, an address that is defined first has also been met first.
            let definition = self.addresses.get(value).map(|address| address.block);
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

    /// All addresses must have one type: that of the program's addresses, if known.
    fn check_types(&mut self) {
        let view = self.after.view;
        let all = self.addresses.all();
        let first = all.iter().map(|address| address.value).min();
        let first = first.and_then(|value| view.type_of(value));
        let expected = self.addresses.program.or(first);
        let other = all.iter().filter(|address| view.type_of(address.value) != expected);
        let mut other: Vec<Address<F::Instruction>> = other.copied().collect();
        other.sort_unstable_by_key(|address| address.value);
        for Address { block, at, .. } in other {
            let why = "makes an address of another type than other addresses have".to_owned();
            self.misplaced(block, at, view.named_slot(at), why);
        }
    }

    fn dominators(&self) -> Dominators {
        let cfg = self.after.cfg();
        let post_order = cfg.post_order();
        Dominators::new(&cfg, &post_order)
    }
}
