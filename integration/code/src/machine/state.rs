//! The registers and frame cells at one point of the code.

use std::collections::BTreeMap;

use super::instruction::{Access, Address, Register};
use super::value::Value;

/// The size of a cell, which is that of an address, in bytes.
const CELL: i64 = 8;

/// Which addresses of the frame registers and frame cells hold, and which numbers registers. What is
/// not listed holds none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct State {
    registers: BTreeMap<Register, Value>,
    /// By the address of their first byte.
    cells: BTreeMap<i64, Value>,
}

impl State {
    pub(crate) fn register(&self, register: Register) -> Value {
        self.registers.get(&register).copied().unwrap_or_default()
    }

    pub(crate) fn set(&mut self, register: Register, value: Value) {
        match value {
            Value::Other => self.registers.remove(&register),
            Value::Constant(_) | Value::Frame(_) | Value::Either(..) | Value::Derived => {
                self.registers.insert(register, value)
            }
        };
    }

    /// Returns the address of an access, as far as it is known.
    pub(crate) fn address(&self, access: &Access) -> Value {
        match access.address {
            Address::Offset(base, offset) => self.register(base).plus(offset),
            Address::Sum(a, b) => Value::computed([a, b].map(|r| self.register(r)).into_iter()),
            Address::Elsewhere => Value::Other,
        }
    }

    /// Returns what is known of some bytes of the frame.
    pub(crate) fn load(&self, address: i64, size: u32) -> Value {
        match self.cells.get(&address) {
            Some(value) if i64::from(size) == CELL => *value,
            Some(_) | None => match self.overlapping(address, size).next() {
                Some(_) => Value::Derived,
                None => Value::Other,
            },
        }
    }

    /// Writes some bytes of the frame.
    pub(crate) fn store(&mut self, address: i64, size: u32, value: Value) {
        let replaced: Vec<i64> = self.overlapping(address, size).collect();
        for cell in replaced {
            self.cells.remove(&cell);
        }
        let stored =
            if i64::from(size) == CELL { value } else { Value::computed([value].into_iter()) };
        match stored {
            Value::Other | Value::Constant(_) => {}
            Value::Frame(_) | Value::Either(..) | Value::Derived => {
                // All cells that the bytes are in.
                let last = address.saturating_add(i64::from(size).saturating_sub(CELL).max(0));
                self.cells.insert(address, stored);
                self.cells.insert(last, stored);
            }
        }
    }

    /// Returns the cells that hold something and share a byte with these.
    fn overlapping(&self, address: i64, size: u32) -> impl Iterator<Item = i64> {
        let end = address.saturating_add(i64::from(size));
        let cells = self.cells.range(address.saturating_sub(CELL - 1)..end);
        cells.map(|(&cell, _)| cell)
    }

    /// Forgets the registers that are not kept: they may hold anything then.
    pub(crate) fn clobber(&mut self, keeps: impl Fn(Register) -> bool) {
        self.registers
            .retain(|register, value| keeps(*register) || !matches!(value, Value::Constant(_)));
        for (register, value) in &mut self.registers {
            if !keeps(*register) {
                *value = Value::Derived;
            }
        }
    }

    /// Adds what is known on another path to the same point; returns whether something changed.
    pub(crate) fn join(&mut self, other: &State) -> bool {
        let registers = join(&mut self.registers, &other.registers);
        join(&mut self.cells, &other.cells) | registers
    }
}

fn join<K: Copy + Ord>(into: &mut BTreeMap<K, Value>, from: &BTreeMap<K, Value>) -> bool {
    let mut changed = false;
    for (key, value) in &mut *into {
        let joined = value.join(from.get(key).copied().unwrap_or_default());
        changed |= joined != *value;
        *value = joined;
    }
    into.retain(|_, value| *value != Value::Other);
    for (key, value) in from {
        let joined = Value::Other.join(*value);
        if joined != Value::Other && !into.contains_key(key) {
            into.insert(*key, joined);
            changed = true;
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_hold_what_was_stored_last() {
        let mut state = State::default();
        state.store(8, 8, Value::Frame(40));
        assert_eq!(state.load(8, 8), Value::Frame(40));
        // A part of an address, and what overlaps one.
        assert_eq!((state.load(8, 4), state.load(12, 8)), (Value::Derived, Value::Derived));
        assert_eq!((state.load(0, 8), state.load(16, 8)), (Value::Other, Value::Other));
        state.store(12, 4, Value::Other);
        assert_eq!(state.load(8, 8), Value::Other);
        state.store(8, 16, Value::Derived);
        assert_eq!((state.load(8, 8), state.load(16, 8)), (Value::Derived, Value::Derived));
    }

    #[test]
    fn what_paths_disagree_on_is_not_known() {
        let (a, b) = (Register(1), Register(2));
        let mut state = State::default();
        state.set(a, Value::Frame(8));
        let mut other = State::default();
        other.set(a, Value::Frame(16));
        other.set(b, Value::Frame(0));
        assert!(state.join(&other) && !state.join(&other));
        assert_eq!(state.register(a), Value::Either(8, 16));
        assert_eq!(state.register(b), Value::Derived);
        other.set(a, Value::Frame(24));
        assert!(state.join(&other));
        assert_eq!(state.register(a), Value::Derived);
    }

    #[test]
    fn numbers_that_paths_disagree_on_are_no_addresses() {
        let (a, b) = (Register(1), Register(2));
        let mut state = State::default();
        state.set(a, Value::Constant(8));
        state.set(b, Value::Frame(8));
        let mut other = State::default();
        other.set(a, Value::Constant(16));
        other.set(b, Value::Constant(16));
        assert!(state.join(&other) && !state.join(&other));
        assert_eq!((state.register(a), state.register(b)), (Value::Other, Value::Derived));
        assert!(!other.join(&State::default()) || other.register(a) == Value::Other);
        assert_eq!(Value::Frame(8).sum(Value::Constant(16)), Value::Frame(24));
        assert_eq!(Value::Frame(8).sum(Value::Other), Value::Derived);
    }

    #[test]
    fn a_callee_keeps_some_registers() {
        let (a, b) = (Register(1), Register(2));
        let mut state = State::default();
        state.set(a, Value::Frame(8));
        state.set(b, Value::Frame(8));
        state.clobber(|register| register == a);
        assert_eq!((state.register(a), state.register(b)), (Value::Frame(8), Value::Derived));
    }
}
