//! Isolates panics, so that one failure does not end the whole run.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Returns the result of a part of a run; `None` if it panicked, which is a defect of this program.
/// The state that it was working on must not be used any further.
pub(crate) fn guarded<T>(run: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(run)).ok()
}

/// The message for a part of a run that panicked.
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
