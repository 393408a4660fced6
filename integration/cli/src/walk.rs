//! Reads inputs, and checks what is in them.

use std::io::{self, BufRead};
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use stackmap_report::{Compiled, FunctionResult, Reason};

use crate::checked::Checked;
use crate::guard::{FAILED, guarded};
use crate::how::How;
use crate::input::{Input, Wasm};
use crate::read::Reader;
use crate::reading::Reading;
use crate::session::Session;
use crate::task::Task;
use crate::wasm;

/// The number of functions that are verified while the next batch of the same size is read. Bounds
/// the memory needed for a log of any length.
const BATCH: usize = 128;

/// The maximum number of threads, unless there are more processors; further threads make nothing
/// faster.
const MOST_JOBS: usize = 64;

/// Checks inputs.
pub(crate) struct Walk<'s> {
    how: How,
    reading: &'s Reading,
    /// The functions of WebAssembly of which the models are kept, if any are.
    keep: Option<wasm::Chosen<'s>>,
    session: &'s Session,
    pool: ThreadPool,
}

/// A part of what an input shows, in order.
pub(crate) enum Seen {
    /// There is nothing to check in it, for this reason.
    Skipped(String),
    /// Results.
    Checked(Vec<Checked>),
    /// Sums over what was compiled.
    Compiled(Compiled),
}

impl<'s> Walk<'s> {
    pub(crate) fn new(
        how: How,
        reading: &'s Reading,
        keep: Option<wasm::Chosen<'s>>,
        session: &'s Session,
    ) -> io::Result<Self> {
        let most =
            thread::available_parallelism().map_or(MOST_JOBS, |count| count.get().max(MOST_JOBS));
        let jobs = reading.jobs.map_or(0, |jobs| jobs.get().min(most));
        let pool = ThreadPoolBuilder::new().num_threads(jobs).build().map_err(io::Error::other)?;
        Ok(Walk { how, reading, keep, session, pool })
    }

    /// Checks one input, and passes what it shows to `see`.
    pub(crate) fn input(
        &self,
        input: &Input,
        standard: &mut (dyn BufRead + Send),
        see: &mut dyn FnMut(Seen) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut reader = Reader::new(input, standard, &self.how);
        let name = input.name();
        if let Reader::Skipped(reason) = reader {
            return see(Seen::Skipped(reason));
        }
        if let Reader::Wasm(format, bytes) = &reader {
            return self.wasm(&name, (*format, bytes), see);
        }
        let mut batch = read(&mut reader);
        while !batch.is_empty() {
            // Reading is serial, so verification must not wait for it. A batch is returned in its
            // own order.
            let (checked, next): (Vec<Vec<Checked>>, _) = self.pool.install(|| {
                let failed = || vec![Checked::from(internal())];
                let run =
                    |task: Task| guarded(|| task.run(&name, &self.how)).unwrap_or_else(failed);
                rayon::join(|| batch.into_par_iter().map(run).collect(), || read(&mut reader))
            });
            batch = next;
            see(Seen::Checked(checked.into_iter().flatten().collect()))?;
        }
        Ok(())
    }

    /// Checks one input of WebAssembly.
    fn wasm(
        &self,
        name: &str,
        (format, bytes): (Wasm, &[u8]),
        see: &mut dyn FnMut(Seen) -> io::Result<()>,
    ) -> io::Result<()> {
        let Reading { wasm_optimized, wasm_code, target, clif, .. } = self.reading;
        let settings = wasm::Settings {
            options: self.how.options,
            collector: self.reading.wasm_collector(),
            optimized: *wasm_optimized,
            code: *wasm_code,
            target: target.as_deref(),
            clif: clif.as_deref(),
            write: self.how.write,
            keep: self.keep,
            threads: self.pool.current_num_threads(),
        };
        // The compilation has threads of its own.
        let checked = guarded(|| wasm::check(name, bytes, format, &settings, self.session));
        let results = checked.unwrap_or_else(|| wasm::Results::failed(internal()));
        see(Seen::Checked(results.functions))?;
        results.compiled.map_or(Ok(()), |compiled| see(Seen::Compiled(compiled)))
    }
}

/// Returns the result for a check that itself fails.
fn internal() -> FunctionResult {
    FunctionResult::error(None, Reason::new(FAILED))
}

/// Reads a batch of tasks; an empty batch means the end of the input.
fn read(reader: &mut Reader<'_>) -> Vec<Task> {
    guarded(|| reader.take(BATCH).collect()).unwrap_or_else(|| {
        *reader = Reader::ended();
        vec![Task::Failed(FAILED.to_owned())]
    })
}
