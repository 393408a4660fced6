//! Logs: what loggers write around records, interleaving, and everything that can be
//! wrong with one.

mod damage;
mod declared;
mod interleaving;
mod layout;

use stackmap_clif::log::{LogError, Recording, Recordings};

/// The three records of a function with this name and this many values.
struct Records {
    declared: String,
    before: String,
    after: String,
}

fn records(prefix: &str, name: &str, declared: &str, values: u32) -> Records {
    let body: String = (0..values).map(|v| format!("    v{v} = iconst.i32 {v}\n")).collect();
    let function = format!("function {name}() system_v {{\nblock0:\n{body}    return\n}}\n");
    Records {
        declared: format!("{prefix}values needing inclusion in stack maps: {declared}\n"),
        before: format!("{prefix}before inserting safepoint spills and reloads:\n{function}\n"),
        after: format!("{prefix}after inserting safepoint spills and reloads:\n{function}\n"),
    }
}

fn all(records: &Records) -> String {
    format!("{}{}{}", records.declared, records.before, records.after)
}

fn read(log: &str) -> Vec<Result<Recording, LogError>> {
    Recordings::new(log.as_bytes()).collect()
}

/// Name and declared values of each recording, with other values that may be its, or
/// the error.
fn summary(log: &str) -> Vec<String> {
    read(log)
        .into_iter()
        .map(|result| match result {
            Ok(recording) => {
                let others = recording.others.iter();
                let others = others.map(|other| format!(" or {:?}", other.declared.values()));
                let (name, values) = (recording.name(), recording.declared.values());
                let in_doubt = if recording.in_doubt { ", in doubt" } else { "" };
                format!("{name} {values:?}{}{in_doubt}", others.collect::<String>())
            }
            Err(error) => match &error.function {
                Some(function) => format!("{function}: {error}"),
                None => error.to_string(),
            },
        })
        .collect()
}
