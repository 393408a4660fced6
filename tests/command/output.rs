//! `--output`: the file exists only once it is complete.

use std::io::{self, BufRead, Read, Write};

use stackmap_tests::{Said, stackmap_verify};
use stackmap_verify::{Streams, run};

use crate::temporary::Folder;

const PATH: &str = "fixtures/SM001/fires.log";

fn check(format: &str, output: &str) -> Said {
    stackmap_verify(["check", "--format", format, "--output", output, PATH])
}

fn name(folder: &Folder, name: &str) -> String {
    folder.path(name).to_str().expect("UTF-8").to_owned()
}

#[test]
fn the_file_holds_what_would_have_been_printed() {
    let folder = Folder::new();
    for format in ["human", "short", "json", "sarif", "junit", "github"] {
        let said = check(format, &name(&folder, format));
        let printed = stackmap_verify(["check", "--format", format, PATH]);
        let written = std::fs::read_to_string(folder.path(format)).expect("a report");
        assert_eq!((said.code, written), (printed.code, printed.output), "{format}");
        assert!(said.output.starts_with("1 function: 0 verified, 1 violated"), "{}", said.output);
        assert_eq!(said.output.lines().count(), 1, "{format}");
    }
    assert_eq!(folder.names(), ["github", "human", "json", "junit", "sarif", "short"]);
}

#[test]
fn an_old_report_is_replaced() {
    let folder = Folder::new();
    folder.file("report", "an older, longer report\n".repeat(1000));
    check("short", &name(&folder, "report"));
    let written = std::fs::read_to_string(folder.path("report")).expect("a report");
    assert_eq!(written.lines().count(), 2);
    assert_eq!(folder.names(), ["report"]);
}

#[cfg(unix)]
#[test]
fn one_file_for_two_reports_is_refused_whatever_it_is_called() {
    use std::os::unix::fs::symlink;
    let folder = Folder::new();
    std::fs::create_dir(folder.path("sub")).expect("a folder of our own");
    // One to nothing, one to the first, and one of the folder.
    for (target, link) in [("page", "a"), ("a", "b"), (".", "sub/here"), ("../page", "sub/c")] {
        symlink(target, folder.path(link)).expect("a link");
    }
    for other in ["page", "a", "b", "sub/../page", "sub/here/c", "./b"] {
        let html = format!("--html={}", name(&folder, other));
        let said = stackmap_verify(["check", "--output", &name(&folder, "page"), &html, PATH]);
        assert_eq!((said.code, said.output.as_str()), (2, ""), "{other}");
        assert!(said.errors.contains("--output and --html are both"), "{}", said.errors);
        assert!(!folder.path("page").exists(), "{other}");
        let certificates = format!("--certificates={}", name(&folder, other));
        for option in [format!("--output={}", name(&folder, "page")), html] {
            let said = stackmap_verify(["check", &option, &certificates, PATH]);
            assert_eq!(said.code, 2, "{option}");
            assert!(said.errors.contains("and --certificates are both"), "{}", said.errors);
        }
    }
    // A link to nothing becomes one to a report, and stays one.
    check("short", &name(&folder, "b"));
    assert!(folder.path("page").exists() && folder.path("b").is_symlink());
    symlink("y", folder.path("x")).expect("a link");
    symlink("x", folder.path("y")).expect("a link");
    let said = check("short", &name(&folder, "x"));
    assert_eq!(said.code, 2);
    assert!(said.errors.contains("in a circle"), "{}", said.errors);
}

#[test]
fn a_report_replaces_no_input() {
    let folder = Folder::new();
    let log = std::fs::read_to_string(PATH).expect("a fixture");
    let input = folder.file("a.log", &log);
    let input = input.display().to_string();
    std::fs::create_dir(folder.path("sub")).expect("a folder of our own");
    for option in ["--output", "--html", "--certificates"] {
        for name in ["a.log", "./a.log", "sub/../a.log"] {
            let said = stackmap_verify(["check", option, &self::name(&folder, name), &input]);
            assert_eq!((said.code, said.output.as_str()), (2, ""), "{option}");
            assert!(said.errors.contains(&format!("{option} would replace")), "{}", said.errors);
            assert_eq!(std::fs::read_to_string(&input).expect("the input"), log);
        }
    }
    // In a directory, a report of an earlier run is one file of many.
    let folder_name = name(&folder, ".");
    for _ in 0..2 {
        let report = format!("--output={}", name(&folder, "report.txt"));
        let said = stackmap_verify(["check", &report, &folder_name]);
        assert_ne!(said.code, 2, "{}", said.errors);
    }
}

#[cfg(unix)]
#[test]
fn whoever_could_not_read_a_report_cannot_read_the_next() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let path = folder.file("report", "old");
    for mode in [0o600, 0o640, 0o664] {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(&path, permissions).expect("a file of our own");
        check("short", &name(&folder, "report"));
        let found = std::fs::metadata(&path).expect("a report").permissions().mode();
        assert_eq!(found & 0o777, mode);
    }
}

