//! Locations in the input.

use std::path::{MAIN_SEPARATOR_STR, Path};

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_sarif::sarif::{ArtifactLocation, Location, LogicalLocation, PhysicalLocation, Region};

use super::message::message;
use crate::printed::{Event, VisitedBlock};
use crate::record::Record;

/// The characters that must be escaped in the path of a URI.
const NOT_IN_PATHS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b':')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Returns the location of an event, with its description.
pub(super) fn of_event(record: &Record, event: &Event, id: Option<i64>) -> Location {
    let region = record.lines_of_input().then(|| region(event)).flatten();
    let text = match record.lines_of_input() {
        true => event.text.clone(),
        false => match event.line {
            Some(line) => format!("{} (line {line} of {})", event.text, record.shown_path()),
            None => event.text.clone(),
        },
    };
    at(record, region, Some(text), id)
}

/// Returns the location of a block of a path.
pub(super) fn of_block(record: &Record, block: &VisitedBlock, text: String) -> Location {
    let line = block.line.filter(|_| record.lines_of_input());
    at(record, line.map(start), Some(text), None)
}

/// Returns the location of a function that could not be judged.
pub(super) fn of_reason(record: &Record) -> Location {
    let region = record.line.map(|line| {
        let mut region = start(line);
        region.start_column = record.column.map(i64::from);
        region
    });
    at(record, region, None, None)
}

fn at(record: &Record, region: Option<Region>, text: Option<String>, id: Option<i64>) -> Location {
    let physical = PhysicalLocation::builder()
        .artifact_location(ArtifactLocation::builder().uri(uri(&record.input)).build())
        // Code scanning does not show results without a line.
        .region(region.unwrap_or_else(|| start(1)))
        .build();
    let mut location = Location::builder().physical_location(physical).build();
    location.id = id;
    location.message = text.map(message);
    location.logical_locations = record.function.as_ref().map(|function| {
        vec![LogicalLocation::builder().name(function.as_str()).kind("function").build()]
    });
    location
}

fn region(event: &Event) -> Option<Region> {
    let mut region = start(event.line?);
    region.start_column = event.column.map(i64::from);
    let end = event.column.zip(event.length);
    region.end_column = end.map(|(column, length)| i64::from(column) + i64::from(length));
    Some(region)
}

fn start(line: u32) -> Region {
    Region::builder().start_line(i64::from(line)).build()
}

/// Returns a path as a URI: a relative path stays relative to the root of the sources.
fn uri(path: &str) -> String {
    let slashed = path.replace(MAIN_SEPARATOR_STR, "/");
    let encoded = utf8_percent_encode(&slashed, NOT_IN_PATHS).to_string();
    match Path::new(path).is_absolute() {
        true => format!("file:///{}", encoded.trim_start_matches('/')),
        false => encoded.strip_prefix("./").map_or(encoded.clone(), str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("a/b c%d.log"), "a/b%20c%25d.log");
        assert_eq!(uri("./a.log"), "a.log");
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
        assert_eq!(uri("u0:1.log"), "u0%3A1.log");
    }

    #[cfg(unix)]
    #[test]
    fn an_absolute_path_names_a_file() {
        assert_eq!(uri("/a/b.log"), "file:///a/b.log");
    }
}
