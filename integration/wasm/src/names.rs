//! Takes the names of functions out of a module.
//!
//! Wasmtime makes file names of them, and they may be anything, slashes included. What
//! is compiled does not depend on them.

use std::borrow::Cow;
use std::ops::Range;

use wasmparser::{Parser, Payload};

/// A module without its name sections. What does not parse stays as it is.
pub(crate) fn without_names(wasm: &[u8]) -> Cow<'_, [u8]> {
    let mut ranges = Vec::new();
    // Sections follow each other, each with its own header before its contents.
    let mut end = 0;
    for payload in Parser::new(0).parse_all(wasm).map_while(Result::ok) {
        let section = payload.as_section().map(|(_, range)| range);
        let version = || of_version(&payload);
        let Some(section) = section.or_else(version) else { continue };
        if let Payload::CustomSection(custom) = &payload
            && custom.name() == "name"
        {
            ranges.push(end..section.end);
        }
        end = section.end;
    }
    if ranges.is_empty() {
        return Cow::Borrowed(wasm);
    }
    let mut kept = wasm.to_vec();
    for range in ranges.into_iter().rev() {
        kept.drain(range);
    }
    Cow::Owned(kept)
}

/// The range of what a module begins with.
fn of_version(payload: &Payload<'_>) -> Option<Range<usize>> {
    let Payload::Version { range, .. } = payload else { return None };
    Some(range.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(text: &str) -> Vec<u8> {
        let buffer = wast::parser::ParseBuffer::new(text).unwrap();
        wast::parser::parse::<wast::Wat<'_>>(&buffer).unwrap().encode().unwrap()
    }

    #[test]
    fn names_go_and_the_rest_stays() {
        let named = module(r#"(module (func $a/b (export "f")) (@custom "other" "names"))"#);
        let unnamed = module(r#"(module (func (export "f")) (@custom "other" "names"))"#);
        assert_ne!(named, unnamed);
        assert_eq!(without_names(&named), unnamed);
        assert_eq!(without_names(&unnamed), unnamed);
    }

    #[test]
    fn what_is_no_module_stays_as_it_is() {
        assert_eq!(without_names(b"hello"), &b"hello"[..]);
    }
}