#[test]
fn a_place_that_cannot_be_written_to() {
    let folder = Folder::new();
    for place in ["", "nowhere/report"] {
        let said = check("json", &name(&folder, place));
        assert_eq!((said.code, said.output.as_str()), (2, ""), "{place}");
        assert!(said.errors.contains(&format!("{place} cannot be written: ")), "{}", said.errors);
        assert_eq!(folder.names(), [""; 0]);
    }
}

/// Standard input that ends the run in the middle.
struct Fails;

impl Read for Fails {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("unplugged"))
    }
}

impl BufRead for Fails {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Err(io::Error::other("unplugged"))
    }

    fn consume(&mut self, _: usize) {}
}

/// A reader that has read enough.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

#[test]
fn a_broken_pipe_ends_every_format_without_a_word() {
    let formats = ["human", "short", "json", "sarif", "junit", "github"];
    let right = "fixtures/SM001/near_miss.log";
    for (format, (path, wanted)) in
        formats.iter().flat_map(|format| [(PATH, 1), (right, 2)].map(|case| (format, case)))
    {
        let mut errors = Vec::new();
        let mut streams = Streams {
            input: &mut Fails,
            output: &mut Closed,
            errors: &mut errors,
            terminal: false,
        };
        let arguments = ["stackmap-verify", "check", "--format", format, path];
        let code = run(arguments.map(Into::into), &mut streams);
        assert_eq!((code, errors), (wanted, Vec::new()), "{format}");
    }
}

#[test]
fn an_input_that_breaks_off_is_part_of_the_report() {
    let folder = Folder::new();
    let report = name(&folder, "report");
    let (mut output, mut errors) = (Vec::new(), Vec::new());
    let mut streams =
        Streams { input: &mut Fails, output: &mut output, errors: &mut errors, terminal: false };
    let arguments = ["stackmap-verify", "check", "--format=short", "--output", &report, "-", PATH];
    assert_eq!(run(arguments.map(Into::into), &mut streams), 1);
    let written = std::fs::read_to_string(&report).expect("a report");
    assert!(written.starts_with("<stdin>: error: cannot be read: unplugged\n"), "{written}");
    assert!(written.ends_with("\n1 file, or part of one, unreadable\n"), "{written}");
    assert_eq!(written.lines().count(), 4, "{written}");
}

/// A disk without space.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
}

#[test]
fn what_cannot_be_written_is_said() {
    for format in ["human", "short", "json", "sarif", "junit", "github"] {
        let mut errors = Vec::new();
        let mut streams =
            Streams { input: &mut Fails, output: &mut Full, errors: &mut errors, terminal: false };
        let arguments = ["stackmap-verify", "check", "--format", format, PATH];
        assert_eq!(run(arguments.map(Into::into), &mut streams), 1, "{format}");
        let said = String::from_utf8(errors).expect("UTF-8");
        assert!(said.starts_with("stackmap-verify: the report cannot be written: "), "{said}");
    }
    let full = std::path::Path::new("/dev/full");
    for (option, format) in [("--output", "json"), ("--html", "short"), ("--certificates", "short")]
    {
        if !full.exists() {
            continue;
        }
        let format = format!("--format={format}");
        let said = stackmap_verify(["check", &format, option, "/dev/full", PATH]);
        assert_eq!(said.code, 1, "{option}");
        assert!(said.errors.contains(": /dev/full cannot be written: "), "{}", said.errors);
    }
}

#[test]
fn quiet_says_what_is_found_and_nothing_else() {
    let check = |options: &[&str], path: &str| {
        let all = [&["check", "--quiet"], options, &[path]].concat();
        stackmap_verify(all.into_iter().map(str::to_owned))
    };
    let right = "fixtures/SM001/near_miss.log";
    for format in ["human", "short", "github"] {
        let said = check(&["--format", format], right);
        assert_eq!((said.code, said.output.as_str(), said.errors.as_str()), (0, "", ""));
        let said = check(&["--format", format], PATH);
        assert_eq!(said.code, 1);
        assert!(said.output.contains("SM001") && !said.output.contains("1 function"), "{format}");
    }
    // Formats for programs are what they are.
    let loud = stackmap_verify(["check", "--format=json", PATH]);
    assert_eq!(check(&["--format=json"], PATH), loud);
    let folder = Folder::new();
    let said = check(&["--output", &name(&folder, "report")], PATH);
    assert_eq!((said.code, said.output.as_str()), (1, ""));
    // That nothing was checked has no other sign.
    folder.file("notes.txt", "no function");
    let said = check(&[], &name(&folder, "."));
    assert_eq!(said.code, 2);
    assert!(said.output.contains("0 functions: 0 verified"), "{}", said.output);
    let said = check(&[], "nowhere");
    assert!(said.code == 2 && said.output.contains("nowhere"), "{}", said.output);
}
