//! `reduce` with a program that runs the spiller of 0.132.0 at each step.

use stackmap_tests::stackmap_verify;

use crate::{codes, old, sketches, with_0132, with_0135};

const TARGET: &str = "[TRACE cranelift_frontend::frontend::safepoints]";

/// The program: `reduce` runs these tests with the name of this one, and a file.
#[test]
fn spills_the_file_of_the_last_argument() {
    let file = std::env::args().next_back().filter(|last| last.ends_with(".clif"));
    let Some(file) = file else { return };
    let spilled = old::spill(&std::fs::read_to_string(file).expect("a file"));
    let names: Vec<String> = spilled.declared.iter().map(|number| format!("v{number}")).collect();
    println!("\n;! declare {}", names.join(" "));
    println!("{TARGET} values needing inclusion in stack maps: {{{}}}", names.join(", "));
    println!("{TARGET} before inserting safepoint spills and reloads:\n{}", spilled.before);
    println!("{TARGET} after inserting safepoint spills and reloads:\n{}", spilled.after);
}

#[test]
fn what_is_left_is_wrong_with_0132_and_right_with_0135() {
    let program = std::env::current_exe().expect("these tests");
    let test = "--exact --nocapture reduce::spills_the_file_of_the_last_argument";
    let command = format!("{} {test}", program.display());
    for name in ["B1_def_by_safepoint_loop", "B3_shared_slot_nested"] {
        let sketch = format!("sketches/{name}.clif");
        let arguments = ["reduce", &sketch, "--cranelift=0.132.0", "--spiller", &command];
        let said = stackmap_verify(arguments);
        assert_eq!(said.code, 0, "{}", said.errors);
        assert_eq!(codes(&with_0132(&said.output)), ["SM001"], "{}", said.output);
        assert!(codes(&with_0135(&said.output)).is_empty(), "{}", said.output);
        let function = said.output.lines().skip_while(|line| !line.starts_with("function "));
        let before = sketches()[name].lines().count();
        assert!(function.count() <= before.min(25), "{}", said.output);
    }
}
