//! Functions that the spiller did not run on.
//!
//! The spiller runs if something is declared. Of a function whose only reference was forgotten it
//! logs nothing, but Wasmtime logs each function that it has translated, when the spiller is done
//! with it. If it was not run, that is the function before and after spilling.

use std::fmt::{self, Display, Write};

use log::Record;

/// The target of the record of a translated function, and its first words.
const TARGET: &str = "wasmtime_internal_cranelift::translate::func_translator";
const TRANSLATED: &str = "translated Wasm to CLIF:\n";

/// What stands in front of a function's name.
const FUNCTION: &str = "function ";

/// No name of a function of a module is longer, with what stands in front of it.
const HEAD: usize = 128;

/// Returns the text of a function that was translated, if `is_wanted` by its name; `None` for any
/// other record.
///
/// Cost: that of formatting it, up to the name if it is not wanted.
pub(crate) fn translated(
    record: &Record<'_>,
    is_wanted: impl FnOnce(&str) -> bool,
) -> Option<String> {
    if record.target() != TARGET {
        return None;
    }
    let mut head = Head(String::new());
    // An error means that there is enough.
    let _ = write!(head, "{}", record.args());
    let name = head.0.strip_prefix(TRANSLATED)?.strip_prefix(FUNCTION)?.split('(').next()?;
    is_wanted(name.trim()).then(|| whole(record.args()))
}

fn whole(text: &dyn Display) -> String {
    let mut text = text.to_string();
    text.drain(..TRANSLATED.len());
    text
}

/// Takes text up to the first bracket.
struct Head(String);

impl Write for Head {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.0.push_str(part);
        match self.0.len() > HEAD || part.contains('(') {
            true => Err(fmt::Error),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "translated Wasm to CLIF:\nfunction u0:3(i64 vmctx) tail {\n}\n";

    fn read(target: &str, text: fmt::Arguments<'_>, wanted: &str) -> Option<String> {
        let record = Record::builder().args(text).target(target).build();
        translated(&record, |name| name == wanted)
    }

    #[test]
    fn a_function_that_is_wanted() {
        let function = Some("function u0:3(i64 vmctx) tail {\n}\n".to_owned());
        assert_eq!(read(TARGET, format_args!("{TEXT}"), "u0:3"), function);
        assert_eq!(read(TARGET, format_args!("{TEXT}"), "u0:4"), None);
        assert_eq!(read("elsewhere", format_args!("{TEXT}"), "u0:3"), None);
        assert_eq!(read(TARGET, format_args!("translated nothing"), "u0:3"), None);
    }

    /// Formats as an error, which says that it is asked to format.
    struct Never;

    impl Display for Never {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("formatted")
        }
    }

    #[test]
    fn what_is_not_wanted_is_not_formatted() {
        let record = format_args!("{TRANSLATED}function u0:3(i64{Never}");
        let record = Record::builder().args(record).target(TARGET).build();
        assert_eq!(translated(&record, |_| false), None);
    }
}
