//! Crude.
use std::collections::BTreeMap;
use rayon::prelude::*;
use stackmap_frontends::judge::{Proof, judge_text, read_function, Reader};
use stackmap_frontends::verdict::{Verdict, of_functions, of_text};
use stackmap_frontends::{base, mutate};

fn main() {
    std::panic::set_hook(Box::new(|_| {}));
    let share: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(50);
    let mut bases = base::all();
    bases.retain(|base| {
        let (verdict, why) = of_text(&base.before, &base.declared, &base.after, base.minor());
        let judged = judge_text(base.reader, &base.before, &base.declared, &base.after);
        let good = verdict == Verdict::Verified && judged.as_ref().is_ok_and(|j| j.is_same());
        if !good && (verdict == Verdict::Verified || judged.as_ref().is_ok_and(|j| j.is_same())) {
            println!("BASE {}: {verdict:?} {why} {judged:?}", base.name);
        }
        good
    });
    println!("{} bases", bases.len());
    if std::env::args().nth(2).is_some() { memory(share, &bases); return }
    type Rows = BTreeMap<String, (usize, String)>;
    let merge = |mut a: Rows, b: Rows| {
        for (k, (n, example)) in b {
            let row = a.entry(k).or_insert((0, example));
            row.0 += n;
        }
        a
    };
    let rows: Rows = bases.par_iter().map(|base| {
        let mut rows: Rows = BTreeMap::new();
        for side in ["after", "before"] {
            let original = if side == "after" { &base.after } else { &base.before };
            for (i, mutant) in mutate::text::mutants(original).into_iter().enumerate() {
                if i % share != base.name.len() % share || mutant.text == *original { continue }
                let (before, after) = match side {
                    "after" => (&base.before, &mutant.text),
                    _ => (&mutant.text, &base.after),
                };
                let (verdict, why) = of_text(before, &base.declared, after, base.minor());
                let judged = judge_text(base.reader, before, &base.declared, after);
                let judge = match &judged {
                    Err(message) => format!("unreadable: {}", strip(message)),
                    Ok(j) if j.is_same() => "same".to_owned(),
                    Ok(j) => {
                        let kinds: std::collections::BTreeSet<String> = j.differences.iter().map(|d| {
                            let u = if d.unreachable { " (unreachable)" } else { "" };
                            let m = if format!("{:?}", d.kind) == "Invalid" { invalid(&d.detail) } else { String::new() };
                            format!("{:?}{u}{m}", d.kind) }).collect();
                        format!("{:?} {:?}", kinds, j.proof)
                    }
                };
                let same = judged.as_ref().is_ok_and(|j| j.is_same());
                let too_large = judged.as_ref().is_ok_and(|j| j.proof == Proof::TooLarge);
                let class = match (verdict, same) {
                    _ if too_large => "too large",
                    (Verdict::Verified, false) => "SURVIVOR",
                    (Verdict::Verified, true) => "ok same",
                    (Verdict::Panicked, _) => "PANIC",
                    (_, true) => "FALSE ALARM",
                    (Verdict::Unsupported | Verdict::Error, false) if judged.is_ok() => "UNDECIDED",
                    (_, false) => "ok found",
                };
                let key = match class {
                    "ok same" | "ok found" => format!("{class} | {} | {}", mutant.kind, judge.split(':').next().unwrap_or_default().split(' ').next().unwrap_or_default()),
                    "UNDECIDED" => format!("{class} | {verdict:?} | {judge} | {}", strip(&why).chars().take(60).collect::<String>()),
                    "SURVIVOR" => format!("{class} | {judge} | {side} {} of {}", mutant.kind, mutant.of),
                    _ => format!("{class} | {verdict:?} | {judge} | {side} {} of {} | {}", mutant.kind, mutant.of, strip(&why)),
                };
                let example = || format!("{} ({verdict:?} {why}): {}", base.name, diff(original, &mutant.text));
                rows.entry(key).or_insert_with(|| (0, example())).0 += 1;
                if base.reader == Reader::V0135 && let (Ok(b), Ok(a)) = (read_function(before), read_function(after)) {
                    let (memory, why_memory) = of_functions(&b, &base.declared, &a);
                    if memory != verdict {
                        let key = format!("DIFFER | text {verdict:?}, memory {memory:?} | {judge} | {} | {}", strip(&why).chars().take(40).collect::<String>(), strip(&why_memory).chars().take(40).collect::<String>());
                        rows.entry(key).or_insert_with(|| (0, example())).0 += 1;
                    }
                }
            }
        }
        rows
    }).reduce(BTreeMap::new, merge);
    for (key, (count, example)) in rows {
        println!("{count:6} {key}\n         {example}");
    }
}

