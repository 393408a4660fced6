//! Blocks that split edges, and those that split several at once.

use stackmap_clif::declared::Declared;
use stackmap_clif::pair::{Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::{Options, Outcome};

/// A table of which two entries and the default lead to the same block, with what stands
/// in front of the blocks and the table itself left open.
fn before() -> String {
    "function %f(i64, i32, i64) -> i64 system_v {
    sig0 = () system_v
    fn0 = u0:0 sig0

block0(v0: i64, v1: i32, v2: i64):
    call fn0()
    br_table v1, block1(v0), [block1(v0), block2(v0), block1(v0)]

block1(v3: i64):
    call fn0()
    return v3

block2(v4: i64):
    return v4
}
"
    .to_owned()
}

/// The same, spilled, with these edges, and with this behind the block of the table.
fn after(table: &str, split_edges: &str) -> String {
    format!(
        "function %f(i64, i32, i64) -> i64 system_v {{
    ss0 = explicit_slot 8, align = 8
    sig0 = () system_v
    fn0 = u0:0 sig0

block0(v0: i64, v1: i32, v2: i64):
    stack_store v0, ss0
    call fn0(), stack_map=[i64 @ ss0+0]
    br_table v1, {table}

{split_edges}
block1(v3: i64):
    stack_store v3, ss0
    call fn0(), stack_map=[i64 @ ss0+0]
    v5 = stack_load.i64 ss0
    return v5

block2(v4: i64):
    return v4
}}
"
    )
}

fn judged(after: &str) -> Outcome {
    let before = before();
    let text = |text| Text { text, line: 1 };
    let declared = Declared::exactly([0, 3, 4]);
    let pair = read_pair(text(&before), text(after), &declared, AtLeast::minor(132));
    let pair = pair.unwrap_or_else(|error| panic!("{error}\n{after}"));
    pair.verify(&Options::default()).unwrap().outcome
}

const RELOAD: &str = "block4:\n    v6 = stack_load.i64 ss0\n    jump block1(v6)\n";
const OWN: &str = "block5:\n    v7 = stack_load.i64 ss0\n    jump block2(v7)\n";

#[test]
fn a_block_may_split_several_edges_to_one_place() {
    let split_edges = format!("{RELOAD}{OWN}");
    assert_eq!(judged(&after("block4, [block4, block5, block4]", &split_edges)), Outcome::Verified);
    // A parameter of its own, which each edge assigns.
    let taking = "block4(v8: i64):\n    v6 = stack_load.i64 ss0\n    jump block1(v6)\n";
    let edges = "block4(v0), [block4(v2), block5, block4(v0)]";
    assert_eq!(judged(&after(edges, &format!("{taking}{OWN}"))), Outcome::Verified);
    // What one splits, and another one behind it.
    let chain = "block4:\n    v6 = stack_load.i64 ss0\n    jump block6\nblock6:\n    v8 = stack_load.i64 ss0\n    jump block1(v8)\n";
    for edges in ["block4, [block4, block5, block4]", "block4, [block6, block5, block6]"] {
        assert_eq!(judged(&after(edges, &format!("{chain}{OWN}"))), Outcome::Verified, "{edges}");
    }
}

#[test]
fn what_such_a_block_does_wrong_is_found() {
    let edges = "block4, [block4, block5, block4]";
    // The reference of before the call, on all edges and on one of them.
    let stale = "block4:\n    jump block1(v0)\n";
    assert_eq!(judged(&after(edges, &format!("{stale}{OWN}"))), Outcome::Violated);
    let taking = "block4(v8: i64):\n    jump block1(v8)\n";
    let once = "block4(v6), [block4(v6), block5, block4(v0)]";
    let text = after(once, &format!("{taking}{OWN}"));
    let reload = "    v6 = stack_load.i64 ss0\n    br_table";
    assert_eq!(judged(&text.replace("    br_table", reload)), Outcome::Violated);
    let right = text.replace("block4(v0)", "block4(v6)").replace("    br_table", reload);
    assert_eq!(judged(&right), Outcome::Verified);
    // Edges that led apart.
    let apart = "block4, [block4, block4, block4]";
    assert_eq!(judged(&after(apart, RELOAD)), Outcome::Violated);
    // One that computes, stores to what is not its own, or leads nowhere.
    for split_edge in [
        "block4:\n    v6 = stack_load.i64 ss0\n    v8 = iadd v6, v6\n    jump block1(v6)\n",
        "block4:\n    v6 = stack_load.i64 ss0\n    store v6, v2\n    jump block1(v6)\n",
        "block4:\n    v6 = stack_load.i64 ss0\n    return v6\n",
        "block4:\n    jump block4\n",
        "block4:\n    jump block6\nblock6:\n    jump block4\n",
    ] {
        assert_eq!(
            judged(&after(edges, &format!("{split_edge}{OWN}"))),
            Outcome::Violated,
            "{split_edge}"
        );
    }
}

#[test]
fn many_edges_of_one_block() {
    let many = |edge: &str, count: usize| vec![edge; count].join(", ");
    let before = before().replace("[block1(v0), ", &format!("[{}, ", many("block1(v0)", 5000)));
    let after = after(
        &format!("block4, [{}, block5, block4]", many("block4", 5000)),
        &format!("{RELOAD}{OWN}"),
    );
    let text = |text| Text { text, line: 1 };
    let declared = Declared::exactly([0, 3, 4]);
    let pair = read_pair(text(&before), text(&after), &declared, AtLeast::minor(132)).unwrap();
    assert_eq!(pair.verify(&Options::default()).unwrap().outcome, Outcome::Verified);
}

#[test]
fn too_many_edges_of_a_long_block_are_not_decided() {
    let loads = |slot: usize| format!("    v{} = stack_load.i64 ss0\n", slot + 10);
    let loads: String = (0..100).map(loads).collect();
    let split_edge = format!("block4:\n{loads}    jump block1(v10)\n");
    let many = |edge: &str| vec![edge; 1000].join(", ");
    let before = before().replace("[block1(v0), ", &format!("[{}, ", many("block1(v0)")));
    let table = format!("block4, [{}, block5, block4]", many("block4"));
    let after = after(&table, &format!("{split_edge}{OWN}"));
    let text = |text| Text { text, line: 1 };
    let declared = Declared::exactly([0, 3, 4]);
    let pair = read_pair(text(&before), text(&after), &declared, AtLeast::minor(132)).unwrap();
    let outcome = pair.verify(&Options::default()).unwrap().outcome;
    assert!(matches!(outcome, Outcome::Unsupported(_)), "{outcome:?}");
}
