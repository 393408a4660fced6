//! The features that the pairs cover together.

use std::collections::BTreeSet;

use stackmap_clif::opcode::Opcode;
use stackmap_frontends::base::{Base, all};
use stackmap_frontends::mutate::memory::{Pool, Subject};
use stackmap_frontends::trial::Trial;
use stackmap_frontends::verdict::{FrontEnds, Verdict};

/// The fields of Cranelift's functions, by their names in its sources.
const FIELDS: [&str; 29] = [
    "name",
    "params.base_srcloc",
    "params.user_named_funcs",
    "stencil.version_marker",
    "stencil.signature",
    "stencil.sized_stack_slots",
    "stencil.dynamic_stack_slots",
    "stencil.global_values",
    "stencil.layout",
    "stencil.srclocs",
    "stencil.debug_tags",
    "stencil.stack_limit",
    "stencil.dfg.insts",
    "stencil.dfg.results",
    "stencil.dfg.user_stack_maps",
    "stencil.dfg.blocks",
    "stencil.dfg.dynamic_types",
    "stencil.dfg.value_lists",
    "stencil.dfg.values",
    "stencil.dfg.signatures",
    "stencil.dfg.ext_funcs",
    "stencil.dfg.values_labels",
    "stencil.dfg.constants",
    "stencil.dfg.immediates",
    "stencil.dfg.jump_tables",
    "stencil.dfg.exception_tables",
    "stencil.dfg.mem_flags",
    "stencil.dfg.alias_regions",
    "stencil.dfg.user_stack_maps{}[].slot",
];

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
fn every_function_of_this_crate_makes_a_pair() {
    let bases = all();
    for entry in std::fs::read_dir("functions").expect("a folder") {
        let path = entry.expect("readable").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let versions = bases.iter().filter(|base| base.name.starts_with(&format!("{name} ")));
        assert!(versions.count() > 0, "{name}");
    }
}

#[test]
fn what_is_right_verifies() {
    for base in all() {
        if base.has_text {
            let trial = Trial::of_text(FrontEnds::REAL, &base, &base.before, &base.after);
            assert_eq!(trial.answer.verdict, Verdict::Verified, "{}:\n{trial}", base.name);
            assert_eq!(trial.oddities(), [""; 0], "{}:\n{trial}", base.name);
        }
        if let Some((before, after)) = &base.memory {
            let trial = Trial::of_functions(FrontEnds::REAL, before, &base.declared, after);
            assert_eq!(trial.answer.verdict, Verdict::Verified, "{}:\n{trial}", base.name);
        }
    }
}

#[test]
fn every_field_of_a_function_is_changed() {
    let bases = all();
    let functions = bases.iter().filter_map(|base| base.memory.as_ref());
    let pool = Pool::new(functions.clone().flat_map(|(before, after)| [before, after]));
    let mut changed = BTreeSet::new();
    for (before, after) in functions {
        for subject in [before, after].map(|function| Subject::new(function, &pool)) {
            changed.extend(subject.changes.into_iter().map(|change| change.field));
        }
    }
    let missed: Vec<&str> = pool.fields().filter(|&field| !changed.contains(field)).collect();
    assert_eq!(missed, [""; 0]);
    for field in FIELDS {
        assert!(changed.iter().any(|change| change.starts_with(field)), "{field}");
    }
}

#[test]
fn every_declaration_and_mark_occurs_before_spilling() {
    let bases = all();
    let has = |what: &str| bases.iter().any(|base| base.before.contains(what));
    for what in [
        "explicit_slot",
        "align = ",
        "key = ",
        "explicit_dynamic_slot",
        "dt0",
        "region1 = ",
        "= vmctx",
        "= load.i64 notrap aligned",
        "= iadd_imm.i64",
        "= symbol colocated",
        "= symbol tls",
        "= dyn_scale_target_const",
        "stack_limit = ",
        "const0 = ",
        "colocated u0",
        "patchable",
        " %native",
        "sret",
        "sarg(",
        "uext",
        "sext",
        "vmctx,",
        " tail",
        " cold:",
        "stack_map=[",
        "@00",
        "<1",
        "tag0: ",
        "default: ",
        "context ",
        "exn1",
        "ret1",
        " -> v",
        "br_table",
        "stack_store",
        "stack_load",
    ] {
        assert!(has(what), "{what}");
    }
}

#[test]
fn every_class_of_opcodes_occurs() {
    let bases = all();
    let words: BTreeSet<&str> = bases.iter().flat_map(names).collect();
    let met: BTreeSet<String> =
        words.iter().map(|word| format!("{:?}", Opcode::lookup(word).class)).collect();
    for opcode in cranelift_codegen::ir::Opcode::all() {
        let class = format!("{:?}", Opcode::lookup(&opcode.to_string()).class);
        assert!(met.contains(&class), "{class}: {opcode}");
    }
}
