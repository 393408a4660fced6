use stackmap_clif::log::Recordings;
use stackmap_reduce::*;
use stackmap_verifier::findings::Severity;
use std::io::BufReader;

#[test]
fn scratch() {
    let path = std::env::var("LOG").unwrap();
    let show = std::env::var("SHOW").is_ok();
    for path in path.split(' ') {
        let file = std::fs::File::open(path).unwrap();
        for r in Recordings::new(BufReader::new(file)) {
            let Ok(r) = r else { continue };
            let mut v = Verifier { version: r.version, ..Verifier::default() };
            let source = Source {
                before: Some(&r.before.text),
                after: Some(&r.after.text),
                declared: r.declared.values().to_vec(),
            };
            let case = Case::read(&source).unwrap();
            let lines = case.lines();
            let Some(a) = v.ask(&case) else {
                println!("{path}: no answer");
                continue;
            };
            let Some(f) = a.findings.iter().find(|f| f.severity() == Severity::Error) else {
                continue;
            };
            let start = std::time::Instant::now();
            let mut tried = 0;
            let red = reduce(case, f.code, &mut v, &mut |p| {
                tried = p.tried;
            })
            .unwrap();
            println!(
                "{path} {}: {} {} -> {} lines, tried {tried}, {:?}",
                r.name(),
                f.code,
                lines,
                red.case.lines(),
                start.elapsed()
            );
            if show {
                println!(
                    "{:?}\n{}\n{}\n{:?}",
                    red.case.declared(),
                    red.case.before(),
                    red.case.after(),
                    red.finding().map(|f| &f.message)
                );
            }
        }
    }
}
