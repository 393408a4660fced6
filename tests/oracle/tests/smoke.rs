use stackmap_oracle::{dice::*, law::*, mutate::*, oracle, program::Pair, shrink::shrink, spill};
use stackmap_verifier::{Collector, Options, Outcome, verify};
use std::collections::BTreeMap;

#[test]
fn smoke() {
    let n: u64 = std::env::var("N").map_or(300, |n| n.parse().unwrap());
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut bad = 0;
    for seed in 0..n {
        let bytes = bytes(seed, 1500);
        let mut dice = Dice::new(&bytes);
        let (pair, style) = spill::pair(&mut dice);
        let mut all = vec![("none", pair.clone())];
        for &kind in Kind::ALL {
            if let Some(m) = mutate(&mut dice, &pair, kind) { all.push((kind.name(), m)); }
        }
        for (name, m) in all {
            for collector in [Collector::Moving, Collector::NonMoving] {
                match compare(&m, collector) {
                    Ok(a) => {
                        let key = match &a { Agreement::Right{..} => "right", Agreement::Wrong{..} => "wrong", Agreement::Unsupported => "unsupported", Agreement::Undecided{wrong:true} => "undecided wrong",Agreement::Undecided{..} => "undecided right", Agreement::TooLarge => "large" };
                        *counts.entry(format!("{name} {collector:?} {key}")).or_default() += 1;
                        if name == "none" && key == "wrong" && collector == Collector::Moving {
                            let full = stackmap_oracle::generate::references(&m.before).count_ones() as usize;
                            if full == m.before.declared.len() { println!("SPILLER WRONG seed {seed} {style:?}\n{m}\n{a:?}"); bad += 1; }
                        }
                    }
                    Err(d) => {
                        bad += 1;
                        let what = d.what.clone();
                        let small = shrink(m.clone(), |p: &Pair| {
                            let b = p.build();
                            let r = verify(&b.before, &b.declared, &b.after, &Options { collector });
                            let orig = d.report.outcome.clone();
                            if std::mem::discriminant(&orig) != std::mem::discriminant(&r.outcome) { return false; }
                            if matches!(oracle::decide(&b, collector), oracle::Verdict::Unsupported(_)|oracle::Verdict::TooLarge) { return false; }
                            if let (Outcome::Unsupported(x), Outcome::Unsupported(y)) = (&orig, &r.outcome) { if std::mem::discriminant(x) != std::mem::discriminant(y) { return false; } }
                            compare(p, collector).is_err_and(|e| e.what.split(':').next() == what.split(':').next())
                        });
                        println!("=== seed {seed} {name} {collector:?}\n{small}\n{}", compare(&small, collector).err().map_or(d.to_string(), |d| d.to_string()));
                        let _ = oracle::decide(&small.build(), collector);
                    }
                }
            }
        }
        if bad > 5 { break; }
    }
    for (k, v) in counts { println!("{v:8} {k}"); }
    assert_eq!(bad, 0);
}
