//! A code generator that loses maps.

use stackmap_code::{Emitted, Options, verify, verify_compiled};
use stackmap_code_tests::compile::compile;
use stackmap_code_tests::functions::{fixture, sketches};
use stackmap_code_tests::targets::{NAMES, target};
use stackmap_verifier::findings::Code;

/// A release build of Cranelift in which a lowering rule forgets the stack map of a call does not
/// notice it: what would are debug assertions. The code is the same without.
#[test]
fn a_cranelift_that_loses_maps_is_caught() {
    for name in NAMES {
        let isa = target(name, &[("opt_level", "speed")]);
        let mut caught = 0;
        for (sketch, function) in sketches() {
            let Some(mut context) = compile(&function, &*isa) else { continue };
            let mut code = context.take_compiled_code().expect("it was compiled");
            let lost = code.buffer.take_user_stack_maps();
            let emitted = Emitted::of(&code);
            let report = verify(&context.func, &*isa, &emitted, &Options::default());
            let codes: Vec<Code> =
                report.expect("valid CLIF").findings.iter().map(|finding| finding.code).collect();
            assert_eq!(codes, vec![Code::MissingMap; lost.len()], "{sketch}, {name}");
            caught += lost.len();
        }
        assert!(caught > 100, "{caught} for {name}");
    }
}

/// One that does not know stack map entries at all makes the same bytes: that the replay makes
/// them, too, is no evidence for the maps.
#[test]
fn a_cranelift_without_stack_maps_is_caught() {
    for name in NAMES {
        let isa = target(name, &[]);
        let function = fixture("calls.clif").remove(0);
        let mut without = function.clone();
        let blocks = function.layout.blocks();
        for call in blocks.flat_map(|block| function.layout.block_insts(block)) {
            if function.dfg.user_stack_map_entries(call).is_some() {
                let copy = without.dfg.insts[call];
                let again = without.dfg.make_inst(copy);
                let results = function.dfg.inst_results(call).to_vec();
                assert!(results.is_empty(), "its results are needed");
                without.layout.insert_inst(again, call);
                without.layout.remove_inst(call);
            }
        }
        let [with, without] = [function, without].map(|function| compile(&function, &*isa));
        let (with, without) = (with.expect("it compiles"), without.expect("it compiles"));
        verify_compiled(&without, &*isa).expect("it was compiled").assert_verified();
        let emitted = Emitted::of(without.compiled_code().expect("it was compiled"));
        assert!(emitted.maps.is_empty());
        let report = verify(&with.func, &*isa, &emitted, &Options::default()).expect("valid CLIF");
        let codes: Vec<Code> = report.findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [Code::MissingMap; 2], "{name}");
    }
}
