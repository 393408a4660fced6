//! Floats in CLIF: hexadecimal, exact, or a name. A number that the format cannot represent exactly
//! is an error, as in cranelift-reader.

/// The formats of IEEE 754 for which CLIF has constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Half,
    Single,
    Double,
    Quadruple,
}

impl Format {
    /// Returns the number of bits of the exponent, and of the significand without its first bit.
    fn widths(self) -> (u32, u32) {
        match self {
            Format::Half => (5, 10),
            Format::Single => (8, 23),
            Format::Double => (11, 52),
            Format::Quadruple => (15, 112),
        }
    }

    /// Returns whether the text is a float that this format represents exactly.
    pub(super) fn holds(self, text: &str) -> bool {
        let text = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (_, fraction) = self.widths();
        let payload = |digits| {
            let payload = u128::from_str_radix(digits, 16).ok();
            payload.filter(|&payload| payload < 1 << (fraction - 1))
        };
        match text {
            "0.0" | "Inf" | "NaN" => true,
            _ => {
                let quiet = text.strip_prefix("NaN:0x").and_then(payload);
                let signalling = text.strip_prefix("sNaN:0x").and_then(payload);
                let number = text.strip_prefix("0x").and_then(Number::read);
                quiet.is_some()
                    || signalling.is_some_and(|payload| payload > 0)
                    || number.is_some_and(|number| self.holds_number(number))
            }
        }
    }

    fn holds_number(self, number: Number) -> bool {
        let Number { significand, exponent } = number;
        if significand == 0 {
            return true;
        }
        let (width, fraction) = self.widths();
        // The number is `significand * 2^exponent`, and its last bit is a one.
        let trailing = significand.trailing_zeros();
        let length = (significand >> trailing).ilog2();
        let bias = (1i64 << (width - 1)) - 1;
        let last = exponent + i64::from(trailing);
        let first = last + i64::from(length);
        let smallest = 1 - bias - i64::from(fraction);
        length <= fraction && first <= bias && last >= smallest
    }
}

/// Returns whether two texts are the same number, in whatever way it is written: `0x1.8` and
/// `0x1.80p0`. Names, such as `NaN`, are not numbers.
pub(super) fn are_same(a: &str, b: &str) -> bool {
    let read = |text: &str| {
        let negative = text.starts_with('-');
        let text = text.strip_prefix(['-', '+']).unwrap_or(text);
        let number = match text {
            "0.0" => Some(Number { significand: 0, exponent: 0 }),
            _ => text.strip_prefix("0x").and_then(Number::read),
        };
        Some((negative, number?.reduced()))
    };
    read(a).is_some_and(|a| read(b) == Some(a))
}

/// The value of a hexadecimal float: `significand * 2^exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Number {
    significand: u128,
    exponent: i64,
}

impl Number {
    /// Reads `1.8p-3`, behind the `0x`.
    fn read(text: &str) -> Option<Number> {
        let (digits, exponent) = match text.split_once('p') {
            Some((digits, exponent)) => (digits, i64::from(exponent.parse::<i16>().ok()?)),
            None => (text, 0),
        };
        let (whole, fraction) = digits.split_once('.')?;
        let count = whole.len() + fraction.len();
        if count == 0 || count > 32 {
            return None;
        }
        let mut significand = 0;
        for digit in whole.chars().chain(fraction.chars()) {
            significand = significand << 4 | u128::from(digit.to_digit(16)?);
        }
        let behind = i64::try_from(fraction.len()).ok()?;
        Some(Number { significand, exponent: exponent - 4 * behind })
    }

    /// Returns the same value with an odd significand, or with zeros.
    fn reduced(self) -> Number {
        let Number { significand, exponent } = self;
        match significand.trailing_zeros() {
            u128::BITS => Number { significand: 0, exponent: 0 },
            zeros => {
                Number { significand: significand >> zeros, exponent: exponent + i64::from(zeros) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Format::{Double, Half, Quadruple, Single};
    use super::are_same;

    #[test]
    fn what_a_format_holds() {
        for text in ["0.0", "-0.0", "Inf", "+Inf", "NaN", "-NaN:0x1", "sNaN:0x1", "0x1.8p-3"] {
            for format in [Half, Single, Double, Quadruple] {
                assert!(format.holds(text), "{text} {format:?}");
            }
        }
        assert!(Single.holds("0x1.fffffep127") && !Single.holds("0x1.ffffffp127"));
        assert!(!Single.holds("0x1.0p128") && Double.holds("0x1.0p128"));
        assert!(Single.holds("0x0.000002p-126") && !Single.holds("0x0.000001p-126"));
        assert!(Half.holds("0x1.ffcp15") && !Half.holds("0x1.0p16"));
        assert!(Half.holds("NaN:0x1ff") && !Half.holds("NaN:0x200"));
        assert!(Quadruple.holds("0x1.ffffffffffffffffffffffffffffp16383"));
    }

    #[test]
    fn numbers_written_in_several_ways() {
        for (a, b) in [
            ("-0x1.0000000000000p0", "-0x1."),
            ("0x1.8p-3", "+0x3.p-4"),
            ("0.0", "0x0.00p5"),
            ("-0.0", "-0x0.0"),
        ] {
            assert!(are_same(a, b) && are_same(b, a), "{a} {b}");
        }
        for (a, b) in [
            ("0x1.0p0", "-0x1.0p0"),
            ("0.0", "-0.0"),
            ("0x1.8p0", "0x1.8p1"),
            ("0x1.8p0", "0x1.80001p0"),
            ("NaN", "NaN"),
            ("0x1.0", "0x1"),
            ("1", "1"),
        ] {
            assert!(!are_same(a, b), "{a} {b}");
        }
    }

    #[test]
    fn what_is_no_float() {
        for text in
            ["", "1.0", "0", "0x", "0x.", "0x1.0p", "0x1.0p+3.", "0x1..0", "0x18p-3", "nan", "sNaN"]
        {
            assert!(!Double.holds(text), "{text}");
        }
        assert!(!Double.holds("sNaN:0x0") && !Double.holds("0x1.0p99999"));
        assert!(!Quadruple.holds(&format!("0x{}.0", "0".repeat(32))));
    }
}
