//! The oracle finds faults in a front end: laxities and false alarms are planted, and the
//! mutants that they concern are odd with them, and not without.

use std::sync::LazyLock;

use cranelift_codegen::ir::Function;
use stackmap_frontends::base::{Base, all};
use stackmap_frontends::harmless::explanation;
use stackmap_frontends::mutate::memory::{Pool, Subject};
use stackmap_frontends::mutate::text;
use stackmap_frontends::trial::Trial;
use stackmap_frontends::verdict::{Answer, FrontEnds, Verdict};

static BASES: LazyLock<Vec<Base>> = LazyLock::new(all);

static POOL: LazyLock<Pool> = LazyLock::new(|| {
    let functions = BASES.iter().filter_map(|base| base.memory.as_ref());
    Pool::new(functions.flat_map(|(before, after)| [before, after]))
});

const REAL: FrontEnds = FrontEnds::REAL;

fn base(name: &str) -> Base {
    BASES.iter().find(|base| base.name == name).expect("a pair that is right").clone()
}

fn unexplained(trial: &Trial) -> Vec<String> {
    trial.oddities().into_iter().filter(|odd| explanation(odd).is_none()).collect()
}

/// Returns the oddities of the texts after that differ in a line with `word`.
fn odd_texts(front_ends: FrontEnds, name: &str, word: &str) -> Vec<String> {
    let base = base(name);
    let mut changes = text::changes(&base.after);
    changes.retain(|change| change.show(&base.after).contains(word));
    assert!(!changes.is_empty(), "{name} has no `{word}`");
    let changes = changes.iter();
    let mutants = changes.map(|change| change.apply(&base.after));
    let odd = mutants
        .flat_map(|after| unexplained(&Trial::of_text(front_ends, &base, &base.before, &after)));
    odd.collect()
}

/// Returns the oddities of the functions after that differ in a field.
fn odd_functions(front_ends: FrontEnds, name: &str, field: &str) -> Vec<String> {
    let base = base(name);
    let (before, after) = base.memory.expect("a pair in memory");
    let subject = Subject::new(&after, &POOL);
    let mut odd = Vec::new();
    for change in subject.changes.iter().filter(|change| change.field.starts_with(field)) {
        let Some(mutant) = subject.apply(change) else { continue };
        let trial = Trial::of_functions(front_ends, &before, &base.declared, &mutant);
        odd.extend(unexplained(&trial));
    }
    odd
}

/// A reader that skips what stands between `start` and the next of `ends`.
fn without(text: &str, start: &str, ends: &[char]) -> String {
    let mut parts = text.split(start);
    let mut read = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        read.push_str(part.find(ends).map_or("", |end| &part[end..]));
    }
    read
}

macro_rules! skips {
    ($start:expr, $ends:expr) => {{
        fn text(before: &str, declared: &[u32], after: &str, minor: u32) -> Answer {
            let [before, after] = [before, after].map(|text| without(text, $start, &$ends));
            (REAL.text)(&before, declared, &after, minor)
        }
        FrontEnds { text, ..REAL }
    }};
}

macro_rules! overlooks {
    ($field:ident $(. $more:ident)*) => {{
        fn memory(before: &Function, declared: &[u32], after: &Function) -> Answer {
            let mut after = after.clone();
            after.$field$(.$more)* = before.$field$(.$more)*.clone();
            (REAL.memory)(before, declared, &after)
        }
        FrontEnds { memory, ..REAL }
    }};
}

#[test]
fn lax_readers() {
    let lax = [
        ("key = ", "declarations 0.135.8", skips!(", key = ", [',', '\n'])),
        ("stack_limit", "declarations 0.135.8", skips!("    stack_limit", ['\n'])),
        ("@00", "tags 0.135.8", skips!("@00", [' '])),
        (" cold:", "exceptions 0.135.8", skips!(" cold", [':'])),
        ("readonly", "memory 0.135.8", skips!(" readonly", [' '])),
    ];
    for (word, name, lax) in lax {
        assert_eq!(odd_texts(REAL, name, word), [""; 0], "{word}");
        let odd = odd_texts(lax, name, word);
        assert!(odd.iter().any(|odd| odd.starts_with("verified, ")), "{word}: {odd:?}");
        assert!(
            odd.iter().any(|odd| odd.starts_with("text verified, memory violated: ")),
            "{word}: {odd:?}"
        );
    }
}

#[test]
fn lax_views() {
    let lax = [
        ("name", "memory 0.135.8", overlooks!(name)),
        ("stencil.signature", "memory 0.135.8", overlooks!(signature)),
        ("stencil.stack_limit", "declarations 0.135.8", overlooks!(stack_limit)),
        ("stencil.global_values", "declarations 0.135.8", overlooks!(global_values)),
        ("stencil.dfg.constants", "floats_vectors 0.135.8", overlooks!(dfg.constants)),
        ("stencil.dfg.signatures", "calls 0.135.8", overlooks!(dfg.signatures)),
        ("stencil.dfg.ext_funcs", "calls 0.135.8", overlooks!(dfg.ext_funcs)),
        ("stencil.srclocs", "tags 0.135.8", overlooks!(srclocs)),
    ];
    for (field, name, lax) in lax {
        assert_eq!(odd_functions(REAL, name, field), [""; 0], "{field}");
        let odd = odd_functions(lax, name, field);
        assert!(odd.iter().any(|odd| odd.starts_with("verified, ")), "{field}: {odd:?}");
    }
}

#[test]
fn false_alarms() {
    fn text(before: &str, declared: &[u32], after: &str, minor: u32) -> Answer {
        if after.contains(';') {
            return Answer { verdict: Verdict::Violated, why: "a comment".to_owned() };
        }
        (REAL.text)(before, declared, after, minor)
    }
    let odd = odd_texts(FrontEnds { text, ..REAL }, "calls 0.135.8", "; a comment");
    assert!(odd.iter().any(|odd| odd == "same, violated: a comment"), "{odd:?}");
}

#[test]
fn undecided_faults() {
    fn memory(before: &Function, declared: &[u32], after: &Function) -> Answer {
        let real = (REAL.memory)(before, declared, after);
        let undecided = Answer { verdict: Verdict::Unsupported, ..real.clone() };
        if real.verdict == Verdict::Violated { undecided } else { real }
    }
    let odd = odd_functions(FrontEnds { memory, ..REAL }, "calls 0.135.8", "stencil.signature");
    assert!(odd.iter().any(|odd| odd.starts_with("undecided, Signature: ")), "{odd:?}");
}

/// An exception of a tag may reach the handler of another tag, in a table that only serialized
/// data can contain.
#[test]
fn a_tag_that_leads_to_the_handler_of_another() {
    let base = base("exceptions 0.135.8");
    let (before, after) = base.memory.expect("a pair in memory");
    let subject = Subject::new(&after, &POOL);
    let handler = "stencil.dfg.exception_tables.elems[].items[].Tag[]";
    let changes = subject.changes.iter().filter(|change| change.field == handler);
    let mutants = changes.filter_map(|change| subject.apply(change));
    let trials = mutants.map(|m| Trial::of_functions(REAL, &before, &base.declared, &m));
    let trials: Vec<Trial> = trials.collect();
    assert!(trials.iter().any(|trial| trial.answer.verdict == Verdict::Violated));
    for trial in trials {
        assert!(trial.answer.verdict != Verdict::Verified, "{trial}");
    }
}
