//! A heap whose objects move.
//!
//! One flat memory of 64 KiB. A reference is a [`TAG`] and the address of an object in that
//! memory. No address is used twice, so a stale reference can be recognized. The former place
//! of an object is overwritten.

use std::cell::Cell;

/// The size of the memory in bytes.
pub const SIZE: u32 = 0x1_0000;
/// The bits that mark a number as a reference.
pub const TAG: u32 = 0x5a10_0000;
/// The address at which the program stores the number of decisions taken.
pub const TAKEN: u32 = 0;
/// The address of the decisions, one byte each.
pub const TAPE: u32 = 16;
/// The maximum number of decisions.
pub const DECISIONS: usize = 63;
/// The byte that follows the last decision.
pub const NO_DECISION: u8 = 0xff;
/// Words that the program writes and the world reads.
pub const LOG: std::ops::Range<u32> = 128..512;
/// Words that hold references when the program starts.
pub const GLOBALS: std::ops::Range<u32> = 512..576;
/// The lowest address of an object.
const FIRST: u32 = 1024;
/// The size of an object: its number, and a reference to another object.
const OBJECT: u32 = 16;
/// The value that overwrites the former place of an object.
const POISON: u64 = 0xdead_dead;

/// A value, as the world sees it: without addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Seen {
    /// A reference to where this object is.
    Object(u32),
    /// A reference to where this object was.
    Stale(u32),
    /// An address in the memory.
    Address(u32),
    /// Anything else.
    Number(u128),
}

/// The memory and the objects in it.
#[derive(Debug)]
pub struct Heap {
    /// Shared with machine code, which writes it only while no Rust code reads it.
    words: Box<[Cell<u64>]>,
    /// The address of each object.
    places: Vec<u32>,
    /// For each address of an object, divided by [`OBJECT`], the object that was there.
    owners: Vec<Option<u32>>,
    /// The next address that was never used.
    next: u32,
    /// The total number of moves of objects.
    pub moved: u64,
}

fn index(address: u32) -> usize {
    address as usize / 8
}

impl Heap {
    /// Creates a heap without objects. The first object will be `skew` places further on.
    pub fn new(skew: u32) -> Self {
        Heap {
            words: vec![Cell::new(0); index(SIZE)].into_boxed_slice(),
            places: Vec::new(),
            owners: vec![None; (SIZE / OBJECT) as usize],
            next: FIRST + skew * OBJECT,
            moved: 0,
        }
    }

    /// The memory itself.
    pub fn words(&self) -> &[Cell<u64>] {
        &self.words
    }

    /// The word at an address, which is a multiple of 8.
    pub fn word(&self, address: u32) -> u64 {
        self.words[index(address)].get()
    }

    /// Writes a word.
    pub fn set_word(&self, address: u32, word: u64) {
        self.words[index(address)].set(word);
    }

    /// Reads bytes; `None` if they are not all in the memory.
    pub fn read(&self, address: u64, bytes: &mut [u8]) -> Option<()> {
        for (at, byte) in (address..).zip(bytes) {
            let word = self.words.get(usize::try_from(at / 8).ok()?)?;
            *byte = word.get().to_le_bytes()[(at % 8) as usize];
        }
        Some(())
    }

    /// Writes bytes; `None` if they are not all in the memory.
    pub fn write(&self, address: u64, bytes: &[u8]) -> Option<()> {
        for (at, byte) in (address..).zip(bytes) {
            let word = self.words.get(usize::try_from(at / 8).ok()?)?;
            let mut all = word.get().to_le_bytes();
            all[(at % 8) as usize] = *byte;
            word.set(u64::from_le_bytes(all));
        }
        Some(())
    }

    fn place(&mut self) -> Option<u32> {
        let place = self.next;
        self.next = place.checked_add(OBJECT).filter(|&end| end <= SIZE)?;
        Some(place)
    }

    /// Creates an object that refers to the last one, and returns the reference to it. `None`
    /// if the memory is full.
    pub fn allocate(&mut self) -> Option<u64> {
        let number = u32::try_from(self.places.len()).ok()?;
        let last = number.checked_sub(1).map_or(0, |last| self.reference(last));
        let place = self.place()?;
        self.places.push(place);
        self.owners[(place / OBJECT) as usize] = Some(number);
        self.set_word(place, number.into());
        self.set_word(place + 8, last);
        Some(self.reference(number))
    }

