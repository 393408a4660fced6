//! The variables that ask for colours, where the output is no terminal.

use std::path::Path;
use std::process::Command;

/// Whether the output has colours if these variables are set.
fn is_colored(variables: &[(&str, &str)], options: &[&str]) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stackmap-verify"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests"));
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "FORCE_COLOR"] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied()).arg("check").args(options);
    let said = command.arg("fixtures/SM001/fires.log").output().expect("the command");
    assert_eq!((said.status.code(), said.stderr.len()), (Some(1), 0));
    said.stdout.contains(&0x1b)
}

#[test]
fn variables_ask_for_colours() {
    for (variables, wanted) in [
        (&[][..], false),
        (&[("CLICOLOR_FORCE", "1")], true),
        (&[("CLICOLOR_FORCE", "0")], false),
        (&[("FORCE_COLOR", "1")], true),
        (&[("FORCE_COLOR", "3"), ("TERM", "dumb")], true),
        (&[("FORCE_COLOR", "0")], false),
        (&[("FORCE_COLOR", "")], false),
        (&[("CLICOLOR", "1")], false),
        (&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], false),
        (&[("NO_COLOR", ""), ("FORCE_COLOR", "1")], true),
    ] {
        assert_eq!(is_colored(variables, &[]), wanted, "{variables:?}");
    }
    assert!(is_colored(&[("NO_COLOR", "1")], &["--color=always"]));
    assert!(!is_colored(&[("FORCE_COLOR", "1")], &["--color=never"]));
}
