//! Compares the parts in front of the blocks: signature, declarations, stack slots, and facts about
//! values.

use super::Frame;
use crate::view::{Declaration, Function, Slot};

impl<F: Function> Frame<'_, F> {
    pub(super) fn compare_declared(&mut self) {
        let (before, after) = (self.before.view, self.after.view);
        if !before.must_declare_same(after) {
            self.compare_headers();
            self.compare_declarations();
        }
        self.compare_slots();
        self.compare_facts();
    }

    fn compare_headers(&mut self) {
        let (mine, theirs) = (self.before.view.header(), self.after.view.header());
        if mine != theirs {
            let message = "the function's name, signature or calling convention differs".to_owned();
            self.changed_declaration(message, theirs, mine);
        }
    }

    /// Both functions must declare the same names as the same things, equally often. Only alias
    /// regions may be new, and only inserted instructions can use these.
    fn compare_declarations(&mut self) {
        let (before, after) = (self.before.view, self.after.view);
        let (mut mine, mut theirs) = (before.declarations(after), after.declarations(before));
        mine.sort();
        theirs.sort();
        let is_new_region = |declaration: &Declaration| {
            let same_name = |other: &Declaration| other.name == declaration.name;
            declaration.name.starts_with("region") && !mine.iter().any(same_name)
        };
        let mut last_region: Option<String> = None;
        theirs.retain(|declaration| {
            let is_first = last_region.as_ref() != Some(&declaration.name);
            let is_added = is_new_region(declaration) && is_first;
            if is_added {
                last_region = Some(declaration.name.clone());
            }
            !is_added
        });
        let text = |declared: Option<&Declaration>| match declared {
            Some(Declaration { name, text }) => format!("{name} = {text}"),
            None => "nothing".to_owned(),
        };
        let (mut mine, mut theirs) = (mine.iter().peekable(), theirs.iter().peekable());
        loop {
            let order = match (mine.peek(), theirs.peek()) {
                (None, None) => return,
                (Some(a), Some(b)) => a.name.cmp(&b.name),
                (Some(_), None) => std::cmp::Ordering::Less,
                (None, Some(_)) => std::cmp::Ordering::Greater,
            };
            let a = if order.is_le() { mine.next() } else { None };
            let b = if order.is_ge() { theirs.next() } else { None };
            if a != b {
                let name = a.or(b).map_or("", |declared| &declared.name);
                let message = format!("{name} is declared otherwise than in the before function");
                self.changed_declaration(message, text(b), text(a));
            }
        }
    }

    /// The program's slots must be unchanged, and the spiller's slots must have no key.
    fn compare_slots(&mut self) {
        let mut theirs: Vec<Option<Slot>> = vec![None; self.after.view.slot_bound()];
        for slot in self.after.view.slots() {
            if let Some(place) = theirs.get_mut(slot.index as usize) {
                *place = Some(slot);
            }
        }
        for slot in self.before.view.slots() {
            let theirs = theirs.get(slot.index as usize).copied().flatten();
            if theirs != Some(slot) {
                let name = self.slot_name(slot.index);
                let message = format!("the program's slot {name} is not what it was");
                let text = |slot: Option<Slot>| slot.map_or_else(|| "nothing".to_owned(), words);
                self.changed_declaration(message, text(theirs), words(slot));
            }
        }
        let odd = |slot: &Slot| !slot.is_explicit || slot.key.is_some();
        let odd: Vec<Slot> = self.owners.all_spillers().filter(odd).collect();
        for slot in odd {
            let name = self.slot_name(slot.index);
            let message = format!("{name} is no slot that a spiller makes");
            self.changed_declaration(message, words(slot), "nothing".to_owned());
        }
    }

    /// The facts about the program's values must be the same.
    fn compare_facts(&mut self) {
        let (mut mine, mut theirs) = (self.before.view.facts(), self.after.view.facts());
        if mine == theirs {
            return;
        }
        for facts in [&mut mine, &mut theirs] {
            facts.retain(|&(value, _)| self.values.defined(value).is_some());
            facts.sort();
        }
        if mine != theirs {
            let text = |facts: &[(u32, String)]| match facts {
                [] => "nothing".to_owned(),
                facts => {
                    let fact = |(value, fact): &(u32, String)| {
                        format!("{} {fact}", self.before.value_name(*value))
                    };
                    facts.iter().map(fact).collect::<Vec<_>>().join(", ")
                }
            };
            let (mine, theirs) = (text(&mine), text(&theirs));
            let message = "what is known of the program's values differs".to_owned();
            self.changed_declaration(message, theirs, mine);
        }
    }
}

fn words(slot: Slot) -> String {
    let sort = if slot.is_explicit { "explicit_slot" } else { "a slot" };
    let key = slot.key.map_or_else(String::new, |key| format!(", key = {key}"));
    format!("{sort} {}, align = {}{key}", slot.size, slot.align)
}
