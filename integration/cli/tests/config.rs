//! `stackmap-verify.toml`, in the working directory.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// A project with a function that is wrong if objects move, one with a warning, and a right one.
struct Project(TempDir);

struct Said {
    code: Option<i32>,
    output: String,
    errors: String,
}

impl Project {
    fn new(settings: &str) -> Project {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder of our own");
        let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
        fs::create_dir(folder.path().join("logs")).expect("a folder of our own");
        for (fixture, name) in [
            ("SM003/fires.log", "logs/stale.log"),
            ("SM102/fires.log", "logs/twice.log"),
            ("SM001/near_miss.log", "right.log"),
        ] {
            fs::copy(fixtures.join(fixture), folder.path().join(name)).expect("a fixture");
        }
        let project = Project(folder);
        project.write("stackmap-verify.toml", settings);
        project
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.path().join(name), text).expect("a file of our own");
    }

    fn run_in(&self, folder: &str, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stackmap-verify"));
        command.current_dir(self.0.path().join(folder)).args(arguments);
        let said = command.output().expect("the command");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Said { code: said.status.code(), output: text(said.stdout), errors: text(said.stderr) }
    }

    fn check(&self, arguments: &[&str]) -> Said {
        self.run_in("", &[&["check", "--format=short"], arguments].concat())
    }
}

