//! Names of the model.

use stackmap_verifier::model::Name;

/// The prefixes of names that the model stores as a number.
const PREFIXES: [&str; 6] = ["v", "x", "block", "ss", "stack", "r"];

/// Returns the name with this text.
pub(crate) fn name(text: &str) -> Name {
    let numbered = PREFIXES.iter().find_map(|prefix| {
        let digits = text.strip_prefix(prefix)?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        let is_padded = digits.len() > 1 && digits.starts_with('0');
        let number = digits.parse().ok().filter(|_| is_number && !is_padded)?;
        Some(Name::Numbered(prefix, number))
    });
    numbered.unwrap_or_else(|| Name::Text(text.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_printed_as_it_was_read() {
        for text in ["v0", "v12", "v4294967295", "block3", "r9"] {
            assert!(matches!(name(text), Name::Numbered(..)), "{text}");
            assert_eq!(name(text).to_string(), text);
        }
        for text in ["", "v", "v00", "v01", "v4294967296", "v+1", "rax", "v1~2", "V1"] {
            assert!(matches!(name(text), Name::Text(_)), "{text}");
            assert_eq!(name(text).to_string(), text);
        }
    }
}
