//! Every recorded log gets the expected verdict.

use std::ffi::OsStr;
use std::path::Path;

use stackmap_tests::stackmap_verify;

fn verifies(path: &Path) -> datatest_stable::Result<()> {
    let options = ["check", "--format=json", "--certify"].map(OsStr::new);
    let said = stackmap_verify(options.into_iter().chain([path.as_os_str()]));
    let is_certified = |line: &str| line.contains(r#""certified":true"#);
    let mut functions = said.output.lines().filter(|line| line.contains(r#""type":"function""#));
    match said.code {
        0 if functions.all(is_certified) => Ok(()),
        code => Err(format!("exit status {code}:\n{}", said.output).into()),
    }
}

fn is_violated(path: &Path) -> datatest_stable::Result<()> {
    let said = stackmap_verify(["check".as_ref(), "--format=short".as_ref(), path.as_os_str()]);
    match said.code {
        1 => Ok(()),
        // Older versions do not print the stack maps of `try_call`.
        2 if said.output.contains("Cranelift prints none for `try_call` before 0.131") => Ok(()),
        code => Err(format!("exit status {code}:\n{}", said.output).into()),
    }
}

/// A text that lacks information may be judged right if the information is there after all (the
/// `;! declare` line), but never wrong.
fn is_not_violated(path: &Path) -> datatest_stable::Result<()> {
    let said = stackmap_verify(["check".as_ref(), "--format=short".as_ref(), path.as_os_str()]);
    match said.code {
        0 => Ok(()),
        2 if said.output.contains(": unsupported in ") => Ok(()),
        code => Err(format!("exit status {code}:\n{}", said.output).into()),
    }
}

datatest_stable::harness! {
    { test = verifies, root = "corpus", pattern = r"\.log$" },
    { test = is_violated, root = "historical", pattern = r"^0\.[0-9.]+/[^/]*\.log$" },
    { test = is_not_violated, root = "historical/undecided", pattern = r"\.log$" },
}
