//! This command has no Wasmtime.

use std::io;

use super::{Results, Settings};
use crate::input::Wasm;
use crate::outcome::{Checked, Reason};
use crate::session::Session;

/// Says so.
pub(crate) fn check(
    input: &str,
    _: &[u8],
    _: Wasm,
    _: &Settings,
    _: &Session,
) -> io::Result<Results> {
    let reason = "is WebAssembly, and this stackmap-verify was built without the cargo \
                  feature `wasm`";
    Ok(Results::failed(Checked::error(input, None, Reason::new(reason))))
}
