//! What two functions declare under the same name must be the same: an
//! instruction says `fn0`, and it is the declaration that says what that is.

use std::fmt::Display;

use cranelift_codegen::ir::Function;
use stackmap_clif::lower::LowerError;

/// Compares what both functions declare.
pub(crate) fn check(before: &Function, after: &Function) -> Result<(), LowerError> {
    let (a, b) = (&before.dfg, &after.dfg);
    for ((name, a), b) in a.signatures.iter().zip(b.signatures.values()) {
        same(name, a == b, a, b)?;
    }
    for ((name, x), y) in a.ext_funcs.iter().zip(b.ext_funcs.values()) {
        let display = |function: &Function| {
            let function = function.dfg.ext_funcs[name].display(Some(&function.params));
            function.to_string()
        };
        // `user_named_funcs` is behind the name, so the text says what it means.
        let equal = x == y && before.params.user_named_funcs() == after.params.user_named_funcs();
        if !equal {
            let (x, y) = (display(before), display(after));
            same(name, x == y, x, y)?;
        }
    }
    for ((name, x), y) in before.global_values.iter().zip(after.global_values.values()) {
        same(name, x == y, x.display(&a.mem_flags), y.display(&b.mem_flags))?;
    }
    Ok(())
}

fn same(
    name: impl Display,
    equal: bool,
    before: impl Display,
    after: impl Display,
) -> Result<(), LowerError> {
    if equal {
        return Ok(());
    }
    Err(LowerError::Declaration {
        name: name.to_string(),
        before: before.to_string(),
        after: after.to_string(),
    })
}
