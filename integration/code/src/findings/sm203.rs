//! SM203: a stack map that does not list what the call's entries say.

use stackmap_verifier::findings::{Code, Finding};

use super::{finding, list};
use crate::checked::{Checked, Linked};
use crate::emitted::MapEntry;
use crate::frame::{Frame, Place};

/// How a map differs from what it should be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wrong {
    /// What it should list and does not.
    pub(crate) missing: Vec<Place>,
    /// What it lists and should not.
    pub(crate) extra: Vec<MapEntry>,
    /// What it lists with another type.
    pub(crate) retyped: Vec<(Place, MapEntry)>,
    /// The size of the frame that it states, if that is not its size.
    pub(crate) frame_size: Option<u32>,
}

impl Wrong {
    /// Returns whether the map is as it should be.
    pub(crate) fn is_nothing(&self) -> bool {
        let Wrong { missing, extra, retyped, frame_size } = self;
        missing.is_empty() && extra.is_empty() && retyped.is_empty() && frame_size.is_none()
    }

    /// Returns each difference in words, the first to be told first.
    fn words(&self, frame: Frame<'_>) -> Vec<String> {
        let extra: Vec<String> =
            self.extra.iter().map(|entry| frame.describe(entry.offset)).collect();
        let missing: Vec<String> = self.missing.iter().map(Place::describe).collect();
        let mut words = Vec::new();
        match (missing.is_empty(), extra.is_empty()) {
            (false, false) => {
                words.push(format!("lists {} instead of {}", list(&extra), list(&missing)));
            }
            (false, true) => words.push(format!("does not list {}", list(&missing))),
            (true, false) => words.push(format!("lists {}, too", list(&extra))),
            (true, true) => {}
        }
        for (place, entry) in &self.retyped {
            let r#type = entry.r#type.map(|r#type| r#type.to_string()).unwrap_or_default();
            let (place, meant) = (place.describe(), place.r#type);
            words.push(format!("lists {place} as {type} instead of {meant}"));
        }
        if let Some(stated) = self.frame_size {
            let size = frame.size();
            words.push(format!("states a frame of {stated} bytes instead of {size}"));
        }
        words
    }

    /// Returns the slot to name: one that is lost or misread, or else one that is read.
    fn slot(&self, frame: Frame<'_>) -> Option<String> {
        let meant = self.missing.iter().chain(self.retyped.iter().map(|(place, _)| place));
        let meant = meant.map(|place| place.name.clone()).next();
        meant.or_else(|| self.extra.iter().find_map(|entry| frame.name(entry.offset)))
    }
}

/// Returns the finding that the map of a call is wrong like this.
pub(crate) fn wrong_map_entry(checked: &Checked<'_>, call: Linked, wrong: &Wrong) -> Finding {
    let address = call.return_address;
    let mut words = wrong.words(checked.frame);
    let rest = words.split_off(words.len().min(1));
    let message = format!("the stack map at {address:#x} {}", list(&words));
    let text = "the collector reads the frame by this map here".to_owned();
    let help = "list the offset of each entry's slot in the final frame plus the entry's offset";
    let mut found = finding(Code::WrongMapEntry, message, checked.label(call, text), help);
    found.slot = wrong.slot(checked.frame);
    found.notes.extend(rest.into_iter().map(|what| checked.label(call, format!("it {what}"))));
    found
}
