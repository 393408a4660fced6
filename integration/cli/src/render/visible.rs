//! Records whose strings do nothing to whoever shows them.

use std::io::{self, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use stackmap_render::visible;

use super::RenderRecord;
use crate::outcome::Summary;
use crate::record::{Compilation, Record, Skipped};

/// A renderer that gets to see no other strings.
pub(super) struct Visible<R>(pub(super) R);

impl<R: RenderRecord> RenderRecord for Visible<R> {
    fn record(&mut self, out: &mut dyn Write, record: &Record) -> io::Result<()> {
        self.0.record(out, &shown(record)?)
    }

    fn compilation(&mut self, out: &mut dyn Write, compilation: &Compilation) -> io::Result<()> {
        self.0.compilation(out, &shown(compilation)?)
    }

    fn skipped(&mut self, out: &mut dyn Write, skipped: &Skipped) -> io::Result<()> {
        self.0.skipped(out, &shown(skipped)?)
    }

    fn summary(&mut self, out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
        self.0.summary(out, summary)
    }
}

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
