//! Messages.

use serde_sarif::sarif::Message;

use crate::visible::visible;

/// Returns a message in which characters with an effect on the display are made visible.
pub(super) fn message(text: impl Into<String>) -> Message {
    let text = text.into();
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    Message::builder().text(lines.join("\n")).build()
}
