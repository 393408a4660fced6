//! The core modules in a component.

use std::ops::Range;

use wasmparser::{Parser, Payload, Validator, WasmFeatures};

use crate::WasmError;
use crate::error::first_line;

/// Returns the bytes of each core module in a component, and in the components in it, in order.
///
/// # Errors
///
/// [`WasmError::InvalidComponent`] if the component is not valid.
///
/// Cost: that of validating the component.
pub(crate) fn core_modules(component: &[u8]) -> Result<Vec<&[u8]>, WasmError> {
    let invalid = |error: wasmparser::BinaryReaderError| {
        WasmError::InvalidComponent(first_line(error.message()))
    };
    Validator::new_with_features(WasmFeatures::all()).validate_all(component).map_err(invalid)?;
    let mut ranges: Vec<Range<usize>> = Vec::new();
    // The parser goes into the components and modules that it finds.
    for payload in Parser::new(0).parse_all(component) {
        if let Payload::ModuleSection { unchecked_range, .. } = payload.map_err(invalid)? {
            ranges.push(unchecked_range);
        }
    }
    Ok(ranges.into_iter().filter_map(|range| component.get(range)).collect())
}
