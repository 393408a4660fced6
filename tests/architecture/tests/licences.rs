//! Every dependency has a licence that `.deny.toml` allows, as `cargo deny` decides it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};

/// Whether the licences of this list suffice for a package.
fn suffice(allowed: &[&str], license: &str) -> bool {
    // Older packages write `MIT/Apache-2.0`.
    let expression = Expression::parse_mode(license, ParseMode::LAX).expect(license);
    expression.evaluate(|license| allowed.contains(&license.to_string().as_str()))
}

#[test]
fn an_exception_and_a_choice() {
    let allowed = ["MIT", "Apache-2.0 WITH LLVM-exception"];
    assert!(suffice(&allowed, "MIT/Apache-2.0"));
    assert!(suffice(&allowed, "Apache-2.0 WITH LLVM-exception"));
    assert!(!suffice(&allowed, "Apache-2.0"));
    assert!(!suffice(&allowed, "MIT AND ISC"));
}

#[test]
fn licences_are_those_that_are_allowed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let deny = std::fs::read_to_string(root.join(".deny.toml")).expect("the configuration");
    let list = deny.split_once("allow = [").and_then(|(_, rest)| rest.split_once(']'));
    let allowed: Vec<&str> = list.expect("a list").0.split('"').skip(1).step_by(2).collect();
    let metadata = ["metadata", "--format-version=1", "--locked", "--all-features"];
    let said = Command::new(env!("CARGO")).current_dir(&root).args(metadata).output();
    let said = said.expect("cargo").stdout;
    let metadata: Value = serde_json::from_slice(&said).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 100, "{} packages", packages.len());
    let refused = packages.iter().filter(|package| {
        let license = package["license"].as_str();
        !license.is_some_and(|license| suffice(&allowed, license))
    });
    let refused: Vec<String> =
        refused.map(|package| format!("{}: {}", package["name"], package["license"])).collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}
