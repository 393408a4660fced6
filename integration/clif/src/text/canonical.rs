//! Signatures in one form, so that those that mean the same are equal.
//!
//! Cranelift prints one form of each. A text that was written otherwise may leave the calling
//! convention out, which stands for `fast`, or say more than one thing of a parameter: the last
//! extension and the last purpose are what it has.

use super::compare::words;
use super::cursor::Cursor;
use super::error::SyntaxError;
use super::lexer::Kind;
use super::numbers::unsigned32;
use super::signature::numbered;

/// Returns a function's header: its name, as it is, and its signature.
pub(super) fn header(name: &str, header: &str) -> String {
    let signature = header.strip_prefix(name).and_then(canonical);
    signature.map_or_else(|| words(header), |signature| format!("{name}{signature}"))
}

/// Returns what a declaration says, if it is that of a signature, or of a function with a signature
/// of its own.
pub(super) fn declaration(name: &str, text: &str) -> Option<String> {
    match numbered(name)?.0 {
        "sig" => canonical(text),
        "fn" => {
            let start = text.find('(')?;
            let mut cursor = Cursor::new(&text[..start], 1);
            let mut said = String::new();
            for flag in ["colocated ", "patchable "] {
                if cursor.eat_word(flag.trim_end()).ok()? {
                    said += flag;
                }
            }
            let name = cursor.peek().ok()??.start;
            cursor.external_name().ok()?;
            said += cursor.between(name, cursor.end());
            // Other names may contain anything, this bracket included.
            let is_plain = cursor.peek().ok()?.is_none();
            let signature = canonical(&text[start..]).filter(|_| is_plain)?;
            Some(said + &signature)
        }
        _ => None,
    }
}

/// Returns a signature in the form that Cranelift prints.
fn canonical(text: &str) -> Option<String> {
    let mut cursor = Cursor::new(text, 1);
    let signature = read(&mut cursor).ok()?;
    cursor.peek().ok()?.is_none().then_some(signature)
}

fn read(cursor: &mut Cursor<'_>) -> Result<String, SyntaxError> {
    cursor.expect('(', "`(`")?;
    let mut signature = "(".to_owned();
    if cursor.peek_kind()? != Some(Kind::Punct(')')) {
        signature += &parameters(cursor)?;
    }
    cursor.expect(')', "`)`")?;
    signature.push(')');
    if cursor.peek_kind()? == Some(Kind::Arrow) {
        cursor.next()?;
        signature += " -> ";
        signature += &parameters(cursor)?;
    }
    signature.push(' ');
    match cursor.plain_word()? {
        Some(convention) => {
            cursor.next()?;
            signature += convention.text;
        }
        None => signature += "fast",
    }
    Ok(signature)
}

fn parameters(cursor: &mut Cursor<'_>) -> Result<String, SyntaxError> {
    let mut all = String::new();
    loop {
        all += &cursor.r#type("a type")?.to_string();
        let (mut extension, mut purpose) = (String::new(), String::new());
        while let Some(word) = cursor.plain_word()? {
            match word.text {
                "uext" | "sext" => extension = format!(" {}", word.text),
                "normal" => purpose.clear(),
                "sret" | "vmctx" | "sarg" => purpose = format!(" {}", word.text),
                _ => break,
            }
            cursor.next()?;
            if word.text == "sarg" {
                cursor.expect('(', "`(`")?;
                let size = unsigned32(&cursor.expect_kind(Kind::Number, "a size")?)?;
                cursor.expect(')', "`)`")?;
                purpose += &format!("({size})");
            }
        }
        all += &extension;
        all += &purpose;
        if !cursor.eat(',')? {
            return Ok(all);
        }
        all += ", ";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_for_what_means_the_same() {
        for (a, b) in [
            ("()", "() fast"),
            ("(i64)->i32", "( i64 ) -> i32 fast"),
            ("(i64 vmctx normal)", "(i64) fast"),
            ("(i8 sext uext sret)", "(i8 sret uext uext) fast"),
            ("(i64 sarg(8) sarg(16))", "(i64 sarg(0x10)) fast"),
            ("() -> i8 sext sext, i8", "() -> i8 sext, i8 fast"),
        ] {
            assert_eq!(canonical(a).expect(a), canonical(b).expect(b));
        }
    }

    #[test]
    fn what_means_something_else_differs() {
        for (a, b) in [
            ("()", "() tail"),
            ("(i64)", "() -> i64"),
            ("(i64 uext)", "(i64 sext)"),
            ("(i8 sext uext)", "(i8 uext sext)"),
            ("(i64 vmctx, i64)", "(i64, i64 vmctx)"),
            ("(i64 sarg(8))", "(i64 sarg(16))"),
            ("(i64 sarg(8))", "(i64)"),
        ] {
            assert_ne!(canonical(a).expect(a), canonical(b).expect(b));
        }
    }

    #[test]
    fn functions_with_signatures_of_their_own() {
        let said = |text| declaration("fn0", text);
        assert_eq!(said("colocated %f(i64)"), said("colocated  %f (i64) fast"));
        assert_ne!(said("%f(i64)"), said("colocated %f(i64)"));
        assert_ne!(said("%f(i64)"), said("%g(i64)"));
        assert_eq!(said("%f sig0"), None);
        assert_eq!(declaration("gv0", "vmctx"), None);
        assert_eq!(header("%f", "%f(i64 uext uext)"), header("%f", "%f (i64 uext) fast"));
        assert_ne!(header("%f", "%f()"), header("u0:1", "u0:1()"));
    }
}
