//! Messages.

use serde_sarif::sarif::Message;

use crate::visible::visible;

/// A message whose text does nothing to whoever shows it.
pub(super) fn message(text: impl Into<String>) -> Message {
    let text = text.into();
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    Message::builder().text(lines.join("\n")).build()
}
