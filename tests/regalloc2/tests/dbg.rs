use regalloc2::Algorithm;
use stackmap_regalloc2_tests::case::{Case, allocate, choose};
use stackmap_regalloc2_tests::random::Random;
use stackmap_regalloc2_tests::fuzzed;
use stackmap_verifier::{Options};
#[test]
fn dbg() {
    let function = fuzzed::function(123, 12).unwrap();
    let (references, safepoints) = choose(&function, &mut Random::new(123));
    let env = fuzzed::env();
    let output = allocate(&function, &env, Algorithm::Ion).unwrap();
    println!("{function:?}");
    let case = Case::new(&function, env, output, references.clone(), &safepoints);
    println!("refs {:?}", case.references);
    for s in &case.safepoints { println!("{:?}", s); }
    for e in &case.output.edits { println!("{:?}", e); }
    use regalloc2::Function;
    for i in 0..function.num_insts() { println!("inst{i} {:?}", case.output.inst_allocs(regalloc2::Inst::new(i))); }
    let model = case.model().unwrap();
    let report = model.verify(&Options::default());
    println!("{}", model.render(&report));
}
