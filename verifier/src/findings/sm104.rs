//! SM104: a load that an optimizer may move past a safepoint, although what it
//! reads does not stay.

use super::rule::{Rule, Severity, Subject};

pub(super) const RULE: Rule = Rule {
    code: "SM104",
    name: "hazardous-load",
    severity: Severity::Warning,
    rank: 13,
    subject: Subject::Instruction,
    explain: EXPLAIN,
};

const EXPLAIN: &str = "\
A load is marked as one that may be done earlier or later, but it reads an object,
or reads a reference.

In Cranelift these are loads with both `readonly` and `can_move`. The flags say that
the memory never changes and that the address stays good, so the optimizer may merge
two such loads, and move one past a call. Under a moving collector neither is true:

* an address that is made from a reference is good up to the next safepoint only,

      v3 = iadd v8, v0                        ; in the object that v0 refers to
      v4 = load.i32 readonly can_move v3+16   ; may end up behind the next call

* and a reference in memory is changed by the collector when the object moves. A
  load that is merged with one from before a safepoint gives the stale reference.

      v5 = load.i32 readonly can_move v9+64   ; a reference, kept in the instance

Wasmtime had such loads until PR 13381. Nothing needs to be wrong with the function
at hand: if an optimizer has moved a load, that shows as a stale address (SM105). If
it has not, another version of it may.

It is said only where there is no function before to compare with (after-only
evidence), of functions with a safepoint, and not with `--collector non-moving`.

To mend it, leave `can_move` away from loads that depend on where an object is.
";
