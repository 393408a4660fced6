//! Functions before and after spilling.

use std::fmt::Write;

use crate::Pair;

/// A function that is being written, before and after spilling.
struct Writer {
    before: String,
    after: String,
    slots: usize,
    next: u32,
    declared: Vec<u32>,
}

/// References that are live, with their slots in `after`.
type Live = Vec<u32>;

impl Writer {
    fn new(slots: usize) -> Writer {
        let mut writer = Writer {
            before: String::from("function %f(i64, i64) -> i64 system_v {\n"),
            after: String::from("function %f(i64, i64) -> i64 system_v {\n"),
            slots,
            next: 2,
            declared: Vec::new(),
        };
        for slot in 0..slots {
            push(&mut writer.after, &format!("ss{slot} = explicit_slot 8, align = 8"));
        }
        writer.both("sig0 = () system_v");
        writer.both("fn0 = %poll sig0");
        writer.label("block0(v0: i64, v1: i64):");
        writer
    }

    fn both(&mut self, line: &str) {
        push(&mut self.before, line);
        push(&mut self.after, line);
    }

    fn label(&mut self, label: &str) {
        for text in [&mut self.before, &mut self.after] {
            text.push_str(label);
            text.push('\n');
        }
    }

    fn value(&mut self) -> u32 {
        self.next += 1;
        self.next
    }

    /// Loads a reference for each slot, and spills it.
    fn load(&mut self) -> Live {
        let load = |writer: &mut Writer, slot: usize| {
            let value = writer.value();
            writer.declared.push(value);
            writer.both(&format!("v{value} = load.i64 notrap v0+{}", slot % 4096 * 8));
            let address = writer.value();
            push(&mut writer.after, &format!("v{address} = stack_addr.i64 ss{slot}"));
            push(&mut writer.after, &format!("store notrap v{value}, v{address}"));
            value
        };
        (0..self.slots).map(|slot| load(self, slot)).collect()
    }

    /// A safepoint at which all of them are live.
    fn poll(&mut self) {
        push(&mut self.before, "call fn0()");
        let roots: Vec<String> = (0..self.slots).map(|slot| format!("i64 @ ss{slot}+0")).collect();
        push(&mut self.after, &format!("call fn0(), stack_map=[{}]", roots.join(", ")));
    }

    /// Reads each of them.
    fn read(&mut self, live: &Live) {
        for (slot, value) in live.iter().enumerate() {
            let (address, reloaded, field) = (self.value(), self.value(), self.value());
            push(&mut self.after, &format!("v{address} = stack_addr.i64 ss{slot}"));
            push(&mut self.after, &format!("v{reloaded} = load.i64 notrap v{address}"));
            push(&mut self.before, &format!("v{field} = load.i64 notrap v{value}+8"));
            push(&mut self.after, &format!("v{field} = load.i64 notrap v{reloaded}+8"));
        }
    }

    /// Two blocks between two others, with nothing in them. The block behind is `first + 2`.
    fn diamond(&mut self, first: usize) {
        self.both(&format!("brif v1, block{first}, block{}", first + 1));
        for arm in [first, first + 1] {
            self.label(&format!("block{arm}:"));
            self.both(&format!("jump block{}", first + 2));
        }
        self.label(&format!("block{}:", first + 2));
    }

    fn end(mut self) -> Pair {
        self.both("return v1");
        self.label("}");
        Pair { declared: self.declared, before: self.before, after: self.after }
    }
}

fn push(text: &mut String, line: &str) {
    // Writing to a string never fails.
    let _ = writeln!(text, "    {line}");
}

/// One block: eight references are loaded, live across a safepoint, and read; `size` times.
pub fn straight(size: usize) -> Pair {
    let mut writer = Writer::new(8);
    for _ in 0..size {
        let live = writer.load();
        writer.poll();
        writer.read(&live);
    }
    writer.end()
}

/// The same, with a diamond between.
pub fn diamonds(size: usize) -> Pair {
    let mut writer = Writer::new(8);
    for turn in 0..size {
        let live = writer.load();
        writer.poll();
        writer.diamond(1 + 3 * turn);
        writer.poll();
        writer.read(&live);
    }
    writer.end()
}

/// A function with `slots` slots that are live through `diamonds` diamonds which never access
/// them.
pub fn idle(slots: usize, diamonds: usize) -> Pair {
    let mut writer = Writer::new(slots);
    let live = writer.load();
    writer.poll();
    (0..diamonds).for_each(|turn| writer.diamond(1 + 3 * turn));
    writer.poll();
    writer.read(&live);
    writer.end()
}

/// A chain of `size` addresses, each derived from the one before and the first from a
/// reference, with a movable load from each.
pub fn chain(size: usize) -> Pair {
    let mut writer = Writer::new(1);
    let live = writer.load();
    let (mut address, offset) = (live[0], writer.value());
    writer.both(&format!("v{offset} = iconst.i64 8"));
    for _ in 0..size {
        let (next, loaded) = (writer.value(), writer.value());
        writer.both(&format!("v{next} = iadd v{address}, v{offset}"));
        writer.both(&format!("v{loaded} = load.i64 notrap readonly can_move v{next}"));
        address = next;
    }
    writer.poll();
    writer.read(&live);
    writer.end()
}
