//! Hashes of lists of texts.

use sha2::{Digest, Sha256};

/// Returns the first bytes of a hash of texts, in hexadecimal digits. Each text is preceded by its
/// length, so that different lists have different encodings.
pub(crate) fn hash<'p>(parts: impl IntoIterator<Item = &'p str>, bytes: usize) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().iter().take(bytes).map(|byte| format!("{byte:02x}")).collect()
}
