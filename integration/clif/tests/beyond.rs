//! What a pair says of values that are no references to it is what the function after alone says.

mod logs;

use std::fs::File;
use std::io::BufReader;

use stackmap_clif::after_only::read_after_only;
use stackmap_clif::declared::Declared;
use stackmap_clif::log::Recordings;
use stackmap_clif::pair::{ClifPair, Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::findings::{Code, Finding};
use stackmap_verifier::model::{Name, Origin};
use stackmap_verifier::{Collector, Options, Outcome, verify_after_only};

use logs::logs;

const COLLECTORS: [Collector; 2] = [Collector::Moving, Collector::NonMoving];

/// The places of the warnings that both may give.
fn warnings(findings: &[Finding]) -> Vec<(Code, Origin)> {
    let of_both = [Code::StaleAddress, Code::UndeclaredFlow];
    let findings = findings.iter().filter(|finding| of_both.contains(&finding.code));
    findings.map(|finding| (finding.code, finding.primary.site.origin)).collect()
}

/// Compares the warnings about a pair, if it is verified, with those about its function after;
/// returns them.
fn compared(pair: &ClifPair, after: Text<'_>, version: AtLeast) -> Vec<(Code, Origin)> {
    let Some(model) = pair.model() else { return Vec::new() };
    let number = |&value| match model.before.value_name(value) {
        Name::Numbered(_, number) => number,
        Name::Text(name) => panic!("{name} is no value of CLIF"),
    };
    let declared: Vec<u32> = model.declared.iter().map(number).collect();
    let mut all = Vec::new();
    for collector in COLLECTORS {
        let options = Options { collector, ..Options::default() };
        let report = pair.comparison.verify(&options);
        if report.outcome != Outcome::Verified {
            continue;
        }
        let Ok(after_only) = read_after_only(after, &declared, version) else { continue };
        let told = verify_after_only(&after_only.program, &after_only.declared, &options);
        if let Outcome::Unsupported(_) = told.outcome {
            continue;
        }
        let said = warnings(&report.findings);
        assert_eq!(said, warnings(&told.findings), "{collector:?}\n{}", after.text);
        all.extend(said);
    }
    all
}

/// Nothing is said of the corpus, in which nothing is wrong, and something of the cases.
#[test]
fn recorded_functions() {
    for path in logs(&["corpus", "historical", "cases", "fixtures"]) {
        let recordings = Recordings::new(BufReader::new(File::open(&path).unwrap()));
        for recording in recordings.flatten() {
            let Ok(pair) = recording.read() else { continue };
            let said = compared(&pair, recording.texts()[1], recording.version);
            let is_corpus = path.components().any(|part| part.as_os_str() == "corpus");
            assert!(!is_corpus || said.is_empty(), "{}: {said:?}", path.display());
        }
    }
}

/// A generator of pseudo-random numbers (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// A function whose blocks `block0` to `block3` each receive two values, and use these and what
/// they make of them; with the number of values.
fn function(dice: &mut Dice) -> (String, u32) {
    const BLOCKS: usize = 4;
    let mut text = "function %random(i64, i64) -> i64 system_v {\n    sig0 = () system_v\n    \
                    sig1 = () -> i64 system_v\n    fn0 = u0:0 sig0\n    fn1 = u0:1 sig1\n\n"
        .to_owned();
    let mut next = 0;
    for block in 0..BLOCKS {
        let mut values = vec![next, next + 1];
        text += &format!("block{block}(v{next}: i64, v{}: i64):\n", next + 1);
        next += 2;
        for _ in 0..dice.below(5) {
            let [a, b] = [(); 2].map(|()| values[dice.below(values.len())]);
            text += &match dice.below(8) {
                0 | 1 => "    call fn0()\n".to_owned(),
                kind => {
                    values.push(next);
                    next += 1;
                    let made = match kind {
                        2 => "call fn1()".to_owned(),
                        3 => "iconst.i64 8".to_owned(),
                        4 => format!("select v{a}, v{a}, v{b}"),
                        5 => format!("load.i64 notrap aligned v{a}"),
                        _ => format!("iadd v{a}, v{b}"),
                    };
                    format!("    v{} = {made}\n", next - 1)
                }
            };
        }
        let mut value = || values[dice.below(values.len())];
        let (read, given) = (value(), [(); 4].map(|()| value()));
        let mut to = || 1 + dice.below(BLOCKS - 1);
        let edges = [to(), to()];
        let edge =
            |i: usize| format!("block{}(v{}, v{})", edges[i], given[2 * i], given[2 * i + 1]);
        text += &match dice.below(4) {
            0 => format!("    v{next} = load.i64 notrap aligned v{read}\n    return v{next}\n\n"),
            1 => format!("    jump {}\n\n", edge(0)),
            _ => format!("    brif v{read}, {}, {}\n\n", edge(0), edge(1)),
        };
        next += 1;
    }
    (text + "}\n", next)
}

/// No spiller is needed for a function in which no reference is used behind a safepoint.
#[test]
fn random_functions() {
    let mut found = [0; 2];
    for seed in 1..5_000 {
        let mut dice = Dice(u64::wrapping_mul(seed, 0x9e37_79b9_7f4a_7c15));
        let (text, values) = function(&mut dice);
        let declared: Vec<u32> = (0..values).filter(|_| dice.below(4) == 0).collect();
        let text = Text { text: &text, line: 1 };
        let declared = Declared::exactly(declared);
        let Ok(pair) = read_pair(text, text, &declared, AtLeast::UNKNOWN) else { continue };
        for (code, _) in compared(&pair, text, AtLeast::UNKNOWN) {
            found[usize::from(code == Code::UndeclaredFlow)] += 1;
        }
    }
    assert!(found.iter().all(|&count| count > 80), "{found:?}");
}
