//! Calls during which the collector does not run.

use stackmap_clif::after_only::read_after_only_where;
use stackmap_clif::pair::Text;
use stackmap_clif::version::AtLeast;
use stackmap_verifier::findings::Code;
use stackmap_verifier::{Options, verify_after_only};

/// A reference is used behind two calls, and no slot keeps it across the second.
const FUNCTION: &str = "\
function %f(i32) -> i32 system_v {
    ss0 = explicit_slot 4, align = 4
    sig0 = () system_v
    fn0 = u0:1 sig0
    fn1 = colocated u0:2 sig0
block0(v0: i32):
    v1 = stack_addr.i64 ss0
    store notrap v0, v1
    call fn0(), stack_map=[i32 @ ss0+0]
    v2 = load.i32 notrap v1
    call fn1()
    return v2
}
";

fn codes(never_collects: impl Fn(&str) -> bool) -> Vec<Code> {
    let text = Text { text: FUNCTION, line: 1 };
    let read = read_after_only_where(text, &[], AtLeast::minor(135), never_collects).unwrap();
    let report = verify_after_only(&read.program, &read.declared, &Options::default());
    report.findings.iter().map(|finding| finding.code).collect()
}

#[test]
fn a_copy_stays_good_across_a_call_that_never_collects() {
    assert_eq!(codes(|_| false), [Code::StaleReference]);
    assert_eq!(codes(|declaration| declaration == "colocated u0:2 sig0"), []);
}

#[test]
fn only_the_callees_that_are_named_are_meant() {
    assert_eq!(codes(|declaration| declaration == "u0:2 sig0"), [Code::StaleReference]);
}
