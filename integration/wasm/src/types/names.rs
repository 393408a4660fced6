//! The names of operators.

use wasmparser::Operator;

/// The first words of operators that have a point in their name in the text format.
const GROUPS: [&str; 8] = ["struct", "array", "table", "global", "local", "ref", "any", "extern"];

/// Returns the name of an operator in the text format, `struct.get`.
pub(super) fn name(operator: &Operator<'_>) -> String {
    let debug = format!("{operator:?}");
    let camel = debug.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let mut words: Vec<String> = Vec::new();
    for c in camel.chars() {
        match words.last_mut().filter(|_| !c.is_ascii_uppercase()) {
            Some(word) => word.push(c),
            None => words.push(c.to_ascii_lowercase().to_string()),
        }
    }
    match words.split_first() {
        Some((first, rest)) if !rest.is_empty() && GROUPS.contains(&&**first) => {
            format!("{first}.{}", rest.join("_"))
        }
        Some(_) | None => words.join("_"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_in_the_text_format() {
        for (operator, expected) in [
            (Operator::StructGet { struct_type_index: 0, field_index: 1 }, "struct.get"),
            (Operator::ArrayNewFixed { array_type_index: 0, array_size: 1 }, "array.new_fixed"),
            (Operator::CallIndirect { type_index: 0, table_index: 1 }, "call_indirect"),
            (Operator::Call { function_index: 0 }, "call"),
            (Operator::TableGet { table: 0 }, "table.get"),
        ] {
            assert_eq!(name(&operator), expected);
        }
    }
}
