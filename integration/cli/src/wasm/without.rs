//! Replaces the check of WebAssembly in a build without Wasmtime.

use stackmap_report::{FunctionResult, Reason};

use super::settings::{Results, Settings};
use crate::input::Wasm;
use crate::session::Session;

/// Returns an error that states that this build cannot check WebAssembly.
pub(crate) fn check(_: &str, _: &[u8], _: Wasm, _: &Settings<'_>, _: &Session) -> Results {
    let reason = "is WebAssembly, and this stackmap-verify was built without the cargo \
                  feature `wasm`";
    Results::failed(FunctionResult::error(None, Reason::new(reason)))
}
