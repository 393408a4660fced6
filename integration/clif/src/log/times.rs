//! Times in front of lines: the numbers that differ from one line of a record to the next.
//!
//! All other numbers in front of a line, such as that of a process, say whose line it is.

/// The English abbreviations of the months.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The characters of a time in numbers.
fn is_of_time(char: char) -> bool {
    char.is_ascii_digit() || matches!(char, ':' | '.' | ',' | '-' | '/' | '+' | 'T' | 'Z')
}

/// A maximal sequence of characters that times are made of.
struct Span<'t> {
    text: &'t str,
    /// The numbers in it, and the characters between them.
    numbers: Vec<&'t str>,
    separators: Vec<&'t str>,
}

impl<'t> Span<'t> {
    fn new(text: &'t str) -> Span<'t> {
        let is_digit = |char: char| char.is_ascii_digit();
        let numbers: Vec<&str> = text.split(|c| !is_digit(c)).filter(|n| !n.is_empty()).collect();
        let inner = text.trim_matches(|char| !is_digit(char));
        let separators = inner.split(is_digit).filter(|s| !s.is_empty()).collect();
        Span { text, numbers, separators }
    }

    /// Returns whether this is a time: `09:59:59`, a date, the seconds since some moment with at
    /// least three decimal places, or the time of Unix.
    fn is_time(&self) -> bool {
        let lengths: Vec<usize> = self.numbers.iter().map(|number| number.len()).collect();
        let thrice = lengths.windows(3).zip(self.separators.windows(2));
        let mut thrice = thrice.filter(|(_, between)| between[0] == between[1]);
        let is_clock_or_date = thrice.any(|(lengths, between)| match between[0] {
            ":" => lengths[1..] == [2, 2],
            "-" | "." => matches!(lengths, [4, 2, 2] | [2, 2, 4]),
            "/" => matches!(lengths, [4, 2, 2] | [2, 2, 4] | [2, 2, 2]),
            _ => false,
        });
        is_clock_or_date
            || matches!(lengths[..], [_, places] if places >= 3)
                && matches!(self.separators[..], ["." | ","])
            || matches!(lengths[..], [digits] if digits >= 10)
    }
}

/// Returns the parts of a text in order, each with whether it is a time.
pub(super) fn parts(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = text;
    let mut end = 0;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_other = |char: char| is_of_time(char) != is_of_time(first);
        let (part, after) = rest.split_at(rest.find(is_other).unwrap_or(rest.len()));
        let before = &text[..end];
        end += part.len();
        rest = after;
        let span = Span::new(part);
        Some((part, is_of_time(first) && (span.is_time() || is_day(before, &span, after))))
    })
}

/// Returns whether a number of at most two digits stands beside the name of a month: a day.
fn is_day(before: &str, span: &Span<'_>, after: &str) -> bool {
    let is_between = |char: char| char.is_whitespace() || matches!(char, '-' | '/');
    let [number] = span.numbers[..] else { return false };
    let follows = MONTHS.iter().any(|month| before.trim_end_matches(is_between).ends_with(month));
    let leads = MONTHS.iter().any(|month| after.trim_start_matches(is_between).starts_with(month));
    number.len() <= 2 && span.text.trim_matches(is_between) == number && (follows || leads)
}

#[cfg(test)]
mod tests {
    use super::parts;

    fn times(text: &str) -> Vec<&str> {
        parts(text).filter(|&(_, is_time)| is_time).map(|(part, _)| part).collect()
    }

    #[test]
    fn times_are_told_from_other_numbers() {
        assert_eq!(times("2026-11-27T09:59:59.123456789Z "), ["2026-11-27T09:59:59.123456789Z"]);
        assert_eq!(times("Nov  7 09:59:59 host app[17]: "), ["7", "09:59:59"]);
        assert_eq!(times("[ 1234.567890] kernel: "), ["1234.567890"]);
        assert_eq!(times("27/Nov/2026:09:59:59 +0100 "), ["27/", "/2026:09:59:59"]);
        assert_eq!(times("1732788000123 | "), ["1732788000123"]);
        assert_eq!(times("2026/11/27 "), ["2026/11/27"]);
        assert_eq!(times("12:00:01 web.1  | "), ["12:00:01"]);
    }

    #[test]
    fn whose_a_line_is_is_no_time() {
        for text in [
            "app-1  | ",
            "host app[4711]: ",
            "0: ",
            "[1,3]<stdout>: ",
            "10.20.30.40 ",
            "ip-10-20-30-40 ",
            "web.1 | ",
        ] {
            assert_eq!(times(text), [""; 0], "{text}");
        }
    }
}
