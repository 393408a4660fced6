//! SM012: a reference, by what is known of the program, that nobody declared.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM012",
    name: "undeclared-by-type",
    severity: Severity::Error,
    rank: 3,
    subject: Subject::Value,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A value is a reference by the types of the program, but nobody declared it, and it is
needed after a safepoint.

The spiller knows of the values it was told of. One that the compiler forgot is neither
spilled nor listed, and what it holds after the safepoint is a dangling pointer. The
function after spilling shows nothing of that: the spiller did what it was asked.

    ;! references fn0           ; what fn0 returns is a reference
    ;! declare                  ; but the compiler declared nothing
    block0:
        v0 = call fn0()
        call fn1()              ; v0 is not in its map
        call fn2(v0)

What is a reference is known from outside: of WebAssembly from the types and the source
locations, of another program from lines such as `;! references fn0`. The finding says of
each value why it is one.

About half of the stack map bugs that Wasmtime mended since 2024 were of this kind (PRs
10456, 12862, 12935, 12936, 13449 and 13750).

To mend it, declare the value, or the variable it belongs to, where it is made.
";
