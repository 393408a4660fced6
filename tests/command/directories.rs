//! The files that are read in a directory, and the messages about other files.

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
        said.output.lines().take(4).collect::<Vec<_>>(),
        [
            "skipped: notes.txt: holds no record of the spiller",
            "skipped: picture: holds no record of the spiller",
            "skipped: quoted.rs: is source code or a document by its name",
            "skipped: script: looks like CLIF, but is not called so",
        ]
    );
    assert!(said.output.contains("3 functions: 3 verified"), "{}", said.output);
    assert!(said.output.ends_with("\n4 files skipped\n"), "{}", said.output);
    let said = check(&folder, "json");
    let line = r#"{"version":1,"type":"skipped","input":"notes.txt","reason":"holds no record of the spiller","index":1}"#;
    assert!(said.output.contains(line), "{}", said.output);
    assert!(said.output.contains(r#""skipped":4"#), "{}", said.output);
}

#[test]
fn what_git_ignores_is_named_and_not_looked_at() {
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
    let skipped: Vec<&str> =
        said.output.lines().filter(|line| line.starts_with("skipped: ")).collect();
    let expected = [
        ".git: is git's own",
        ".gitignore: holds no record of the spiller",
        "b.old: is ignored by git",
        "target: is ignored by git",
    ];
    assert_eq!(skipped, expected.map(|name| format!("skipped: {name}")), "{}", said.output);
}

#[test]
fn no_file_but_those_of_git_hides_others() {
    let broken = log()[..200].to_vec();
    let files: [(&str, &[u8]); 3] =
        [(".ignore", b"*.log\n"), (".rgignore", b"*\n"), ("a.log", &broken)];
    let said = check(&folder("hiding", &files), "short");
    assert_eq!(said.code, 2, "{}", said.output);
    assert!(said.output.contains("a.log"), "{}", said.output);
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

#[test]
fn names_in_any_case_and_compressed_are_read() {
    use std::io::Write;
    let mut zipped = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    zipped.write_all(&log()).expect("compressed");
    let zipped = zipped.finish().expect("compressed");
    let folder = folder(
        "any case",
        &[("A.LOG", &log()), ("a.log.1", &log()), ("b.log.gz", &zipped), ("C.CLIF", b"nothing\n")],
    );
    let said = check(&folder, "short");
    assert!(said.output.contains("C.CLIF: error: holds no function"), "{}", said.output);
    assert!(said.output.contains("3 functions: 3 verified"), "{}", said.output);
}

#[cfg(unix)]
#[test]
fn what_is_no_regular_file_is_named_and_not_opened() {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    let folder = folder("special", &[("a.log", &log()), ("sub/b.log", &log())]);
    let made = std::process::Command::new("mkfifo").arg(folder.join("fifo.log")).status();
    assert!(made.expect("mkfifo").success());
    // A path of a socket must be short.
    let socket = std::env::temp_dir().join(format!("stackmap-{}", std::process::id()));
    let listener = UnixListener::bind(&socket).expect("a socket");
    let links = [
        (socket.as_path(), "socket.log"),
        (Path::new("/dev/zero"), "zero.log"),
        (Path::new("sub"), "link"),
        (Path::new("."), "circle"),
        (Path::new("circular.log"), "circular.log"),
        (Path::new("nowhere"), "nowhere.log"),
        (Path::new("a.log"), "same.log"),
    ];
    for (target, name) in links {
        symlink(target, folder.join(name)).expect("a link");
    }
    let said = check(&folder, "short");
    drop(listener);
    std::fs::remove_file(socket).expect("the socket");
    assert_eq!(
        said.output.lines().filter(|line| line.starts_with("skipped")).collect::<Vec<_>>(),
        [
            "skipped: circle: is a link to a directory, which was not followed",
            "skipped: circular.log: is a link that leads nowhere",
            "skipped: fifo.log: is no regular file, and was not opened",
            "skipped: link: is a link to a directory, which was not followed",
            "skipped: nowhere.log: is a link that leads nowhere",
            "skipped: socket.log: is no regular file, and was not opened",
            "skipped: zero.log: is no regular file, and was not opened",
        ],
        "{}",
        said.output
    );
    assert!(said.output.contains("3 functions: 3 verified"), "{}", said.output);
    assert_eq!(said.code, 0);
}
