//! Keeps what fails from taking the rest with it.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// What a part of a run comes to; `None` if it panicked, which is a defect of ours. What
/// it was working on must not be used any further.
pub(crate) fn guarded<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}

/// What there is to say then.
pub(crate) const FAILED: &str = "internal error: the check panicked, which is a defect of this \
                                 program and says nothing of the input";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_no_answer() {
        assert_eq!(guarded(|| 1), Some(1));
        let nothing: Vec<u32> = Vec::new();
        assert_eq!(guarded(|| nothing[0]), None);
    }
}
