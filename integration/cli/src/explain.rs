//! `stackmap-verify explain`.

use std::io::{self, ErrorKind};

use stackmap_verifier::findings::{Code, UnknownCode};

use crate::args::Explain;
use crate::streams::Streams;

/// Prints the explanation of a code, or the list of codes.
pub(crate) fn run(explain: &Explain, streams: &mut Streams<'_>) -> io::Result<u8> {
    let out = &mut *streams.output;
    match &explain.code {
        Some(text) => {
            let code: Code = text
                .parse()
                .map_err(|e: UnknownCode| io::Error::new(ErrorKind::InvalidInput, e))?;
            writeln!(out, "{code} {} ({})\n", code.name(), code.severity())?;
            write!(out, "{}", code.explain())?;
        }
        None => {
            for code in Code::ALL {
                let summary = code.explain().lines().next().unwrap_or_default();
                writeln!(out, "{code} {}: {summary}", code.name())?;
            }
        }
    }
    Ok(0)
}
