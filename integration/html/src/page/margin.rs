//! The places in the source that stand in front of lines of CLIF, and the margin that they need.

/// The number of blanks from which on a line is behind the margin: lines in front of the blocks are
/// indented by less.
const MARGIN: usize = 12;

/// The margin of a function's lines, which is as wide as it takes for the places in the source.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Margin {
    width: usize,
    has_places: bool,
}

/// A line in its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Split<'t> {
    /// The place in the source, `@002b`; empty if the line has none.
    pub(super) place: &'t str,
    pub(super) text: &'t str,
}

impl Margin {
    pub(super) fn of(lines: &[&str]) -> Self {
        let is_behind = |line: &&&str| indentation(line) >= MARGIN && !line.trim().is_empty();
        let width = lines.iter().filter(is_behind).map(|line| indentation(line)).min();
        let has_places = lines.iter().any(|line| !place(line).is_empty());
        Margin { width: width.unwrap_or(0), has_places }
    }

    /// Returns whether lines have a place in the source.
    pub(super) fn has_places(self) -> bool {
        self.has_places
    }

    /// Returns a line without the margin.
    pub(super) fn split(self, line: &str) -> Split<'_> {
        let place = place(line);
        let is_behind = indentation(line) >= self.width.max(MARGIN);
        match self.has_places && is_behind {
            true => Split { place, text: line.get(self.width..).unwrap_or_default() },
            false => Split { place: "", text: line },
        }
    }
}

/// Returns the place in the source in front of a line: `@` and a number.
fn place(line: &str) -> &str {
    let word = line.split(' ').next().unwrap_or_default();
    let is_number =
        |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    if word.strip_prefix('@').is_some_and(is_number) { word } else { "" }
}

/// Returns the number of bytes in front of the text of a line, the place in the source included.
fn indentation(line: &str) -> usize {
    let behind = &line[place(line).len()..];
    line.len() - behind.trim_start_matches(' ').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_margin_goes_and_the_place_stays() {
        let lines = [
            "function u0:0() {",
            "    ss0 = explicit_slot 4",
            "",
            "                                block0:",
            "@005c                               v1 = call fn0()",
            "                                    return",
            "}",
        ];
        let margin = Margin::of(&lines);
        let split: Vec<_> = lines.iter().map(|line| margin.split(line)).collect();
        assert_eq!(split[1], Split { place: "", text: "    ss0 = explicit_slot 4" });
        assert_eq!(split[3], Split { place: "", text: "block0:" });
        assert_eq!(split[4], Split { place: "@005c", text: "    v1 = call fn0()" });
        assert_eq!(split[5], Split { place: "", text: "    return" });
        assert_eq!(split[6], Split { place: "", text: "}" });
    }

    #[test]
    fn lines_without_places_stay_as_they_are() {
        for line in
            ["@", "@x                          y", "                   y", "@é", "ééééééééé"]
        {
            let margin = Margin::of(&[line]);
            assert_eq!(margin.split(line), Split { place: "", text: line });
        }
        let odd = ["@1", "@22                ", "@333            é"];
        let margin = Margin::of(&odd);
        assert_eq!(margin.split(odd[0]).text, "@1");
        assert_eq!(margin.split(odd[2]), Split { place: "@333", text: "é" });
    }
}
