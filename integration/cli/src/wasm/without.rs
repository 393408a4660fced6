//! This command has no Wasmtime.

use super::{Results, Settings};
use crate::input::Wasm;
use crate::outcome::{Checked, Reason};
use crate::session::Session;

/// Says so.
pub(crate) fn check(input: &str, _: &[u8], _: Wasm, _: &Settings, _: &Session) -> Results {
    let reason = "is WebAssembly, and this stackmap-verify was built without the cargo \
                  feature `wasm`";
    Results::failed(Checked::error(input, None, Reason::new(reason)))
}
