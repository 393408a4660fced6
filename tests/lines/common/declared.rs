//! The declared set is the builder's own, and the function is what Cranelift's builder makes.

use cranelift_codegen::ir::Function;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use stackmap_builder::Verdict;

use crate::by_text::assert_as_by_text;
use crate::linked::{config, finalize};
use crate::stackmap::{self, Checked};
use crate::{capture, programs, random};

/// From this minor version on, the spiller prints exactly the declared values; before, all values
/// up to the largest.
const PRINTS_THE_SET: u32 = 132;

/// Both ways to finalize, each with a context that is kept.
#[derive(Default)]
struct Both {
    plain: FunctionBuilderContext,
    checked: FunctionBuilderContext,
}

impl Both {
    /// Builds a function with Cranelift's `finalize` and with the pass, and compares the two.
    fn compare(&mut self, name: &str, build: impl Fn(&mut FunctionBuilder<'_>)) -> Checked {
        let mut expected = programs::function();
        let ((), sets) = capture::sets(|| {
            let mut builder = FunctionBuilder::new(&mut expected, &mut self.plain);
            build(&mut builder);
            finalize(builder);
        });
        let mut made = programs::function();
        let mut builder = FunctionBuilder::new(&mut made, &mut self.checked);
        build(&mut builder);
        let checked = stackmap::finalize_checked(builder, config());
        assert_eq!(checked.problem, None, "{name}");
        let declared: Vec<u32> = checked.declared.iter().map(|value| value.as_u32()).collect();
        let printed = sets.concat();
        match stackmap::minor() >= PRINTS_THE_SET {
            true => assert_eq!(declared, printed, "{name}"),
            false => assert!(declared.iter().all(|value| printed.contains(value)), "{name}"),
        }
        let text = |function: &Function| function.display().to_string();
        assert_eq!(text(&made), text(&expected), "{name}");
        assert_eq!(text(&checked.after), text(&made), "{name}");
        assert_as_by_text(name, &checked);
        // Older spillers do not reload through some aliases, and share slots.
        if stackmap::minor() >= 133 {
            assert_eq!(checked.result.verdict, Verdict::Verified, "{name}: {made}");
        }
        checked
    }
}

#[test]
fn programs() {
    type Program = fn(&mut FunctionBuilder<'_>);
    let programs: [(&str, Program, usize); 7] = [
        ("diamond", programs::diamond, 3),
        ("nested_loops", programs::nested_loops, 5),
        ("alias", programs::alias, 2),
        ("late", programs::late, 2),
        ("undefined", programs::undefined, 6),
        ("sizes", programs::sizes, 2),
        ("nothing", programs::nothing, 0),
    ];
    let mut both = Both::default();
    for (name, program, count) in programs {
        let checked = both.compare(name, program);
        assert_eq!(checked.declared.len(), count, "{name}: {:?}", checked.declared);
    }
}

#[test]
fn random_functions() {
    let mut both = Both::default();
    let mut declared = 0;
    for number in 0..2000 {
        let build = |builder: &mut FunctionBuilder<'_>| random::function(number, builder);
        declared += both.compare(&number.to_string(), build).declared.len();
    }
    assert!(declared > 2000, "{declared} values");
}
