//! The text form of a pair.

use crate::model::Model;

impl Model {
    /// Appends the pair to the text of a file in the form that `stackmap-verify check` reads
    /// (`docs/pairs.md`), which begins with [`stackmap_pair_text::HEADER`].
    ///
    /// Cost: linear in the model.
    pub fn write(&self, out: &mut String, name: &str) {
        let Model { before, declared, after, places: _ } = self;
        stackmap_pair_text::write(out, name, before, declared, after, None);
    }
}
