//! What is looked at in a directory, and what is said of the rest.

use std::path::{Path, PathBuf};

use stackmap_tests::{Said, stackmap_verify};

/// A folder with these files.
fn folder(name: &str, files: &[(&str, &[u8])]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("directories").join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("a folder of our own");
    }
    std::fs::create_dir_all(&folder).expect("a folder of our own");
    for (name, content) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder of our own");
        std::fs::write(path, content).expect("a file of our own");
    }
    folder
}

fn check(folder: &Path, format: &str) -> Said {
    let format = format!("--format={format}");
    let mut said = stackmap_verify(["check".as_ref(), format.as_ref(), folder.as_os_str()]);
    said.output = said.output.replace(&format!("{}/", folder.display()), "");
    said
}

fn log() -> Vec<u8> {
    std::fs::read("fixtures/SM001/near_miss.log").expect("a fixture")
}

#[test]
fn what_holds_records_may_have_any_name() {
    let log = log();
    let behind = [b"running 1 test\ntest it ... ok\n", log.as_slice()].concat();
    let folder = folder(
        "names",
        &[
            ("app.log.1", &log),
            ("stderr", &log),
            ("sub/run.out", &behind),
            ("notes.txt", b"nothing\n"),
            ("picture", b"\x89PNG\0\0"),
            ("script", b"function f() {\n}\n"),
            ("quoted.rs", &log),
        ],
    );
    let said = check(&folder, "short");
    assert_eq!(said.code, 0, "{}", said.output);
    assert_eq!(
        said.output.lines().take(3).collect::<Vec<_>>(),
        [
            "skipped: notes.txt: holds no record of the spiller",
            "skipped: picture: holds no record of the spiller",
            "skipped: script: looks like CLIF, but is not called so",
        ]
    );
    assert!(said.output.contains("3 functions: 3 verified"), "{}", said.output);
    assert!(said.output.ends_with("\n3 files skipped\n"), "{}", said.output);
    let said = check(&folder, "json");
    let line = r#"{"type":"skipped","input":"notes.txt","reason":"holds no record of the spiller","index":1}"#;
    assert!(said.output.contains(line), "{}", said.output);
    assert!(said.output.contains(r#""skipped":3"#), "{}", said.output);
}

#[test]
fn what_git_ignores_is_not_looked_at() {
    let broken = log()[..200].to_vec();
    let folder = folder(
        "ignored",
        &[
            (".gitignore", b"*.old\n/target\n"),
            ("a.log", &log()),
            ("b.old", &broken),
            ("target/c.log", &broken),
            (".git/d.log", &broken),
            (".hidden/e.log", &log()),
        ],
    );
    let said = check(&folder, "short");
    assert_eq!(said.code, 0, "{}", said.output);
    assert!(said.output.contains("2 functions: 2 verified"), "{}", said.output);
}

#[test]
fn a_directory_without_anything_to_check_is_trouble() {
    let nothing = folder("nothing", &[("notes.txt", b"nothing\n"), ("more.log", b"nothing\n")]);
    let said = check(&nothing, "short");
    assert_eq!(said.code, 2, "{}", said.output);
    assert!(said.output.contains("2 files skipped"), "{}", said.output);
    let empty = folder("empty", &[]);
    let said = check(&empty, "short");
    assert_eq!(said.code, 2);
    assert!(
        said.output.contains("the directory has no file in it that may hold"),
        "{}",
        said.output
    );
}

#[test]
fn what_is_called_code_must_be_code() {
    let folder = folder("code", &[("a.log", &log()), ("b.clif", b"nothing\n")]);
    let said = check(&folder, "short");
    assert_eq!(said.code, 2);
    assert!(said.output.contains("b.clif: error: holds no function"), "{}", said.output);
    assert!(said.output.contains("1 verified"), "{}", said.output);
}

#[test]
fn slices_skip_what_the_whole_run_skips() {
    let folder = folder(
        "slices",
        &[("a.log", &log()), ("b.txt", b"nothing\n"), ("c.log", &log()), ("d.txt", b"nothing\n")],
    );
    let run = |options: &[&str]| {
        let options = options.iter().map(|option| option.as_ref());
        let all = ["check".as_ref(), "--format=json".as_ref(), folder.as_os_str()];
        stackmap_verify(all.into_iter().chain(options))
    };
    let slices = ["slice:1/2", "slice:2/2"].map(|slice| {
        let said = run(&["--partition", slice]);
        assert_eq!(said.code, 0, "{slice}: {}", said.output);
        said.output
    });
    // Written when both have run: they lie in the folder that is read.
    let shards = [1, 2].map(|number| folder.join(format!("{number}.jsonl")));
    for (path, slice) in shards.iter().zip(&slices) {
        std::fs::write(path, slice).expect("a file of our own");
    }
    let merge = ["merge".as_ref(), "--format=json".as_ref()];
    let merged =
        stackmap_verify(merge.into_iter().chain(shards.iter().map(|path| path.as_os_str())));
    for shard in &shards {
        std::fs::remove_file(shard).expect("a file of our own");
    }
    assert_eq!(merged.output, run(&[]).output);
}

#[test]
fn a_function_before_the_records_is_not_passed_over() {
    let function = b"function %f() system_v {\nblock0:\n    return\n}\n";
    let folder = folder("behind", &[("a.log", &[function, log().as_slice()].concat())]);
    let said = check(&folder, "short");
    assert_eq!(said.code, 2);
    assert!(
        said.output.starts_with("a.log: error: begins with a function that is in no record"),
        "{}",
        said.output
    );
    assert!(said.output.contains("1 verified"), "{}", said.output);
}
