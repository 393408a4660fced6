//! The declaration of a stack slot: `ss0 = explicit_slot 16, align = 4, key = 3`.

use super::cursor::Cursor;
use super::error::{SyntaxError, SyntaxProblem};
use super::function::{Builder, origin};
use super::lexer::{Kind, Token};
use super::numbers::{not, unsigned32, unsigned64};
use crate::ast::Slot;

/// The kinds of stack slots of all versions.
pub(super) const SORTS: [&str; 3] = ["explicit_slot", "explicit_dynamic_slot", "spill_slot"];

impl<'t> Builder<'t, '_> {
    /// Reads and adds the declaration of the slot with this number.
    pub(super) fn slot(&mut self, cursor: &mut Cursor<'t>, number: u32) -> Result<(), SyntaxError> {
        let name = cursor.expect_kind(Kind::Slot(number), "a stack slot")?;
        cursor.expect('=', "`=`")?;
        let sort = cursor.word("a sort of stack slot")?;
        if !SORTS.contains(&sort.text) {
            return Err(not(&sort, "a sort of stack slot"));
        }
        let size = unsigned32(&cursor.expect_kind(Kind::Number, "a size")?)?;
        let index = self.names.slots.intern(number);
        self.place_slot(&name, index)?;
        let origin = origin(&name, cursor.end());
        let mut slot = Slot { index, sort: sort.text, size, align: 1, key: None, origin };
        while cursor.eat(',')? {
            attribute(cursor, &mut slot)?;
        }
        slot.origin = self::origin(&name, cursor.end());
        self.function.slots.push(slot);
        Ok(())
    }

    /// Records the position of the next slot, which has this index.
    fn place_slot(&mut self, name: &Token<'_>, index: u32) -> Result<(), SyntaxError> {
        let position = u32::try_from(self.function.slots.len()).ok();
        let positions = &mut self.function.slot_positions;
        if positions.len() <= index as usize {
            positions.resize(index as usize + 1, None);
        }
        if positions[index as usize].is_some() {
            return Err(name.error(SyntaxProblem::DefinedTwice(name.text.to_owned())));
        }
        positions[index as usize] = position;
        Ok(())
    }
}

/// Reads `align = 4` or `key = 3`.
fn attribute(cursor: &mut Cursor<'_>, slot: &mut Slot<'_>) -> Result<(), SyntaxError> {
    let name = cursor.word("`align` or `key`")?;
    cursor.expect('=', "`=`")?;
    let number = cursor.expect_kind(Kind::Number, "a number")?;
    match name.text {
        "align" => {
            let align = unsigned32(&number)?;
            if !align.is_power_of_two() {
                return Err(number.expected("a power of two"));
            }
            slot.align = align;
        }
        "key" => {
            let key = unsigned64(number.text);
            slot.key = Some(key.ok_or_else(|| not(&number, "a number of 64 bits"))?);
        }
        _ => return Err(name.expected("`align` or `key`")),
    }
    Ok(())
}
