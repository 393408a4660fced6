//! Random functions are functions.

use arbitrary::{Arbitrary, Unstructured};
use cranelift_codegen::settings::{Flags, builder};
use cranelift_codegen::verify_function;
use stackmap_cranelift::spill;
use stackmap_generator::Function;
use stackmap_generator::totals::function;
use stackmap_oracle::dice::{Dice, bytes};

#[test]
fn cranelifts_own_verifier_takes_them() {
    let flags = Flags::new(builder());
    for seed in 0..500 {
        let function = function(seed);
        let spilled = spill::run(&function.text).expect("CLIF").remove(0).expect("a function");
        for function in [&spilled.before, &spilled.after] {
            if let Err(errors) = verify_function(function, &flags) {
                panic!("seed {seed}: {errors}\n{}", function.display());
            }
        }
    }
}

#[test]
fn any_bytes_make_one() {
    for length in [0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89] {
        let bytes = bytes(length, usize::try_from(length).expect("a small number"));
        let rolled = Function::roll(&mut Dice::new(&bytes));
        assert!(spill::run(&rolled.text).is_ok(), "{}", rolled.text);
        let drawn = Function::arbitrary(&mut Unstructured::new(&bytes));
        assert_eq!(drawn.as_ref(), Ok(&rolled));
    }
}
