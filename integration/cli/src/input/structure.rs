//! Parses structured lines: JSON objects, and quoted strings as in `key="value"`.

use serde_json::Value;
use stackmap_clif::log::{Field, Structure};

/// Returns the strings of a line that contains a JSON object, possibly behind other text, or else
/// the strings in quotation marks.
pub(crate) fn structure(line: &str) -> Option<Structure> {
    object(line).or_else(|| quoted(line))
}

/// The maximum number of braces that may precede an object, for example those of spans.
const BRACES: usize = 8;

fn object(line: &str) -> Option<Structure> {
    line.match_indices('{').take(BRACES).find_map(|(start, _)| object_at(line, start))
}

fn object_at(line: &str, start: usize) -> Option<Structure> {
    let is_object = line[start + 1..].trim_start().starts_with('"');
    // Anything may follow the object.
    let mut values = serde_json::Deserializer::from_str(&line[start..]).into_iter::<Value>();
    let object = is_object.then(|| values.next())??.ok()?;
    let mut fields = Vec::new();
    collect(&object, String::new(), &mut fields);
    Some(Structure { start, fields })
}

/// Collects all strings, including those of an object that is itself encoded as a string: a program
/// that collects output may embed a line of JSON in another.
fn collect(value: &Value, path: String, fields: &mut Vec<Field>) {
    match value {
        Value::String(text) => {
            match text.starts_with('{').then(|| object_at(text, 0)).flatten() {
                Some(inner) => fields.extend(inner.fields.into_iter().map(|field| Field {
                    path: format!("{path}.{}", field.path),
                    text: field.text,
                })),
                None => fields.push(Field { path, text: text.clone() }),
            }
        }
        Value::Object(entries) => {
            for (name, value) in entries {
                collect(value, format!("{path}.{name}"), fields);
            }
        }
        Value::Array(values) => {
            for value in values {
                collect(value, format!("{path}[]"), fields);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Returns the strings in quotation marks, each with the key before it as path.
fn quoted(line: &str) -> Option<Structure> {
    let start = line.find('"')?;
    let mut fields = Vec::new();
    let mut rest = line;
    while let Some(quote) = rest.find('"') {
        let mut strings = serde_json::Deserializer::from_str(&rest[quote..]).into_iter::<String>();
        let Some(Ok(text)) = strings.next() else { break };
        let key = rest[..quote].trim_end_matches(['=', ':', ' ']);
        let key = key.rsplit(char::is_whitespace).next().unwrap_or("");
        fields.push(Field { path: key.to_owned(), text });
        rest = &rest[quote + strings.byte_offset()..];
    }
    (!fields.is_empty()).then_some(Structure { start, fields })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the strings of a line, sorted: serde_json keeps the order of keys only if some crate
    /// of the build enables that.
    fn fields(line: &str) -> Vec<(String, String)> {
        let fields = structure(line).map(|structure| structure.fields).unwrap_or_default();
        let mut fields: Vec<_> = fields.into_iter().map(|field| (field.path, field.text)).collect();
        fields.sort_unstable();
        fields
    }

    fn pair(path: &str, text: &str) -> (String, String) {
        (path.to_owned(), text.to_owned())
    }

    #[test]
    fn an_object() {
        let line = r#"run{n=1}: {"level":"TRACE","fields":{"message":"a\nb","n":1},"on":["x"]}"#;
        assert_eq!(structure(line).unwrap().start, 10);
        assert_eq!(
            fields(line),
            [pair(".fields.message", "a\nb"), pair(".level", "TRACE"), pair(".on[]", "x")]
        );
    }

    #[test]
    fn an_object_in_an_object() {
        let line = r#"{"log":"{\"message\":\"a\\nb\"}\n","stream":"stderr"}"#;
        assert_eq!(fields(line), [pair(".log..message", "a\nb"), pair(".stream", "stderr")]);
    }

    #[test]
    fn keys_and_values() {
        let line = r#"ts=1 level=trace msg="a\n\"b\"" target="x""#;
        assert_eq!(structure(line).unwrap().start, 21);
        assert_eq!(fields(line), [pair("msg", "a\n\"b\""), pair("target", "x")]);
    }

    #[test]
    fn what_has_none() {
        for line in ["", "[TRACE x] a: {v0}", "a \"b", "{v0, v1}"] {
            assert_eq!(structure(line), None, "{line}");
        }
    }
}
