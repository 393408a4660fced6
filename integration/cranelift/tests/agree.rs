//! The text reader and the in-memory front end build the same model.

mod files;
mod show;

use files::clif_files;
use stackmap_clif::after_only::read_after_only;
use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_cranelift::{lower, lower_after, spill};

/// Functions with features that the sketches lack: slots of the program's own, addresses that
/// escape, select and bitcast, accesses to a part of a slot.
const PROGRAM_SLOTS: &str = ";! declare v0 v1 v5 v6
function %slots(i32, i32, i64) -> i32 system_v {
    ss0 = explicit_slot 16
    ss1 = explicit_slot 8, align = 8
    sig0 = (i64) -> i32, i64 system_v
    fn0 = colocated u0:0 sig0
block0(v0: i32, v1: i32, v2: i64):
    v3 = stack_addr.i64 ss0
    store notrap aligned v0, v3+4
    istore8 v1, v3+9
    v4 = uload16.i32 v3+8
    v5 = select v4, v0, v1
    v6 = bitcast.f32 v5
    v7 = stack_addr.i64 ss1+4
    v8, v9 = call fn0(v7)
    brif v8, block1(v5), block2(v3)
block1(v11: i32):
    v12 = bitcast.i32 v6
    v13 = iadd v12, v11
    v14 = atomic_rmw.i32 add v2, v13
    return v0
block2(v15: i64):
    v16, v17 = call fn0(v15)
    store v6, v15
    v18 = load.f32 v3+4
    store v18, v2
    return v1
}
";

fn check(place: &str, text: &str) -> usize {
    let mut count = 0;
    let Ok(spilled) = spill::run(text) else { return 0 };
    for spilled in spilled.into_iter().flatten() {
        let memory = lower(&spilled.before, spilled.declared.iter().copied(), &spilled.after);
        let memory = memory.unwrap_or_else(|error| panic!("{place}: {error}"));
        let memory = memory.pair().unwrap_or_else(|| panic!("{place}: changed"));
        let (before, after) = (spilled.before_text(), spilled.after_text());
        // Cranelift prints no stack map of it, so a text with one is undecided.
        if after.contains("stack_switch") {
            continue;
        }
        let declared: Vec<u32> = spilled.declared.iter().map(|value| value.as_u32()).collect();
        let text = read_pair(
            Text { text: &before, line: 1 },
            Text { text: &after, line: 1 },
            &Declared::exactly(declared),
            AtLeast::minor(135),
        );
        let text = text.unwrap_or_else(|error| panic!("{place}: {error}\n{after}"));
        assert_eq!(text.name, spilled.name);
        let text = text.comparison.pair().unwrap_or_else(|| panic!("{place}: changed"));
        assert_eq!(text.declared, memory.declared, "{place}");
        assert_eq!(show::before(&text.before), show::before(&memory.before), "{place}");
        assert_eq!(show::after(&text.after), show::after(&memory.after), "{place}");
        let memory = lower_after(&spilled.after, []).unwrap();
        let text =
            read_after_only(Text { text: &after, line: 1 }, &[], AtLeast::minor(135)).unwrap();
        let (memory, text) = (memory.program.after(), text.program.after());
        assert_eq!(show::after(text), show::after(memory), "{place}");
        count += 1;
    }
    count
}

#[test]
fn both_front_ends_build_the_same_model_of_every_sketch() {
    let mut count = 0;
    for path in clif_files() {
        let text = std::fs::read_to_string(&path).unwrap();
        if spill::is_wanted(&text) {
            count += check(&path.display().to_string(), &text);
        }
    }
    assert!(count > 0);
}

#[test]
fn both_front_ends_build_the_same_model_of_the_programs_own_slots() {
    assert_eq!(check("slots", PROGRAM_SLOTS), 1);
}
