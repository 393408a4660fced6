//! Whether to use colours where nobody says.

use std::ffi::OsStr;

/// Returns whether the variables of the environment, and what the terminal is, ask for colours on
/// a stream: `NO_COLOR` counts most, then `CLICOLOR_FORCE` and `FORCE_COLOR`, then `CLICOLOR=0`, then
/// whether the stream is a terminal that knows colours, which is not the case with `TERM=dumb`.
pub fn wants_color(is_terminal: bool) -> bool {
    if anstyle_query::no_color() {
        return false;
    }
    let is_set = |name| std::env::var_os(name).is_some_and(|value| is_set(&value));
    if is_set("CLICOLOR_FORCE") || is_set("FORCE_COLOR") {
        return true;
    }
    anstyle_query::clicolor() != Some(false) && is_terminal && knows_color()
}

/// Returns whether the terminal, if there is one, knows colours and how to move its cursor.
pub fn knows_color() -> bool {
    anstyle_query::term_supports_color()
}

/// Returns whether the value of a variable turns something on. `CLICOLOR_FORCE=0` does not, which
/// `anstyle_query` takes for a force.
fn is_set(value: &OsStr) -> bool {
    !value.is_empty() && value != "0" && value != "false"
}
