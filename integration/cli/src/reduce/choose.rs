//! Chooses the function to reduce.

use std::io;
use std::io::BufRead;

use rayon::prelude::*;
use stackmap_clif::expected::Stated;
use stackmap_cranelift::spill::is_wanted;
use stackmap_report::{Verdict, is_named, plural};
use stackmap_verifier::findings::Code;

use super::args::Reduce;
use super::spiller::Program;
use super::wrong::{Seen, Texts, checked};
use crate::how::How;
use crate::input::Input;
use crate::read::Reader;
use crate::session::Progress;
use crate::task::Task;

/// The function to reduce.
pub(super) struct Chosen {
    pub(super) name: String,
    pub(super) code: Code,
    pub(super) texts: Texts,
    pub(super) stated: Vec<Stated>,
    /// How many functions are as wrong as this one.
    pub(super) candidates: usize,
}

/// How many functions are checked at a time.
const BATCH: usize = 128;

/// How many names a message lists.
const MOST_NAMES: usize = 8;

/// What was seen of an input.
#[derive(Default)]
struct Survey {
    chosen: Option<Chosen>,
    candidates: usize,
    functions: usize,
    /// Some of the names of functions.
    names: Vec<String>,
    /// What was said of the function that was asked for, and of what could not be read.
    trouble: Option<String>,
}

/// Returns the smallest function that is wrong in the way that is asked for. Which one it is does
/// not depend on the order of the input.
///
/// # Errors
///
/// Returns an error if there is none, which says what there is.
pub(super) fn choose(
    reduce: &Reduce,
    input: &Input,
    standard: &mut (dyn BufRead + Send),
    how: &How,
    program: Option<&Program>,
    progress: &Progress<'_>,
) -> io::Result<Chosen> {
    let mut reader = Reader::new(input, standard, how);
    if let Reader::Wasm(..) = reader {
        let reason = "WebAssembly is not reduced: reduce reads CLIF and logs";
        return Err(io::Error::other(format!("{}: {reason}", input.name())));
    }
    let mut survey = Survey::default();
    loop {
        let batch: Vec<Task> = reader.by_ref().take(BATCH).collect();
        if batch.is_empty() {
            break;
        }
        let batch = match program {
            Some(program) => spilled(batch, program, how)?,
            None => batch,
        };
        let seen: Vec<_> = batch.par_iter().flat_map_iter(|task| checked(task, how)).collect();
        for (seen, stated) in seen {
            survey.add(reduce, seen, stated);
        }
        progress.doing(format!("{} functions, {} wrong", survey.functions, survey.candidates));
    }
    let Survey { candidates, .. } = survey;
    match survey.chosen.take() {
        Some(chosen) => Ok(Chosen { candidates, ..chosen }),
        None => Err(io::Error::other(format!("{}: {}", input.name(), survey.nothing(reduce)))),
    }
}

/// Runs a spiller on the functions of CLIF files, and returns what it logs as tasks.
fn spilled(tasks: Vec<Task>, program: &Program, how: &How) -> io::Result<Vec<Task>> {
    let mut logged = Vec::with_capacity(tasks.len());
    for task in tasks {
        match task {
            Task::Clif(text) if is_wanted(&text) => {
                let log = program.recordings(&text, how.version)?;
                logged.extend(log.into_iter().map(|recording| match recording {
                    Ok(recording) => Task::Recording(Box::new(recording)),
                    Err(error) => Task::LogError(error),
                }));
            }
            other @ (Task::Clif(_)
            | Task::Recording(_)
            | Task::Pairs(_)
            | Task::LogError(_)
            | Task::Failed(_)) => logged.push(other),
        }
    }
    Ok(logged)
}

impl Survey {
    fn add(&mut self, reduce: &Reduce, seen: Seen, stated: Vec<Stated>) {
        let Some(name) = seen.name else {
            self.trouble = self.trouble.take().or(seen.reason);
            return;
        };
        self.functions += 1;
        if self.names.len() < MOST_NAMES && !self.names.contains(&name) {
            self.names.push(name.clone());
        }
        if reduce.function.as_ref().is_some_and(|wanted| !is_named(&name, wanted)) {
            return;
        }
        let code = match reduce.code {
            Some(code) => Some(code).filter(|code| seen.codes.contains(code)),
            None => seen.codes.first().copied().filter(|_| seen.verdict == Verdict::Violated),
        };
        let (Some(code), Some(texts)) = (code, seen.texts) else {
            if reduce.function.is_some() {
                self.trouble = Some(without_finding(&name, seen.verdict, &seen.codes, seen.reason));
            }
            return;
        };
        self.candidates += 1;
        let chosen = Chosen { name, code, texts, stated, candidates: 0 };
        if self.chosen.as_ref().is_none_or(|other| chosen.key() < other.key()) {
            self.chosen = Some(chosen);
        }
    }

    /// Says why there is nothing to reduce.
    fn nothing(&self, reduce: &Reduce) -> String {
        if let Some(trouble) = &self.trouble {
            return trouble.clone();
        }
        if let Some(wanted) = &reduce.function {
            let more = if self.functions > self.names.len() { ", ..." } else { "" };
            return format!("there is no function {wanted}: {}{more}", self.names.join(", "));
        }
        let wrong = match reduce.code {
            Some(code) => format!("has {code}"),
            None => "is violated".to_owned(),
        };
        let functions = plural(self.functions, "function");
        format!("there is nothing to reduce: of {functions}, none {wrong}")
    }
}

fn without_finding(name: &str, verdict: Verdict, codes: &[Code], reason: Option<String>) -> String {
    if let Some(reason) = reason {
        return format!("{name} is {}: {reason}", verdict.name());
    }
    match codes {
        [] => format!("{name} is {}: there is nothing to reduce", verdict.name()),
        codes => {
            let codes: Vec<&str> = codes.iter().map(|code| code.code()).collect();
            format!("{name} is {}, and has {} (see --code)", verdict.name(), codes.join(", "))
        }
    }
}

impl Chosen {
    /// Returns what decides among functions: the lowest is chosen.
    fn key(&self) -> (usize, &str, &Texts) {
        let lines = self.texts.before.as_ref().unwrap_or(&self.texts.after).lines().count();
        (lines, &self.name, &self.texts)
    }
}
