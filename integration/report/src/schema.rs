//! The schema of the JSON form.

use serde_json::Value;

use crate::wire::Versioned;

/// Returns the JSON schema of one line of the format `json`: a function, an input, or the summary.
///
/// It is made from the types that write and read the format, so that it holds for both. Fields may
/// be added in the same [version](Versioned) of the form.
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Versioned);
    schema.insert("title".to_owned(), "A line of the JSON form of stackmap-verify".into());
    let mut schema = schema.to_value();
    without_links(&mut schema);
    schema
}

/// Replaces the links in descriptions, which lead to items of this library, by their texts.
fn without_links(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get_mut("description") {
                *text = without_link(text);
            }
            fields.values_mut().for_each(without_links);
        }
        Value::Array(items) => items.iter_mut().for_each(without_links),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// `[made](crate::x)` becomes `made`.
fn without_link(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, (label, after))) =
        rest.split_once('[').and_then(|(before, link)| Some((before, link.split_once(']')?)))
    {
        plain += before;
        plain += label;
        rest = match after.strip_prefix('(').and_then(|target| target.split_once(')')) {
            Some((_, after)) => after,
            None => after,
        };
    }
    plain + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_replaced_by_their_texts() {
        assert_eq!(without_link("if it was [made](crate::x), [`A`] [b"), "if it was made, `A` [b");
    }
}
