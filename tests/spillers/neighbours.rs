//! Functions that other threads of the process compile at the same time are not part of a
//! module.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use stackmap_cranelift::spill;
use stackmap_wasm::{Kind, Options, check};

#[test]
fn functions_of_other_threads_are_not_heard() {
    let sketch = std::fs::read_to_string("sketches/G7_undeclared_chain.clif").expect("a sketch");
    let module = std::fs::read("webassembly/loop.wat").expect("a fixture");
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                assert_eq!(spill::run(&sketch).expect("CLIF").len(), 1);
            }
        });
        let summaries: Vec<_> =
            (0..50).map(|_| check(&module, Kind::Text, &Options::default(), &|_| {})).collect();
        done.store(true, Ordering::Relaxed);
        for summary in summaries {
            let spilled = summary.expect("a module that compiles").spilled;
            assert_eq!((spilled.functions, spilled.verified), (1, 1));
        }
    });
}
