//! Decompresses inputs, and converts text in other encodings to UTF-8.

use std::io::{self, BufRead, BufReader, Cursor, ErrorKind, Read};

use encoding_rs_io::DecodeReaderBytesBuilder;
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::FrameDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

use super::journal::Journal;

/// The first bytes of compressed streams.
const GZIP: &[u8] = b"\x1f\x8b";
const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";

/// The last three bytes of what begins a skippable frame of Zstandard, behind one from 0x50 to 0x5f. A
/// stream may begin with such a frame, as those of `pzstd` do.
const SKIPPABLE: &[u8] = b"\x2a\x4d\x18";

fn is_zstd(start: &[u8]) -> bool {
    let is_skippable = |(first, rest): (&u8, &[u8])| first >> 4 == 5 && rest.starts_with(SKIPPABLE);
    start.starts_with(ZSTD) || start.split_first().is_some_and(is_skippable)
}

/// The byte order marks of UTF-8 and of both kinds of UTF-16. Windows' PowerShell writes files with
/// them.
const BYTE_ORDER_MARKS: [&[u8]; 3] = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"];

/// The length in bytes of the longest of these.
const LONGEST: usize = 4;

/// Returns the content of a stream, decompressed and with text converted to UTF-8.
///
/// Only the first bytes are read here; errors in the rest occur when it is read.
pub(crate) fn decompressed<'i>(
    input: impl BufRead + Send + 'i,
) -> io::Result<Box<dyn BufRead + Send + 'i>> {
    let (start, input) = beginning(input)?;
    if start.starts_with(GZIP) {
        return decoded(BufReader::new(MultiGzDecoder::new(input)));
    }
    if is_zstd(&start) {
        return decoded(BufReader::new(Frames { decoder: FrameDecoder::new(), input }));
    }
    decoded(input)
}

/// Returns the content of a stream, converted to UTF-8.
fn decoded<'i>(input: impl BufRead + Send + 'i) -> io::Result<Box<dyn BufRead + Send + 'i>> {
    let (start, input) = beginning(input)?;
    if start.starts_with(b"{") {
        return Ok(Box::new(Journal::new(input)));
    }
    if !BYTE_ORDER_MARKS.iter().any(|mark| start.starts_with(mark)) {
        return Ok(Box::new(input));
    }
    let text = DecodeReaderBytesBuilder::new().strip_bom(true).build(input);
    Ok(Box::new(BufReader::new(text)))
}

/// Returns the first bytes of a stream, and a stream that begins with them.
fn beginning<'i>(
    mut input: impl BufRead + Send + 'i,
) -> io::Result<(Vec<u8>, impl BufRead + Send + 'i)> {
    let mut start = Vec::with_capacity(LONGEST);
    input.by_ref().take(LONGEST as u64).read_to_end(&mut start)?;
    Ok((start.clone(), Cursor::new(start).chain(input)))
}

/// A reader for consecutive Zstandard frames.
struct Frames<R> {
    decoder: FrameDecoder,
    input: R,
}

impl<R: BufRead> Frames<R> {
    /// Begins the next non-empty frame; returns false if there is none.
    fn next(&mut self) -> io::Result<bool> {
        while !self.input.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.input) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut skipped = self.input.by_ref().take(u64::from(length));
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(error) => return Err(io::Error::new(ErrorKind::InvalidData, error)),
            }
        }
        Ok(false)
    }

    /// Checks a frame's checksum, if it has one.
    fn check(&self) -> io::Result<()> {
        let stored = self.decoder.get_checksum_from_data();
        match stored.is_none() || stored == self.decoder.get_calculated_checksum() {
            true => Ok(()),
            false => Err(io::Error::new(ErrorKind::InvalidData, "the checksum is wrong")),
        }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use ruzstd::decoding::BlockDecodingStrategy::UptoBlocks;
        loop {
            if self.decoder.can_collect() > 0 {
                return self.decoder.read(buffer);
            }
            if !self.decoder.is_finished() {
                let blocks = self.decoder.decode_blocks(&mut self.input, UptoBlocks(1));
                blocks.map_err(io::Error::other)?;
                continue;
            }
            self.check()?;
            if !self.next()? {
                return Ok(0);
            }
        }
    }
}
