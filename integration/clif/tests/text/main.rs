//! The text reader.

mod layout;
mod names;
mod recovery;
mod refused;
mod strict;
mod taken;

use stackmap_clif::ast::Function;
use stackmap_clif::names::Names;
use stackmap_clif::text::read_function;

/// The body of a function with some declarations, from line 10 of a file.
fn with_body(body: &str) -> String {
    format!(
        "function %f(i32, i64) -> i32 system_v {{\n    \
         ss0 = explicit_slot 16, align = 4\n    \
         sig0 = (i32) -> i32, i64 uext system_v\n    \
         fn0 = colocated u0:1 sig0\n\
         block0(v0: i32, v1: i64):\n{body}}}\n"
    )
}

fn error(text: &str) -> String {
    match read_function(text, 10, &mut Names::default()) {
        Ok(_) => format!("read without error:\n{text}"),
        Err(error) => error.to_string(),
    }
}

/// The message for a function whose body starts at line 15.
#[track_caller]
fn refused(body: &str, message: &str) {
    assert_eq!(error(&with_body(body)), message, "{body}");
}

#[track_caller]
fn read<'t>(text: &'t str, names: &mut Names) -> Function<'t> {
    read_function(text, 1, names).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Reads a function without a look at it.
#[track_caller]
fn taken(text: &str) {
    read(text, &mut Names::default());
}
