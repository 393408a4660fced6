//! Pairs from recorded logs.

use std::path::Path;

use super::Base;
use crate::judge::{Reader, read_function};

const VERSIONS: [(&str, Reader); 5] = [
    ("0.111.0", Reader::V0132),
    ("0.123.0", Reader::V0132),
    ("0.131.0", Reader::V0132),
    ("0.134.0", Reader::V0135),
    ("0.137.1", Reader::V0135),
];

const DECLARE: &str = ";! declare";
const BEFORE: &str = "before inserting safepoint spills and reloads:\n";
const AFTER: &str = "after inserting safepoint spills and reloads:\n";

pub(super) fn all() -> Vec<Base> {
    VERSIONS.iter().flat_map(|&(version, reader)| of(version, reader)).collect()
}

fn of(version: &str, reader: Reader) -> Vec<Base> {
    let logs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus/verified");
    let log = logs.join(format!("cranelift-{version}.log"));
    let log = std::fs::read_to_string(log).expect("a recorded log");
    let mut bases = Vec::new();
    for record in log.split(DECLARE).skip(1) {
        let (declared, record) = record.split_once('\n').expect("lines");
        let declared =
            declared.split_whitespace().filter_map(|v| v.strip_prefix('v')?.parse().ok());
        let text = |title: &str| {
            let (_, text) = record.split_once(title).expect("a record");
            let end = text.find("\n}\n").expect("the end of a function");
            text[..end + 3].to_owned()
        };
        let before = text(BEFORE);
        let after = text(AFTER);
        let memory = match reader {
            Reader::V0132 => None,
            Reader::V0135 => read_function(&before).ok().zip(read_function(&after).ok()),
        };
        let name = before.split(['%', '(']).nth(1).unwrap_or_default();
        bases.push(Base {
            name: format!("{name} {version}"),
            version: version.to_owned(),
            reader,
            declared: declared.collect(),
            after,
            before,
            has_text: true,
            memory,
        });
    }
    bases
}