#[test]
fn the_settings_are_those_of_the_file() {
    let settings = "# What this project passes.\n\
        paths = [\"logs\"]\n\
        collector = \"non-moving\"\n\
        deny = [\"warnings\"]\n\
        allow = [\"duplicate-entry\"]\n";
    let settings = format!("{settings}never-collects = [\"%alloc\"]\n");
    let project = Project::new(&settings);
    let said = project.check(&[]);
    assert_eq!((said.code, said.errors.as_str()), (Some(0), ""), "{}", said.output);
    assert!(said.output.contains("2 verified, 0 violated, 1 warning allowed"), "{}", said.output);
    assert!(said.output.contains("\nsettings of stackmap-verify.toml\n"), "{}", said.output);
    assert!(said.output.contains("its word: --never-collects=%alloc\n"), "{}", said.output);
    for (format, says) in [
        ("human", "settings of stackmap-verify.toml"),
        ("json", r#""config":"stackmap-verify.toml""#),
        ("sarif", r#""settings": "stackmap-verify.toml""#),
        ("junit", r#"<property name="settings" value="stackmap-verify.toml"/>"#),
        ("github", "settings of stackmap-verify.toml"),
    ] {
        let said = project.run_in("", &["check", "--format", format]);
        assert!(said.code == Some(0) && said.output.contains(says), "{format}: {}", said.output);
    }
}

#[test]
fn the_command_line_counts_more() {
    let project = Project::new(
        "paths = [\"logs\"]\ncollector = \"non-moving\"\ndeny = [\"SM102\"]\nallow = [\"SM105\"]\n",
    );
    assert_eq!(project.check(&[]).code, Some(1), "SM102 is denied");
    assert_eq!(project.check(&["--allow=SM102"]).code, Some(0));
    let said = project.check(&["--collector=moving", "logs/stale.log"]);
    assert_eq!(said.code, Some(1), "{}", said.output);
    assert!(said.output.contains("error[SM003]"), "{}", said.output);
    let said = project.check(&["right.log"]);
    assert!(said.code == Some(0) && said.output.contains("1 function: 1"), "{}", said.output);
    let said = project.check(&["--no-config", "logs/stale.log"]);
    assert_eq!(said.code, Some(1));
    assert!(!said.output.contains("settings"), "{}", said.output);
    let allowing = Project::new("paths = [\"logs/twice.log\"]\nallow = [\"SM102\"]\n");
    assert_eq!(allowing.check(&[]).code, Some(0));
    assert_eq!(allowing.check(&["--deny=warnings"]).code, Some(0), "it is allowed by name");
    assert_eq!(allowing.check(&["--deny=SM102"]).code, Some(1));
}

#[test]
fn paths_in_it_start_at_its_folder() {
    let project = Project::new("paths = [\"logs\"]\nbaseline = \"known.jsonl\"\n");
    let said = project.check(&["--no-config", "--write-baseline=known.jsonl", "logs"]);
    assert_eq!(said.code, Some(1));
    assert_eq!(project.check(&[]).code, Some(0), "all of it is known");
    // Elsewhere the file has to be named.
    let elsewhere = ["check", "--format=short", "--config=../stackmap-verify.toml"];
    let said = project.run_in("logs", &elsewhere);
    assert!(said.output.starts_with("../logs/stale.log:"), "{}{}", said.output, said.errors);
    // A baseline names inputs as the run that wrote it did.
    assert_eq!(said.code, Some(1));
    let says = "baseline ../known.jsonl: 0 findings and 0 unsupported functions are known\n\
                2 entries of it are about inputs that were not checked";
    assert!(said.output.contains(says), "{}", said.output);
    assert_eq!(project.run_in("logs", &["check"]).code, Some(2), "nothing says what to check");
}

#[test]
fn merge_has_what_is_denied_and_known_from_it() {
    let project = Project::new("");
    let shard = project.check(&["--no-config", "--format=json", "logs/twice.log"]);
    assert_eq!(shard.code, Some(2), "given twice");
    let shard = project.run_in("", &["check", "--no-config", "--format=json", "logs/twice.log"]);
    project.write("1.jsonl", &shard.output);
    let merge = |settings: &str| {
        project.write("stackmap-verify.toml", settings);
        project.run_in("", &["merge", "--format=short", "1.jsonl"])
    };
    assert_eq!(merge("").code, Some(0));
    assert_eq!(merge("deny = [\"warnings\"]").code, Some(1));
    let said = merge("deny = [\"warnings\"]\nallow = [\"SM102\"]");
    assert!(said.code == Some(0) && said.output.contains("1 warning allowed"), "{}", said.output);
}

#[test]
fn a_file_that_cannot_be_used() {
    let project = Project::new("");
    for (text, says) in [
        (
            "paths = [\"logs\"]\ncolour = \"moving\"\n",
            ":2:1: unknown field `colour`, expected one of",
        ),
        ("collector = \"fast\"\n", ":1:13: unknown variant `fast`, expected `moving` or"),
        ("\n\nallow = [\"SM001\"]\n", ":3:9: SM001 is an error, and only warnings can be allowed"),
        ("deny = [\"SM999\"]\n", ":1:8: no finding has the code `SM999`"),
        ("cranelift = \"new\"\n", ":1:13: "),
        ("never-collects = [\"alloc\"]\n", ":1:18: `alloc` is no name of a function in CLIF"),
        ("certify = 1\n", ":1:11: invalid type: integer `1`, expected a boolean"),
        ("paths = [\n", ":"),
        ("certify = true\ncertify = true\n", ":2:"),
        ("exit-zero = true\n", ":1:1: unknown field `exit-zero`"),
    ] {
        project.write("stackmap-verify.toml", text);
        let said = project.check(&["right.log"]);
        assert_eq!((said.code, said.output.as_str()), (Some(2), ""), "{text}");
        let says = format!("stackmap-verify: stackmap-verify.toml{says}");
        assert!(said.errors.starts_with(&says), "{says}: {}", said.errors);
        assert_eq!(said.errors.lines().count(), 1, "{}", said.errors);
        assert_eq!(project.check(&["--no-config", "right.log"]).code, Some(0));
    }
    let said = project.check(&["--config=nowhere.toml", "right.log"]);
    assert!(said.code == Some(2) && said.errors.contains("nowhere.toml cannot be read"));
    let said = project.check(&["--config=a.toml", "--no-config", "right.log"]);
    assert!(said.code == Some(2) && said.errors.contains("cannot be used with"));
}

#[test]
fn nothing_to_check_is_no_success() {
    let project = Project::new("paths = []\n");
    let said = project.check(&[]);
    assert_eq!((said.code, said.output.as_str()), (Some(2), ""));
    assert!(said.errors.contains("neither on the command line nor in"), "{}", said.errors);
}