    /// The reference to an object.
    pub fn reference(&self, object: u32) -> u64 {
        (TAG | self.places[object as usize]).into()
    }

    /// Classifies a value.
    pub fn look(&self, value: u128) -> Seen {
        let number = Seen::Number(value);
        let Ok(low) = u32::try_from(value) else { return number };
        let address = low ^ TAG;
        if address >= SIZE || !address.is_multiple_of(OBJECT) {
            return number;
        }
        match self.owners[(address / OBJECT) as usize] {
            Some(object) if self.places[object as usize] == address => Seen::Object(object),
            Some(object) => Seen::Stale(object),
            None => number,
        }
    }

    /// Makes one object refer to another.
    pub fn link(&self, from: u32, to: u32) {
        self.set_word(self.places[from as usize] + 8, self.reference(to));
    }

    /// Moves every object, and updates these roots and all references in the
    /// memory. `None` if the memory is full.
    pub fn collect(&mut self, roots: &mut [u128]) -> Option<()> {
        // The object that each word refers to, before anything moves.
        let cells: Vec<u32> = LOG.chain(GLOBALS).step_by(8).collect();
        let fields: Vec<u32> = self.places.iter().map(|place| place + 8).collect();
        let held = |address: &u32| self.object(self.word(*address).into());
        let cells: Vec<_> = cells.iter().map(|cell| (*cell, held(cell))).collect();
        let fields: Vec<_> = fields.iter().map(held).collect();
        let held: Vec<_> = roots.iter().map(|&root| self.object(root)).collect();
        for object in 0..self.places.len() {
            let (old, new) = (self.places[object], self.place()?);
            self.set_word(new, self.word(old));
            self.set_word(new + 8, self.word(old + 8));
            self.set_word(old, POISON);
            self.set_word(old + 8, POISON);
            self.owners[(new / OBJECT) as usize] = self.owners[(old / OBJECT) as usize];
            self.places[object] = new;
            self.moved += 1;
        }
        for (field, object) in self.places.iter().zip(fields) {
            object.into_iter().for_each(|o| self.set_word(field + 8, self.reference(o)));
        }
        for (cell, object) in cells {
            object.into_iter().for_each(|o| self.set_word(cell, self.reference(o)));
        }
        for (root, object) in roots.iter_mut().zip(held) {
            object.into_iter().for_each(|o| *root = self.reference(o).into());
        }
        Some(())
    }

    /// Returns the object to which a value is a valid reference.
    fn object(&self, value: u128) -> Option<u32> {
        match self.look(value) {
            Seen::Object(object) => Some(object),
            Seen::Stale(_) | Seen::Address(_) | Seen::Number(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collection_moves_every_object_and_updates_what_it_is_told() {
        let mut heap = Heap::new(0);
        let (a, b) = (heap.allocate().unwrap(), heap.allocate().unwrap());
        heap.set_word(GLOBALS.start, b);
        let mut roots = [u128::from(a), 0];
        heap.collect(&mut roots).unwrap();
        assert_eq!(heap.moved, 2);
        assert_eq!(heap.look(a.into()), Seen::Stale(0));
        assert_eq!(heap.look(b.into()), Seen::Stale(1));
        assert_eq!(roots.map(|root| heap.look(root)), [Seen::Object(0), Seen::Number(0)]);
        assert_eq!(heap.look(heap.word(GLOBALS.start).into()), Seen::Object(1));
        // The second object refers to the first, wherever that is.
        let place = |reference: u64| u32::try_from(reference).unwrap() ^ TAG;
        let (old, new) = (place(b), place(heap.reference(1)));
        assert_eq!(heap.look(heap.word(new + 8).into()), Seen::Object(0));
        assert_eq!([heap.word(new), heap.word(old)], [1, POISON]);
    }

    #[test]
    fn a_full_heap_says_so() {
        let mut heap = Heap::new(0);
        while heap.allocate().is_some() {}
        assert!(heap.collect(&mut []).is_none());
    }
}
