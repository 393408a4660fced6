//! Names of functions as users give them.

/// Returns whether a function has the name that is asked for, with or without `%`.
pub fn is_named(name: &str, wanted: &str) -> bool {
    name == wanted || name.strip_prefix('%') == Some(wanted)
}
