//! Records whose strings do nothing to whoever shows them.

use std::io;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use stackmap_render::visible;

/// The same with every string in it made visible, whatever fields there are.
pub(crate) fn shown<T: Serialize + DeserializeOwned>(of: &T) -> io::Result<T> {
    let mut value = serde_json::to_value(of)?;
    make_visible(&mut value);
    Ok(serde_json::from_value(value)?)
}

fn make_visible(value: &mut Value) {
    match value {
        Value::String(text) => *text = visible(text).into_owned(),
        Value::Array(values) => values.iter_mut().for_each(make_visible),
        Value::Object(entries) => entries.values_mut().for_each(make_visible),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
