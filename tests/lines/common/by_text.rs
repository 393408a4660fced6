//! The text front end, on what Cranelift prints.

use stackmap_clif::declared::Declared;
use stackmap_clif::lower::LowerError;
use stackmap_clif::pair::{ReadError, Text, read_pair};
use stackmap_clif::version::AtLeast;
use stackmap_verifier::findings::{Code, Finding};
use stackmap_verifier::{Options, Outcome};

use crate::stackmap::{self, Checked};

/// Up to this minor version, the stack maps of some safepoints are not printed.
const PRINTS_ALL_MAPS: u32 = 131;

fn codes(findings: &[Finding]) -> Vec<Code> {
    findings.iter().map(|finding| finding.code).collect()
}

/// The text front end says the same of the two functions.
pub(crate) fn assert_as_by_text(name: &str, checked: &Checked) {
    let before = checked.before.display().to_string();
    let after = checked.after.display().to_string();
    let declared: Vec<u32> = checked.declared.iter().map(|value| value.as_u32()).collect();
    let pair = read_pair(
        Text { text: &before, line: 1 },
        Text { text: &after, line: 1 },
        &Declared::exactly(declared),
        AtLeast::minor(stackmap::minor()),
    );
    let pair = match pair {
        Ok(pair) => pair,
        Err(ReadError::Unsupported(LowerError::UnprintedStackMap { .. })) => {
            assert!(stackmap::minor() < PRINTS_ALL_MAPS, "{name}");
            return;
        }
        Err(error) => panic!("{name}: {error}\n{after}"),
    };
    let report = pair.comparison.verify(&Options::default());
    assert_eq!(report.outcome == Outcome::Violated, checked.is_wrong(), "{name}");
    assert_eq!(codes(&report.findings), codes(&checked.result.findings), "{name}");
}
