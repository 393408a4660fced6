//! Two functions of which one was changed where a spiller may change nothing: what only some
//! versions have is compared as well.

use std::ops::RangeInclusive;

use stackmap_verifier::findings::Code;
use stackmap_verifier::{Options, Outcome};

use crate::linked::parse;
use crate::stackmap;

/// The function, with what differs in place of `DECLARE`, `PARAM`, `DO`.
const TEXT: &str = "function %f(i64) -> i64 system_v {
    ss0 = explicit_slot 8, align = 8SLOT
DECLARE    sig0 = (i64) system_v

block0(v0PARAM: i64):
    v1 = iconst.i64 4096
    DO
    call_indirect sig0, v1(v0)
    return v0
}
";

/// A change, and the lines whose reader knows what is changed.
struct Change {
    part: &'static str,
    from: &'static str,
    to: &'static str,
    lines: RangeInclusive<u32>,
}

const fn change(
    part: &'static str,
    from: &'static str,
    to: &'static str,
    lines: RangeInclusive<u32>,
) -> Change {
    Change { part, from, to, lines }
}

const ALL: RangeInclusive<u32> = 0..=u32::MAX;

const CHANGES: [Change; 25] = [
    change("DO", "v2 = iconst.i64 1", "v2 = iconst.i64 2", ALL),
    change("DO", "v2 = iadd v0, v1", "v2 = isub v0, v1", ALL),
    change("DO", "v2 = icmp eq v0, v1", "v2 = icmp ne v0, v1", ALL),
    change("DO", "v2 = load.i32 v0", "v2 = load.i32 v0+8", ALL),
    change("DO", "v2 = load.i32 v0", "v2 = load.i32 notrap v0", ALL),
    change("DO", "v2 = load.i32 v0", "v2 = load.i32 aligned v0", ALL),
    change("DO", "v2 = load.i32 v0", "v2 = load.i32 little v0", ALL),
    change("DO", "v2 = load.i32 heap v0", "v2 = load.i32 table v0", 0..=132),
    change("DO", "v2 = stack_addr.i64 ss0", "v2 = stack_addr.i64 ss0+4", ALL),
    change("DO", "v2 = stack_load.i32 ss0", "v2 = stack_load.i32 ss0+4", 0..=133),
    change("DO", "stack_store v0, ss0", "", 0..=133),
    change("DO", "v2 = iadd_imm v0, 1", "v2 = iadd_imm v0, 2", 0..=132),
    change("DO", "v2 = icmp_imm eq v0, 1", "v2 = icmp_imm ne v0, 1", 0..=132),
    change("DO", "trapz v0, user1", "trapz v0, user2", ALL),
    change(
        "DO",
        "<1> call_indirect sig0, v1(v0)",
        "<2> call_indirect sig0, v1(v0)",
        127..=u32::MAX,
    ),
    change("DO", "<1> call_indirect sig0, v1(v0)", "call_indirect sig0, v1(v0)", 127..=u32::MAX),
    // Readers up to 0.133 take them in another order than they are printed in.
    change(
        "DO",
        "@0001 <1> call_indirect sig0, v1(v0)",
        "@0001 <2> call_indirect sig0, v1(v0)",
        127..=133,
    ),
    change(
        "DO",
        "<1> @0001 call_indirect sig0, v1(v0)",
        "<2> @0001 call_indirect sig0, v1(v0)",
        134..=u32::MAX,
    ),
    change("DO", "@0001 call_indirect sig0, v1(v0)", "@0002 call_indirect sig0, v1(v0)", ALL),
    change("SLOT", ", key = 1", ", key = 2", 126..=u32::MAX),
    change("PARAM", " ! range(64, 0x0, 0xff)", " ! range(64, 0x0, 0xfe)", 0..=131),
    change("DECLARE", "    gv0 = vmctx\n", "    gv0 = symbol %x\n", ALL),
    change(
        "DECLARE",
        "    gv0 = vmctx\n    gv1 = iadd_imm.i64 gv0, 8\n",
        "    gv0 = vmctx\n    gv1 = iadd_imm.i64 gv0, 16\n",
        ALL,
    ),
    change("DECLARE", "    mt0 = memory 0x10\n", "    mt0 = memory 0x20\n", 0..=131),
    change("DECLARE", "    region0 = 1 \"a\"\n", "    region0 = 2 \"a\"\n", 133..=u32::MAX),
];

fn text(part: &str, what: &str) -> String {
    let parts = ["SLOT", "DECLARE", "PARAM", "DO"];
    parts.iter().fold(TEXT.to_owned(), |text, &other| {
        text.replace(other, if other == part { what } else { "" })
    })
}

#[test]
fn each_is_a_finding() {
    let mut compared = 0;
    for Change { part, from, to, lines } in &CHANGES {
        let name = format!("{} -> {}", from.trim(), to.trim());
        let pair = (parse(&text(part, from)), parse(&text(part, to)));
        let is_known = lines.contains(&stackmap::minor());
        let (Some(from), Some(to)) = pair else {
            assert!(!is_known, "{name}: the reader refuses it");
            continue;
        };
        assert!(is_known, "{name}: the reader reads it");
        let verify = |a, b| stackmap::verify(a, &[], b, &Options::default()).expect("a pair");
        for same in [&from, &to] {
            assert_eq!(verify(same, same).outcome, Outcome::Verified, "{name}");
        }
        for (before, after) in [(&from, &to), (&to, &from)] {
            let report = verify(before, after);
            let codes: Vec<Code> = report.findings.iter().map(|finding| finding.code).collect();
            let is_found = report.outcome == Outcome::Violated
                && (codes.contains(&Code::ChangedProgram)
                    || codes.contains(&Code::MisplacedAccess));
            assert!(is_found, "{name}: {:?} {codes:?}", report.outcome);
        }
        compared += 1;
    }
    println!("{}: {compared} changes", stackmap::VERSION);
    assert!(compared >= 12, "{compared} changes");
}
