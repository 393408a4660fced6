//! A compiler in C that prints a pair: `examples/spiller.c`.

use std::path::Path;
use std::process::Command;

use stackmap_pair_text::functions;
use stackmap_verifier::{Options, Outcome, Report, verify};

/// Compiles the example, and runs it.
fn printed(argument: &[&str]) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/spiller.c");
    let program = folder.path().join("spiller");
    let cc = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let options = ["-std=c99", "-Wall", "-Wextra", "-Werror"];
    let compiled = Command::new(&cc).args(options).arg(source).arg("-o").arg(&program).output();
    let compiled = compiled.unwrap_or_else(|error| {
        panic!("`{cc}` cannot be run ({error}): this test needs a C compiler, as building does")
    });
    assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
    let run = Command::new(program).args(argument).output().expect("the example runs");
    assert!(run.status.success());
    String::from_utf8(run.stdout).expect("text")
}

fn report(text: &str) -> Report {
    let mut functions = functions(text).expect("a file of pairs");
    let pair = functions.next().expect("a function").and_then(|function| function.read());
    let pair = pair.unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert!(functions.next().is_none());
    let options = Options { certify: true, ..Options::default() };
    verify(&pair.before, &pair.declared, &pair.after, &options)
}

#[test]
fn what_a_compiler_in_c_prints_is_verified() {
    let report = report(&printed(&[]));
    assert_eq!(report.outcome, Outcome::Verified, "{:#?}", report.findings);
    assert!(report.certified && report.stats.safepoints == 2, "{:?}", report.stats);
}

#[test]
fn a_root_that_it_forgets_is_found() {
    for (root, block) in [("first", "loop"), ("result", "done")] {
        let text = printed(&[root]);
        let report = report(&text);
        assert_eq!(report.outcome, Outcome::Violated, "{text}");
        let finding = &report.findings[0];
        assert_eq!(finding.code.code(), "SM002", "{}", finding.message);
        assert!(finding.message.contains(&format!("`{root}`")), "{}", finding.message);
        let line = finding.primary.site.origin.line().expect("a line");
        let line = text.lines().nth(line as usize - 1).expect("a line of the text");
        assert!(line.contains("; safepoint"), "{line}");
        assert_eq!(finding.primary.site.block, block);
    }
}
