//! Syntax of early versions that the linked cranelift-readers do not read.

/// Trap codes of 0.111 that no linked version has.
const TRAP_CODES: [&str; 8] = [
    "bad_sig",
    "heap_misaligned",
    "icall_null",
    "interrupt",
    "null_i31ref",
    "null_reference",
    "table_oob",
    "unreachable",
];

/// Reads a text. If that fails for a trap code of 0.111, each of them is read as one of the
/// user's that no function here has: a trap code means nothing but itself.
///
/// # Errors
///
/// The result of cranelift-reader on the text as it is.
pub(super) fn read<F>(text: &str, reader: impl Fn(&str) -> Result<F, String>) -> Result<F, String> {
    reader(text).or_else(|message| {
        let later = in_later_words(text);
        if later == text { Err(message) } else { reader(&later).map_err(|_| message) }
    })
}

fn in_later_words(text: &str) -> String {
    let is_end = |c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '%');
    let later = |piece: &str| {
        let (word, end) = piece.split_at(piece.trim_end_matches(is_end).len());
        match TRAP_CODES.iter().position(|&code| code == word) {
            Some(position) => format!("user{}{end}", 200 + position),
            None => piece.to_owned(),
        }
    };
    text.split_inclusive(is_end).map(later).collect()
}

#[cfg(test)]
mod tests {
    use super::in_later_words;

    #[test]
    fn only_whole_words_are_trap_codes() {
        let text = "%unreachable is_unreachable unreachable, table_oob\n";
        assert_eq!(in_later_words(text), "%unreachable is_unreachable user207, user206\n");
    }
}
