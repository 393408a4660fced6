//! Reads inputs into tasks, one for each function or file.

mod log;

use std::io::{self, BufRead};

use crate::how::How;
use crate::input::{Input, Kind, Sorted, Wasm, decompressed, open, sort};
use crate::task::Task;
use log::Log;

/// A reader for one input.
pub(crate) enum Reader<'i> {
    Log(Box<Log<'i>>),
    Once(Option<Task>),
    /// WebAssembly is not a task, because its compilation is parallel itself.
    Wasm(Wasm, Vec<u8>),
    /// An input without anything to check, with the reason; it was not named explicitly.
    Skipped(String),
}

impl<'i> Reader<'i> {
    pub(crate) fn new(input: &Input, standard: &'i mut (dyn BufRead + Send), how: &How) -> Self {
        let opened: io::Result<Box<dyn BufRead + Send + 'i>> = match input {
            Input::Standard => decompressed(standard),
            Input::File(path) | Input::Found { path, .. } => open(path),
            Input::Passed { reason, .. } => return Reader::Skipped((*reason).to_owned()),
            Input::Missing { reason, .. } => return Reader::failed(reason.clone()),
        };
        let read = match (opened.map(sort), input) {
            (Ok(sorted), Input::Found { is_code: false, .. }) => Ok(Reader::found(sorted, how)),
            (Ok(sorted), _) => Reader::of(sorted, how),
            (Err(error), _) => Err(error),
        };
        read.unwrap_or_else(|e| Reader::failed(format!("cannot be read: {e}")))
    }

    /// Returns a reader at its end.
    pub(crate) fn ended() -> Self {
        Reader::Once(None)
    }

    fn failed(reason: String) -> Self {
        Reader::Once(Some(Task::Failed(reason)))
    }

    /// Reads an input that was named explicitly and must contain something to check.
    fn of(Sorted { kind, mut input }: Sorted<'i>, how: &How) -> io::Result<Self> {
        const NOTHING: &str = "holds no function: neither CLIF nor a record of the spiller";
        const BINARY: &str = "is neither CLIF nor a log, but binary";
        Ok(match kind {
            Kind::Log => match Log::new(input, how) {
                Some(log) => Reader::Log(Box::new(log)),
                None => Reader::failed(NOTHING.to_owned()),
            },
            Kind::LogBehindClif => match Log::behind_clif(input, how) {
                Some(log) => Reader::Log(Box::new(log)),
                None => Reader::failed(NOTHING.to_owned()),
            },
            Kind::Binary => match Log::of_binary(input, how) {
                Some(log) => Reader::Log(Box::new(log)),
                None => Reader::failed(BINARY.to_owned()),
            },
            Kind::Wasm(format) => {
                let mut bytes = Vec::new();
                input.read_to_end(&mut bytes)?;
                Reader::Wasm(format, bytes)
            }
            Kind::Clif => Reader::whole(input, Task::Clif)?,
            Kind::Pairs => Reader::whole(input, Task::Pairs)?,
        })
    }

    /// Reads a text as a whole.
    fn whole(mut input: impl BufRead, task: impl FnOnce(String) -> Task) -> io::Result<Self> {
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes)?;
        Ok(Reader::Once(Some(match String::from_utf8(bytes) {
            Ok(text) => task(text),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                Task::Failed(format!("is not UTF-8: byte {at} begins no character"))
            }
        })))
    }

    /// Reads a file that was found in a directory: it counts if it is a log or holds pairs.
    fn found(Sorted { kind, input }: Sorted<'i>, how: &How) -> Self {
        let log = match kind {
            Kind::Log => Log::new(input, how),
            Kind::LogBehindClif => Log::behind_clif(input, how),
            Kind::Binary => Log::of_binary(input, how),
            Kind::Pairs => {
                return Reader::whole(input, Task::Pairs)
                    .unwrap_or_else(|e| Reader::failed(format!("cannot be read: {e}")));
            }
            Kind::Clif => {
                return Reader::Skipped("looks like CLIF, but is not called so".to_owned());
            }
            Kind::Wasm(Wasm::Compiled) => {
                let reason = "is what Wasmtime compiled: to check it, name it, with --clif";
                return Reader::Skipped(reason.to_owned());
            }
            Kind::Wasm(Wasm::Binary | Wasm::Text) => {
                let reason = "looks like WebAssembly, but is not called so".to_owned();
                return Reader::Skipped(reason);
            }
        };
        match log {
            Some(log) => Reader::Log(Box::new(log)),
            None => Reader::Skipped("holds no record of the spiller".to_owned()),
        }
    }
}

impl Iterator for Reader<'_> {
    type Item = Task;

    fn next(&mut self) -> Option<Task> {
        match self {
            Reader::Once(task) => task.take(),
            Reader::Wasm(..) | Reader::Skipped(_) => None,
            Reader::Log(log) => log.next(),
        }
    }
}
