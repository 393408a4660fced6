//! Logs of several threads whose records do not name their thread.

use crate::Pair;

/// The amount of text that the functions of a log share besides the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texts {
    /// Everything.
    Equal,
    /// All but the name of the function that they call.
    Different,
}

/// A log of `count` threads that each compile one function of the same name: first all records
/// of declared values, then all functions before, then all functions after.
pub fn threads(count: usize, texts: Texts) -> String {
    let target = "TRACE cranelift_frontend::frontend::safepoints > ";
    let mut log = String::new();
    let mut record = |what: &str, text: &str| {
        log.push_str(target);
        log.push_str(what);
        log.push_str(text);
        log.push('\n');
    };
    let Pair { declared, before, after } = crate::straight(1);
    let set: Vec<String> = declared.iter().map(|value| format!("v{value}")).collect();
    let number = |text: &str, thread: usize| match texts {
        Texts::Equal => text.to_owned(),
        Texts::Different => text.replace("%poll", &format!("u{thread}:0")),
    };
    for _ in 0..count {
        record("values needing inclusion in stack maps: ", &format!("{{{}}}", set.join(", ")));
    }
    for thread in 0..count {
        let before = number(&before, thread);
        record("before inserting safepoint spills and reloads:\n", &before);
    }
    for thread in (0..count).rev() {
        let after = number(&after, thread);
        record("after inserting safepoint spills and reloads:\n", &after);
    }
    log
}
