//! Numbers as accepted by cranelift-reader: numbers that are out of range or malformed are rejected
//! in the same places.

use super::error::{SyntaxError, SyntaxProblem};
use super::lexer::Token;

/// Reads digits without a sign: decimal, or hexadecimal of at most 16 digits, with
/// underscores anywhere.
pub(super) fn unsigned64(text: &str) -> Option<u64> {
    let (radix, text) = match text.strip_prefix("0x") {
        Some(text) => (16, text),
        None => (10, text),
    };
    let (mut value, mut digits) = (0u64, 0);
    for digit in text.bytes().filter(|&byte| byte != b'_') {
        let digit = char::from(digit).to_digit(radix)?;
        digits += 1;
        if radix == 16 && digits > 16 {
            return None;
        }
        value = value.checked_mul(u64::from(radix))?.checked_add(u64::from(digit))?;
    }
    (digits > 0).then_some(value)
}

/// Reads a number of 64 bits with or without a sign, from -2^63 to 2^64 - 1.
pub(super) fn signed64(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let value = unsigned64(digits)?.cast_signed();
    match negative {
        false => Some(value),
        true => Some(value.wrapping_neg()).filter(|&value| value <= 0),
    }
}

/// Reads a number of this many bits, at most 32, with or without a sign. It may be in the range of
/// signed or of unsigned numbers.
pub(super) fn bits(text: &str, bits: u32) -> Option<u64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let value = match digits.strip_prefix("0x") {
        Some(_) => unsigned64(digits)?,
        None => digits.parse().ok()?,
    };
    let limit = if negative { 1 << (bits - 1) } else { (1 << bits) - 1 };
    (value <= limit).then_some(value)
}

/// Reads `+8` or `-0x10`, a signed offset of 32 bits.
pub(super) fn offset32(token: &Token<'_>) -> Result<i64, SyntaxError> {
    let offset = signed64(token.text).filter(|&offset| i32::try_from(offset).is_ok());
    offset.ok_or_else(|| not(token, "an offset of 32 bits"))
}

/// Reads an unsigned number of 32 bits.
pub(super) fn unsigned32(token: &Token<'_>) -> Result<u32, SyntaxError> {
    let number = signed64(token.text).and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| not(token, "a number of 32 bits"))
}

/// Checks a source location, `@0050`.
pub(super) fn location(token: &Token<'_>) -> Result<(), SyntaxError> {
    let digits = token.text.trim_start_matches('@');
    match u32::from_str_radix(digits, 16) {
        Ok(_) => Ok(()),
        Err(_) => Err(not(token, "a source location of 32 bits")),
    }
}

/// Returns whether this is a decimal number of 32 bits.
pub(super) fn is_decimal32(text: &str) -> bool {
    text.parse::<u32>().is_ok()
}

/// Returns whether this is an unsigned number of 8 bits: a lane, or a shift of lanes.
pub(super) fn is_unsigned8(text: &str) -> bool {
    match text.strip_prefix("0x") {
        Some(digits) => u8::from_str_radix(digits, 16).is_ok(),
        None => text.parse::<u8>().is_ok(),
    }
}

/// Returns the size of a hexadecimal constant in bytes, at most 16.
pub(super) fn constant_bytes(text: &str) -> Option<u32> {
    let digits = text.strip_prefix("0x")?.bytes().filter(|&byte| byte != b'_');
    let mut count = 0;
    for digit in digits {
        count += u32::from(digit.is_ascii_hexdigit());
        if !digit.is_ascii_hexdigit() || count > 32 {
            return None;
        }
    }
    (count > 0 && count % 2 == 0).then_some(count / 2)
}

/// Returns an error for a token that is not the expected one.
pub(super) fn not(token: &Token<'_>, wanted: &'static str) -> SyntaxError {
    token.error(SyntaxProblem::NotA { text: token.shown(), wanted })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_64_bits() {
        assert_eq!(signed64("-8"), Some(-8));
        assert_eq!(signed64("+0x1_0000"), Some(65536));
        assert_eq!(signed64("9223372036854775808"), Some(i64::MIN));
        assert_eq!(signed64("-9223372036854775808"), Some(i64::MIN));
        assert_eq!(signed64("0xffff_ffff_ffff_fff8"), Some(-8));
        let wrong = [
            "-9223372036854775809",
            "18446744073709551616",
            "0x",
            "-",
            "12a",
            "_",
            "",
            "0x00000000000000000",
        ];
        wrong.into_iter().for_each(|text| assert_eq!(signed64(text), None, "{text}"));
        assert_eq!(unsigned64("-8"), None);
    }

    #[test]
    fn numbers_of_few_bits() {
        for (text, value) in [("255", 255), ("-128", 128), ("0x7f", 127), ("+3", 3), ("-0", 0)] {
            assert_eq!(bits(text, 8), Some(value), "{text}");
        }
        for text in ["256", "-129", "0x100", "1_0", "", "-", "0x"] {
            assert_eq!(bits(text, 8), None, "{text}");
        }
        assert_eq!(bits("4294967295", 32), Some(4_294_967_295));
        assert_eq!(bits("-2147483649", 32), None);
    }

    #[test]
    fn lanes_and_constants() {
        assert!(is_unsigned8("255") && is_unsigned8("0xff"));
        assert!(!is_unsigned8("256") && !is_unsigned8("-1") && !is_unsigned8("0x100"));
        assert_eq!(constant_bytes("0x0001_02"), Some(3));
        assert_eq!(constant_bytes("0x00000000000000000000000000000000"), Some(16));
        for text in ["0x", "0x0", "00", "0x0g", "0x0000000000000000000000000000000000"] {
            assert_eq!(constant_bytes(text), None, "{text}");
        }
    }
}
