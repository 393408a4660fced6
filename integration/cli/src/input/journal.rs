//! Messages of systemd's journal that are written as arrays of bytes.
//!
//! `journalctl -o json` writes a message as `"MESSAGE":[91,84,82,...]` if it has a character in it
//! that cannot be printed, such as the escape sequences of a coloured logger.

use std::io::{self, BufRead, Read};
use std::sync::LazyLock;

use memchr::memmem::Finder;

static MESSAGE: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("\"MESSAGE\""));

/// A reader of lines in which such arrays are strings.
pub(super) struct Journal<R> {
    input: R,
    line: Vec<u8>,
    read: usize,
}

impl<R> Journal<R> {
    pub(super) fn new(input: R) -> Self {
        Journal { input, line: Vec::new(), read: 0 }
    }
}

impl<R: BufRead> Read for Journal<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

/// The maximum number of bytes that are looked at as one line. The rest of a longer line is read
/// as it is.
const LONGEST: u64 = 64 << 20;

impl<R: BufRead> BufRead for Journal<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.read == self.line.len() {
            self.line.clear();
            self.read = 0;
            self.input.by_ref().take(LONGEST).read_until(b'\n', &mut self.line)?;
            if let Some(line) = with_text(&self.line) {
                self.line = line;
            }
        }
        Ok(&self.line[self.read..])
    }

    fn consume(&mut self, count: usize) {
        self.read = (self.read + count).min(self.line.len());
    }
}

/// Returns a line with its message as a string; `None` if that is no array of bytes.
fn with_text(line: &[u8]) -> Option<Vec<u8>> {
    let name = MESSAGE.find(line)? + MESSAGE.needle().len();
    let colon = line[name..].trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    let start = line.len() - colon.len();
    let mut arrays = serde_json::Deserializer::from_slice(colon).into_iter::<Vec<u8>>();
    let bytes = arrays.next()?.ok()?;
    let text = serde_json::to_vec(&String::from_utf8_lossy(&bytes)).ok()?;
    Some([&line[..start], &text, &colon[arrays.byte_offset()..]].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let mut read = String::new();
        Journal::new(text.as_bytes()).read_to_string(&mut read).unwrap();
        read
    }

    #[test]
    fn a_message_in_bytes_is_a_string() {
        let line = "{\"A\":\"1\",\"MESSAGE\" : [27,91,109,34,118],\"B\":[1]}\n";
        assert_eq!(read(line), "{\"A\":\"1\",\"MESSAGE\" : \"\\u001b[m\\\"v\",\"B\":[1]}\n");
        assert_eq!(read("{\"MESSAGE\":[]}"), "{\"MESSAGE\":\"\"}");
    }

    #[test]
    fn everything_else_stays() {
        for text in [
            "",
            "{\"MESSAGE\":\"x\"}\n\nlast",
            "{\"MESSAGE\":[1,300]}",
            "\"MESSAGE\":[1",
            "\"MESSAGE\"",
        ] {
            assert_eq!(read(text), text);
        }
    }
}
