//! Writers whose errors say what could not be written.

use std::io::{self, Write};

/// A writer to something with a name. Its errors keep their kinds.
pub(crate) struct Named<'n, W> {
    inner: W,
    name: &'n str,
}

impl<'n, W: Write> Named<'n, W> {
    pub(crate) fn new(inner: W, name: &'n str) -> Self {
        Named { inner, name }
    }

    pub(crate) fn get_ref(&self) -> &W {
        &self.inner
    }

    fn named<T>(&self, result: io::Result<T>) -> io::Result<T> {
        result.map_err(|error| {
            io::Error::new(error.kind(), format!("{} cannot be written: {error}", self.name))
        })
    }
}

impl<W: Write> Write for Named<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes);
        self.named(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.inner.flush();
        self.named(flushed)
    }
}
