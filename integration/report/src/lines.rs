//! Maps lines of a function to lines of the input, where these differ.

use std::borrow::Cow;

use crate::listing::Listing;
use crate::printed::{Event, PrintedFinding};
use crate::record::Record;

impl Record {
    /// Returns the same record with line numbers of the input in place of those of a function that
    /// is in one line of the input. There are no columns then.
    pub(crate) fn in_input(&self) -> Cow<'_, Record> {
        let in_one_line = |texts: &&Listing| texts.parts().any(|part| part.on_line.is_some());
        let Some(texts) = self.texts.as_ref().filter(in_one_line) else {
            return Cow::Borrowed(self);
        };
        let mut record = self.clone();
        record.findings.iter_mut().for_each(|found| found.find(texts));
        Cow::Owned(record)
    }
}

impl PrintedFinding {
    fn find(&mut self, listing: &Listing) {
        let place = self.safepoint.iter_mut().map(|place| &mut place.line);
        let blocks = self.witness.iter_mut().map(|block| &mut block.line);
        for line in place.chain(blocks) {
            *line = line.map(|number| listing.line(number).number);
        }
        let events = self.witness.iter_mut().flat_map(|block| &mut block.events);
        for event in events.chain(&mut self.labels).chain(&mut self.notes) {
            event.find(listing);
        }
        let line = self.line.map(|number| listing.line(number));
        self.line = line.map(|line| line.number);
        self.column = self.column.filter(|_| line.is_some_and(|line| line.of_function.is_none()));
    }
}

impl Event {
    fn find(&mut self, listing: &Listing) {
        let Some(line) = self.line.map(|number| listing.line(number)) else { return };
        self.line = Some(line.number);
        self.line_of_function = line.of_function;
        if line.of_function.is_some() {
            (self.column, self.length) = (None, None);
        }
    }
}
