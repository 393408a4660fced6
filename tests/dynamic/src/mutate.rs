//! Faults in the output of a real spiller, one at a time, in CLIF text.

use stackmap_oracle::dice::Dice;

use cranelift_codegen::ir::{Function, Opcode, Value};

use crate::plan::instructions;

/// A fault that a spiller could make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// An entry is missing from a stack map.
    DropEntry,
    /// A call has no stack map.
    DropMap,
    /// An entry names another slot.
    RenameEntry,
    /// A stack map has an additional entry.
    AddEntry,
    /// Two slots become one.
    MergeSlots,
    /// A spill is missing.
    DropSpill,
    /// A spill goes to another slot.
    SpillElsewhere,
    /// A reload comes from another slot.
    ReloadElsewhere,
    /// An operand is the spilled value instead of the reload.
    StaleCopy,
    /// A value that is not reloaded is replaced by null.
    NullReload,
    /// Null is written to a slot, anywhere.
    EmptySlot,
    /// All slots hold null from the start, and a stack map has an additional entry.
    EmptyEntry,
}

impl Fault {
    /// All of them.
    pub const ALL: [Fault; 12] = [
        Fault::DropEntry,
        Fault::DropMap,
        Fault::RenameEntry,
        Fault::AddEntry,
        Fault::MergeSlots,
        Fault::DropSpill,
        Fault::SpillElsewhere,
        Fault::ReloadElsewhere,
        Fault::StaleCopy,
        Fault::NullReload,
        Fault::EmptySlot,
        Fault::EmptyEntry,
    ];

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Fault::DropEntry => "drop a map entry",
            Fault::DropMap => "drop a whole map",
            Fault::RenameEntry => "rename a map entry",
            Fault::AddEntry => "add a map entry",
            Fault::MergeSlots => "merge two slots",
            Fault::DropSpill => "drop a spill",
            Fault::SpillElsewhere => "spill to the wrong slot",
            Fault::ReloadElsewhere => "reload from the wrong slot",
            Fault::StaleCopy => "use the spilled value",
            Fault::NullReload => "null instead of a reload",
            Fault::EmptySlot => "null out a slot",
            Fault::EmptyEntry => "null out all slots at entry, add a map entry",
        }
    }
}

/// Makes a fault. `None` if there is no site for it.
pub fn mutate(
    dice: &mut Dice<'_>,
    before: &Function,
    after: &Function,
    fault: Fault,
) -> Option<Function> {
    if fault == Fault::StaleCopy {
        return stale_copy(dice, before, after);
    }
    let text = after.display().to_string();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let slots = after.sized_stack_slots.len();
    match fault {
        Fault::DropEntry | Fault::DropMap | Fault::RenameEntry | Fault::AddEntry => {
            let line = pick(dice, &lines, |line| line.contains(MAP))?;
            lines[line] = edit_map(dice, &lines[line], fault, after)?;
        }
        Fault::MergeSlots => {
            let (gone, kept) = (dice.below(slots), dice.below(slots));
            let same = |a: usize, b: usize| {
                let sizes: Vec<_> =
                    after.sized_stack_slots.values().map(|slot| slot.size).collect();
                sizes.get(a) == sizes.get(b)
            };
            if gone == kept || !same(gone, kept) {
                return None;
            }
            let body = lines.iter_mut().filter(|line| !line.contains("explicit_slot"));
            body.for_each(|line| *line = rename(line, gone, kept));
        }
        Fault::DropSpill => {
            let line = pick(dice, &lines, |line| is_access(&lines, line, "store "))?;
            lines.remove(line);
        }
        Fault::SpillElsewhere | Fault::ReloadElsewhere => {
            let wanted = if fault == Fault::SpillElsewhere { "store " } else { " = load." };
            let line = pick(dice, &lines, |line| is_access(&lines, line, wanted))?;
            let address = address(&lines[line])?;
            let definition = format!("v{address} = stack_addr");
            let line = lines.iter().position(|line| line.contains(&definition))?;
            let (old, new) = (slot(&lines[line])?, dice.below(slots));
            if old == new {
                return None;
            }
            lines[line] = rename(&lines[line], old, new);
        }
        Fault::NullReload => {
            let line = pick(dice, &lines, |line| is_access(&lines, line, " = load."))?;
            let (loaded, rest) = lines[line].split_once(" = load.")?;
            let (of_type, _) = rest.split_once(' ')?;
            lines[line] = format!("{loaded} = iconst.{of_type} 0");
        }
        Fault::EmptySlot => {
            let slot = dice.below(slots);
            let line =
                pick(dice, &lines, |line| line.starts_with("    v") && line.contains(" = "))?;
            let null = empty(after, slot, 0)?;
            lines.splice(line..line, null);
        }
        Fault::EmptyEntry => {
            let line = pick(dice, &lines, |line| line.contains(MAP))?;
            lines[line] = edit_map(dice, &lines[line], Fault::AddEntry, after)?;
            let nulls: Option<Vec<_>> = (0..slots).map(|slot| empty(after, slot, slot)).collect();
            let entry = lines.iter().position(|line| line.starts_with("block"))?;
            lines.splice(entry + 1..=entry, nulls?.into_iter().flatten());
        }
        Fault::StaleCopy => return None,
    }
    let text = lines.join("\n");
    Some(cranelift_reader::parse_functions(&text).ok()?.remove(0))
}

