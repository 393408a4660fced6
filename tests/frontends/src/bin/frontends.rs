//! Crude.
use std::collections::BTreeMap;
use std::sync::Mutex;
use rayon::prelude::*;
use stackmap_frontends::judge::judge_text;
use stackmap_frontends::trial::{Side, Trial};
use stackmap_frontends::verdict::{Verdict, of_text};
use stackmap_frontends::{base, mutate};

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let share: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(50);
    let only = std::env::args().nth(3);
    let trace = std::env::var_os("TRACE").is_some();
    let mut bases = base::all();
    if let Some(only) = only { bases.retain(|b| b.name.contains(&only)) }
    bases.retain(|base| {
        let answer = of_text(&base.before, &base.declared, &base.after, base.minor());
        let judged = judge_text(base.reader, &base.before, &base.declared, &base.after);
        let good = answer.verdict == Verdict::Verified && judged.as_ref().is_ok_and(|j| j.is_same());
        if !good && (answer.verdict == Verdict::Verified || judged.as_ref().is_ok_and(|j| j.is_same())) {
            println!("BASE {}: {answer:?} {judged:?}", base.name);
        }
        good
    });
    println!("{} bases", bases.len());
    let rows = Mutex::new(BTreeMap::<String, (usize, BTreeMap<String, usize>, String)>::new());
    let total = Mutex::new(BTreeMap::<String, usize>::new());
    let add = |trial: &Trial, what: String, example: &dyn Fn() -> String| {
        let same = match &trial.judged { Err(_) => "unreadable", _ if trial.is_same() => "same", _ => "other" };
        *total.lock().unwrap().entry(format!("{} {same}", trial.answer.verdict.name())).or_default() += 1;
        for odd in trial.oddities() {
            let mut rows = rows.lock().unwrap();
            let row = rows.entry(odd).or_insert_with(|| (0, BTreeMap::new(), example()));
            row.0 += 1;
            *row.1.entry(what.clone()).or_default() += 1;
        }
    };
    if std::env::args().nth(2).is_some_and(|a| a == "memory") {
        let memories = bases.iter().filter_map(|b| b.memory.as_ref());
        let pool = mutate::memory::Pool::new(memories.flat_map(|(a, b)| [a, b]));
        bases.par_iter().for_each(|base| {
            let Some((before, after)) = &base.memory else { return };
            for side in Side::ALL {
                let original = if side == Side::After { after } else { before };
                let subject = mutate::memory::Subject::new(original, &pool);
                for (i, change) in subject.changes.iter().enumerate() {
                    if i % share != base.name.len() % share { continue }
                    if trace { eprintln!("{} {side:?} {i} {change:?}", base.name); }
                    let Some(mutant) = subject.apply(change) else { *total.lock().unwrap().entry("none".into()).or_default() += 1; continue };
                    let (b, a) = if side == Side::After { (before, &mutant) } else { (&mutant, after) };
                    let trial = Trial::of_functions(b, &base.declared, a);
                    add(&trial, format!("{side:?} {} of {}", change.kind, change.field), &|| format!("{}: {change:?} {} {:?}", base.name, trial.answer.why, trial.judged));
                }
            }
        });
    } else {
        bases.par_iter().for_each(|base| {
            for side in Side::ALL {
                let original = if side == Side::After { &base.after } else { &base.before };
                for (i, change) in mutate::text::changes(original).into_iter().enumerate() {
                    if i % share != base.name.len() % share { continue }
                    let mutant = change.apply(original);
                    if mutant == *original { continue }
                    let (b, a) = if side == Side::After { (&base.before, &mutant) } else { (&mutant, &base.after) };
                    let trial = Trial::of_text(base, b, a);
                    add(&trial, format!("{side:?} {} of {}", change.kind, change.of), &|| format!("{} ({}): {} [{}] [{}]", base.name, trial.answer.verdict.name(), change.show(original), trial.answer.why, trial.in_memory.as_ref().map(|m| m.why.clone()).unwrap_or_default()));
                }
            }
        });
    }
    println!("{:?}", total.into_inner().unwrap());
    let mut rows: Vec<_> = rows.into_inner().unwrap().into_iter().collect();
    rows.sort_by_key(|(odd, row)| (odd.split([',', ':']).next().unwrap().to_owned(), std::cmp::Reverse(row.0)));
    for (odd, (count, whats, example)) in rows {
        let mut whats: Vec<_> = whats.into_iter().collect();
        whats.sort_by_key(|w| std::cmp::Reverse(w.1));
        let whats: Vec<_> = whats.into_iter().take(5).map(|w| w.0).collect();
        println!("- **{count}** {odd}\n  {}\n  e.g. {}", whats.join("; "), example.lines().collect::<Vec<_>>().join(" "));
    }
}
