//! What becomes of warnings: they are reported, unless they are allowed, and fail a run if they are
//! denied.

use std::collections::BTreeSet;

use stackmap_verifier::findings::{Code, Severity};

/// The warnings that fail a run, and those that are not reported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// Whether all warnings are denied that are not allowed.
    all: bool,
    denied: BTreeSet<Code>,
    allowed: BTreeSet<Code>,
}

impl Levels {
    /// Denies all warnings, but for those that are allowed by their codes.
    pub fn deny_all(&mut self) {
        self.all = true;
    }

    /// Denies the findings with a code, which may have been allowed.
    pub fn deny(&mut self, code: Code) {
        self.allowed.remove(&code);
        self.denied.insert(code);
    }

    /// Allows the findings with a code, which may have been denied. Those with codes of errors
    /// cannot be.
    pub fn allow(&mut self, code: Code) {
        if code.severity() == Severity::Warning {
            self.denied.remove(&code);
            self.allowed.insert(code);
        }
    }

    /// Returns whether findings with a code fail a run.
    pub fn denies(&self, code: Code) -> bool {
        match code.severity() {
            Severity::Error => true,
            Severity::Warning => !self.allows(code) && (self.all || self.denied.contains(&code)),
        }
    }

    /// Returns whether findings with a code are only counted.
    pub fn allows(&self, code: Code) -> bool {
        self.allowed.contains(&code)
    }

    /// Returns the codes that are allowed, in order.
    pub fn allowed(&self) -> impl Iterator<Item = Code> {
        self.allowed.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_counts_and_a_name_more_than_all() {
        let mut levels = Levels::default();
        assert!(levels.denies(Code::SharedSlot) && !levels.denies(Code::DeadRoot));
        levels.allow(Code::DeadRoot);
        levels.deny_all();
        assert!(levels.denies(Code::StaleAddress) && !levels.denies(Code::DeadRoot));
        assert!(levels.allows(Code::DeadRoot));
        levels.deny(Code::DeadRoot);
        assert!(levels.denies(Code::DeadRoot) && !levels.allows(Code::DeadRoot));
    }

    #[test]
    fn no_error_is_allowed() {
        for &code in Code::ALL {
            let mut levels = Levels::default();
            levels.allow(code);
            assert_eq!(levels.allows(code), code.severity() == Severity::Warning, "{code}");
        }
    }
}
