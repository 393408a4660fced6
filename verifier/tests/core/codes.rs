//! The codes of findings, as text.

use stackmap_verifier::findings::{Code, Severity};

#[test]
fn a_code_is_read_by_code_or_name_in_any_case() {
    for &code in Code::ALL {
        assert_eq!(code.to_string(), code.code());
        for text in [code.code(), code.name()] {
            assert_eq!(text.parse(), Ok(code));
            assert_eq!(text.to_ascii_uppercase().parse(), Ok(code));
            assert_eq!(text.to_ascii_lowercase().parse(), Ok(code));
        }
    }
    let unknown = "SM000".parse::<Code>().expect_err("there is none");
    assert!(unknown.to_string().contains("`SM000`"), "{unknown}");
}

#[test]
fn severities_are_words() {
    assert_eq!(Severity::Error.to_string(), "error");
    assert_eq!(Severity::Warning.to_string(), "warning");
}