/// Returns lines that write null to a slot, by two values that are not used otherwise. Each
/// `number` yields a different pair of values.
fn empty(after: &Function, slot: usize, number: usize) -> Option<[String; 3]> {
    let bits = 8 * after.sized_stack_slots.values().nth(slot)?.size;
    let address = after.dfg.num_values() + 2 * number;
    let null = address + 1;
    Some([
        format!("    v{address} = stack_addr.i64 ss{slot}"),
        format!("    v{null} = iconst.i{bits} 0"),
        format!("    store notrap aligned v{null}, v{address}"),
    ])
}

const MAP: &str = "stack_map=[";

/// Returns one of the wanted lines.
fn pick(dice: &mut Dice<'_>, lines: &[String], wanted: impl Fn(&str) -> bool) -> Option<usize> {
    let found = lines.iter().enumerate().filter(|(_, line)| wanted(line));
    let found: Vec<usize> = found.map(|(n, _)| n).collect();
    dice.pick(&found)
}

fn edit_map(dice: &mut Dice<'_>, line: &str, fault: Fault, after: &Function) -> Option<String> {
    let (start, rest) = line.split_once(MAP)?;
    let (entries, end) = rest.split_once(']')?;
    let mut entries: Vec<String> = entries.split(", ").map(str::to_owned).collect();
    let entry = dice.below(entries.len());
    let other = dice.below(after.sized_stack_slots.len());
    let known = entries.iter().any(|entry| slot(entry) == Some(other));
    if fault == Fault::DropMap {
        entries.clear();
    } else if fault == Fault::DropEntry {
        entries.remove(entry);
    } else if known {
        return None;
    } else {
        let new = rename(&entries[entry], slot(&entries[entry])?, other);
        match fault == Fault::AddEntry {
            true => entries.push(new),
            false => entries[entry] = new,
        }
    }
    if entries.is_empty() {
        return Some(format!("{}{end}", start.trim_end_matches([' ', ','])));
    }
    Some(format!("{start}{MAP}{}]{end}", entries.join(", ")))
}

/// The number of the first slot in a line.
fn slot(line: &str) -> Option<usize> {
    let rest = line.split_once("ss")?.1;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// Replaces the slot in a line.
fn rename(line: &str, old: usize, new: usize) -> String {
    let old = format!("ss{old}");
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(&old) {
        let end = at + old.len();
        out.push_str(&rest[..at]);
        match rest[end..].starts_with(|c: char| c.is_ascii_digit()) {
            true => out.push_str(&old),
            false => out.push_str(&format!("ss{new}")),
        }
        rest = &rest[end..];
    }
    out + rest
}

/// Returns the address that a load or store uses.
fn address(line: &str) -> Option<u32> {
    let code = line.split(';').next()?.trim_end();
    code.rsplit_once('v')?.1.parse().ok()
}

/// Whether a line is a spill or reload.
fn is_access(lines: &[String], line: &str, wanted: &str) -> bool {
    let Some(address) = address(line) else { return false };
    let definition = format!("v{address} = stack_addr");
    line.contains(wanted) && lines.iter().any(|line| line.contains(&definition))
}

/// Replaces the reload that an instruction reads by the spilled value.
fn stale_copy(dice: &mut Dice<'_>, before: &Function, after: &Function) -> Option<Function> {
    let mut places: Vec<(_, usize, Value)> = Vec::new();
    for inst in instructions(before).filter(|&i| before.dfg.insts[i].opcode() != Opcode::Jump) {
        let operands = before.dfg.inst_args(inst).iter().zip(after.dfg.inst_args(inst));
        for (n, (&old, &new)) in operands.enumerate() {
            let old = before.dfg.resolve_aliases(old);
            if old != after.dfg.resolve_aliases(new) {
                places.push((inst, n, old));
            }
        }
    }
    let (inst, operand, value) = dice.pick(&places)?;
    let mut after = after.clone();
    after.dfg.inst_args_mut(inst)[operand] = value;
    Some(after)
}
