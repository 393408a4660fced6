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
The program's types say that a value is a reference, but nobody declared it.

The spiller knows of the values that it was told of. One that the compiler forgot is
neither spilled nor listed, and where it is needed after a safepoint it is a
dangling pointer. The functions before and after spilling show nothing of that: the
spiller did what it was asked.

    ;! references fn0           ; what fn0 returns is a reference
    ;! declare                  ; but the compiler declared nothing
    block0:
        v0 = call fn0()
        call fn1()              ; v0 is not in its map
        call fn2(v0)

What is a reference is known from elsewhere: of WebAssembly from the types and the
source locations, of another program from lines such as `;! references fn0`. The
finding says of each value why it is one.

About half of the stack map bugs that Wasmtime fixed since 2024 were of this kind
(PRs 10456, 12862, 12935, 12936, 13449 and 13750).

To mend it, declare the value, or the variable it belongs to, where it is made.
";