fn kinds(j: &stackmap_frontends::judge::Judgement) -> String {
    let kinds: std::collections::BTreeSet<String> = j.differences.iter().map(|d| {
        let u = if d.unreachable { " (unreachable)" } else { "" };
        let m = if format!("{:?}", d.kind) == "Invalid" { invalid(&d.detail) } else { String::new() };
        format!("{:?}{u}{m}", d.kind) }).collect();
    format!("{:?} {:?}", kinds, j.proof)
}

fn memory(share: usize, bases: &[base::Base]) {
    let mut pool = mutate::memory::Pool::default();
    for base in bases { if let Some((a, b)) = &base.memory { pool.add(a); pool.add(b); } }
    let bases: Vec<_> = bases.iter().filter_map(|b| b.memory.as_ref().map(|m| (b, m))).collect();
    let rows = std::sync::Mutex::new(BTreeMap::<String, (usize, String)>::new());
    bases.par_iter().for_each(|(base, (before, after))| {
        for side in ["after", "before"] {
            let original = if side == "after" { after } else { before };
            let changes = mutate::memory::Changes::of(original, &pool);
            for i in (0..changes.len()).filter(|i| i % share == base.name.len() % share) {
                if std::env::var_os("TRACE").is_some() { eprintln!("{} {side} {i}", base.name); }
                let mutant = changes.mutant(i); if std::env::var_os("TRACE").is_some() { eprintln!("{} of {}", mutant.kind, mutant.of); }
                let mut add = |key: String, example: String| { rows.lock().unwrap().entry(key).or_insert((0, example)).0 += 1; };
                let Some(function) = mutant.function else { add("none".into(), String::new()); continue };
                let (b, a) = if side == "after" { (before, &function) } else { (&function, after) };
                let (verdict, why) = of_functions(b, &base.declared, a);
                let j = stackmap_frontends::judge::judge_functions(b, &base.declared, a);
                let same = j.is_same();
                let class = match (verdict, same) {
                    _ if j.proof == Proof::TooLarge => "too large",
                    (Verdict::Verified, false) => "SURVIVOR",
                    (Verdict::Verified, true) => "ok same",
                    (Verdict::Panicked, _) => "PANIC",
                    (_, true) => "FALSE ALARM",
                    (Verdict::Unsupported | Verdict::Error, false) => "UNDECIDED",
                    (_, false) => "ok found",
                };
                let judge = if same { "same".into() } else { kinds(&j) };
                let key = match class {
                    "ok same" => format!("{class} | {side} {}", mutant.of),
                    "ok found" => format!("{class}"),
                    "UNDECIDED" | "PANIC" => format!("{class} | {verdict:?} | {judge} | {}", strip(&why).chars().take(40).collect::<String>()),
                    "SURVIVOR" => format!("{class} | {judge} | {side} {} of {}", mutant.kind, mutant.of),
                    _ => format!("{class} | {verdict:?} | {judge} | {side} {} of {} | {}", mutant.kind, mutant.of, strip(&why)),
                };
                add(key, format!("{} ({verdict:?} {why}): {} of {}: {:?}", base.name, mutant.kind, mutant.of, j.differences));
            }
        }
    });
    for (key, (count, example)) in rows.into_inner().unwrap() {
        println!("{count:6} {key}\n         {}", example.lines().collect::<Vec<_>>().join(" "));
    }
}

fn strip(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let mut out = String::new();
    for c in line.chars().take(90) {
        if c.is_ascii_digit() { if !out.ends_with('#') { out.push('#') } } else { out.push(c) }
    }
    out
}

fn diff(a: &str, b: &str) -> String {
    let (x, y): (Vec<_>, Vec<_>) = (a.lines().collect(), b.lines().collect());
    let start = x.iter().zip(&y).take_while(|(a, b)| a == b).count();
    let end = x.iter().rev().zip(y.iter().rev()).take_while(|(a, b)| a == b).count();
    let part = |l: &[&str]| { let e = l.len().saturating_sub(end).max(start); l[start.min(e)..e].iter().map(|l| l.trim()).collect::<Vec<_>>().join(" ⏎ ") };
    format!("`{}` => `{}`", part(&x), part(&y))
}

fn invalid(message: &str) -> String {
    let line = message.lines().next().unwrap_or_default();
    let line = line.rsplit("): ").next().unwrap_or_default();
    let line = line.split(|c: char| c.is_ascii_digit() || c == '#').next().unwrap_or_default();
    format!(": {}", line.trim_start_matches("- "))
}
