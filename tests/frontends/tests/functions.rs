//! What the pairs have between them.

use std::collections::BTreeSet;

use stackmap_clif::opcode::Opcode;
use stackmap_frontends::base::{Base, all};

fn names(base: &Base) -> BTreeSet<&str> {
    let words = base.before.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.collect()
}

#[test]
fn there_are_functions_of_every_kind_from_several_versions() {
    let bases = all();
    let versions: BTreeSet<&str> = bases.iter().map(|base| base.version.as_str()).collect();
    assert!(versions.len() >= 5, "{versions:?}");
    let functions: BTreeSet<&str> =
        bases.iter().filter_map(|base| base.name.split(' ').next()).collect();
    assert!(functions.len() >= 30, "{}", functions.len());
}

#[test]
fn every_declaration_and_mark_occurs_before_spilling() {
    let bases = all();
    let has = |what: &str| bases.iter().any(|base| base.before.contains(what));
    for what in [
        "explicit_slot", "align = ", "key = ", "explicit_dynamic_slot", "dt0", "region1 = ",
        "= vmctx", "= load.i64 notrap aligned", "= iadd_imm.i64", "= symbol colocated",
        "= symbol tls", "= dyn_scale_target_const", "stack_limit = ", "const0 = ", "colocated u0",
        "patchable", " %native", "sret", "sarg(", "uext", "sext", "vmctx,", " tail", " cold:",
        "stack_map=[", "@00", "<1", "tag0: ", "default: ", "context ", "exn1", "ret1", " -> v",
        "br_table", "stack_store", "stack_load",
    ] {
        assert!(has(what), "{what}");
    }
}

#[test]
fn every_class_of_opcodes_occurs() {
    let bases = all();
    let words: BTreeSet<&str> = bases.iter().flat_map(names).collect();
    let met: BTreeSet<String> = words
        .iter()
        .map(|word| format!("{:?}", Opcode::lookup(word).class))
        .collect();
    for opcode in cranelift_codegen::ir::Opcode::all() {
        let class = format!("{:?}", Opcode::lookup(&opcode.to_string()).class);
        assert!(met.contains(&class), "{class}: {opcode}");
    }
}
