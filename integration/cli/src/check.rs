//! `stackmap-verify check`.

use std::collections::HashSet;
use std::io::{self, BufRead, ErrorKind, Write};
use std::path::Path;
use std::thread;

use clap::ColorChoice;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use stackmap_report::{
    BaselinePart, Compilation, FunctionResult, Levels, Reason, Render, Skipped, Slice, Summary,
    baseline_name,
};
use stackmap_verifier::Options;

use crate::args::{Check, WasmCode, WasmCollector, WasmOptimized};
use crate::checked::Checked;
use crate::failure::Failure;
use crate::finish::finish;
use crate::guard::{FAILED, guarded};
use crate::how::How;
use crate::html::{self, Html};
use crate::input::{Input, Wasm, inputs};
use crate::ledger::Ledger;
use crate::read::Reader;
use crate::session::{Progress, Session};
use crate::streams::Streams;
use crate::task::Task;
use crate::{certificates, output, wasm};

/// The number of functions that are verified while the next batch of the same size is read. Bounds
/// the memory needed for a log of any length.
const BATCH: usize = 128;

/// Checks all inputs, prints the results in the order of the input, and returns the exit status.
pub(crate) fn run(
    check: &Check,
    streams: &mut Streams<'_>,
    session: &Session,
) -> Result<u8, Failure> {
    let levels = check.report.levels();
    let color = match check.color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => streams.terminal && check.report.output.is_none(),
    };
    let certificates = ("--certificates", check.certificates.as_deref());
    check.report.spares(certificates, &check.paths)?;
    if check.partition.is_some() && check.report.write_baseline.is_some() {
        return Err(io::Error::new(ErrorKind::InvalidInput, ONE_SLICE).into());
    }
    let certify = check.certify || check.certificates.is_some();
    let jobs = check.jobs.map_or(0, |jobs| jobs.get().min(most_jobs()));
    let all: Vec<(usize, Input)> = inputs(&check.paths).into_iter().enumerate().collect();
    let names: Vec<String> = all.iter().map(|(_, input)| input.name()).collect();
    let options = check.that_matters();
    let ledger = Ledger::open(&check.report, &options)?;
    let id = stackmap_report::Run::new(names.iter().map(String::as_str), options);
    let inputs = match check.partition {
        Some(slice) => slice.select(all, Input::name),
        None => all,
    };
    let config = check.report.settings.clone();
    let (partition, count) = (check.partition, inputs.len());
    let assumed = check.assumed();
    let summary = Summary { inputs: count, partition, config, assumed, ..Summary::default() };
    let target = check.target.as_deref();
    let architecture = target.and_then(|target| target.split('-').next());
    let mut run = Run {
        renderer: check.report.renderer(color, id),
        max_witness: check.max_witness,
        how: How {
            options: Options { collector: check.collector.into(), certify },
            version: check.cranelift,
            declare_lines: check.declare_lines,
            compiler: check.compiler(),
            draw: check.report.html.is_some(),
            write: check.certificates.is_some(),
        },
        wasm_collector: check.wasm_collector(),
        wasm_optimized: check.wasm_optimized,
        wasm_code: check.wasm_code,
        target,
        clif: check.clif.as_deref(),
        architecture: architecture.unwrap_or(std::env::consts::ARCH),
        session,
        ledger,
        levels,
        pool: ThreadPoolBuilder::new().num_threads(jobs).build().map_err(io::Error::other)?,
        progress: match check.report.quiet {
            true => session.no_progress(),
            false => session.progress(inputs.len()),
        },
        summary,
    };
    let Streams { input: standard, output, errors, .. } = streams;
    let done = certificates::write(check.certificates.as_deref(), session, |certificates| {
        html::write(&check.report, session, |html| {
            let mut besides = Besides { html, certificates };
            output::write(check.report.standard(), &mut **output, session, |out| {
                for (index, input) in &inputs {
                    run.input(*index, input, &mut **standard, out, &mut besides)?;
                }
                run.compare(&names, &inputs);
                run.progress.aside(out, |out| run.renderer.summary(out, &run.summary))?;
                Ok(run.summary.clone())
            })
        })
    });
    let is_wrong = run.summary.is_wrong(&run.levels);
    let done = done.and_then(|summary| run.ledger.write(session).map(|()| summary));
    match done {
        Ok(summary) => finish(&check.report, &summary, errors),
        Err(error) => Err(Failure::new(error, is_wrong)),
    }
}

/// The error for a baseline that would lack the other slices.
const ONE_SLICE: &str = "--write-baseline with --partition would write what one slice has: give it \
                         to `merge`, with the reports of all slices";

/// The maximum number of threads, unless there are more processors; further threads make nothing
/// faster.
const MOST_JOBS: usize = 64;

fn most_jobs() -> usize {
    thread::available_parallelism().map_or(MOST_JOBS, |count| count.get().max(MOST_JOBS))
}

/// The outputs besides the report.
struct Besides<'h, 'c> {
    html: Option<&'h mut Html>,
    certificates: Option<&'c mut dyn Write>,
}

/// The state of a run.
struct Run<'s> {
    renderer: Box<dyn Render>,
    /// The maximum number of blocks of a witness path that the report shows.
    max_witness: usize,
    how: How,
    wasm_collector: WasmCollector,
    wasm_optimized: WasmOptimized,
    wasm_code: WasmCode,
    target: Option<&'s str>,
    /// The folder with what was lowered, for modules that are compiled already.
    clif: Option<&'s Path>,
    /// The instruction set of machine code.
    architecture: &'s str,
    session: &'s Session,
    /// What is known.
    ledger: Ledger,
    levels: Levels,
    pool: ThreadPool,
    progress: Progress<'s>,
    summary: Summary,
}

impl Run<'_> {
    /// Compares the run with the baseline. `names` are those of all inputs, and `inputs` those of
    /// this slice.
    fn compare(&mut self, names: &[String], inputs: &[(usize, Input)]) {
        let here: HashSet<_> =
            inputs.iter().map(|(_, input)| baseline_name(&input.name())).collect();
        let all: HashSet<_> = names.iter().map(|name| baseline_name(name)).collect();
        // One slice says what is of none.
        let is_first = self.summary.partition.is_none_or(Slice::is_first);
        self.summary.baseline = self.ledger.compare(|input| match here.contains(input) {
            true => BaselinePart::Here,
            false if all.contains(input) || !is_first => BaselinePart::OtherSlice,
            false => BaselinePart::Nowhere,
        });
    }

    /// Checks one input.
    fn input(
        &mut self,
        index: usize,
        input: &Input,
        standard: &mut (dyn BufRead + Send),
        out: &mut dyn Write,
        besides: &mut Besides<'_, '_>,
    ) -> io::Result<()> {
        let mut reader = Reader::new(input, standard, &self.how);
        let name = input.name();
        if let Reader::Skipped(reason) = &reader {
            return self.skip(index, &name, reason, out);
        }
        if let Reader::Wasm(format, bytes) = &reader {
            return self.wasm(index, &name, (*format, bytes), out, besides);
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
            self.show((&name, index), checked.into_iter().flatten(), out, besides)?;
        }
        self.progress.input();
        Ok(())
    }

    /// Reports that there is nothing to check in an input.
    fn skip(
        &mut self,
        index: usize,
        name: &str,
        reason: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let skipped = Skipped { input: name.to_owned(), reason: reason.to_owned(), index };
        self.summary.skipped += 1;
        self.progress.aside(out, |out| self.renderer.skipped(out, &skipped))?;
        self.progress.input();
        Ok(())
    }

    /// Counts the results of an input, and writes them.
    fn show(
        &mut self,
        (input, index): (&str, usize),
        checked: impl Iterator<Item = Checked>,
        out: &mut dyn Write,
        besides: &mut Besides<'_, '_>,
    ) -> io::Result<()> {
        self.progress.aside(out, |out| {
            for checked in checked {
                let Checked { result, pictures, certificate } = checked;
                let result = result.of_input(input, index).print(usize::MAX);
                let mut record = result.fingerprinted(self.architecture);
                let is_kept: Vec<bool> =
                    record.findings.iter().map(|found| !self.levels.allows(found.code)).collect();
                self.ledger.mark(&mut record, &self.levels);
                self.summary.count(&record);
                if let Some(html) = &mut besides.html {
                    let pictures = pictures.into_iter().zip(is_kept);
                    let pictures: Vec<_> =
                        pictures.filter_map(|(picture, kept)| kept.then_some(picture)).collect();
                    // The page shows whole paths.
                    html.add(record.clone(), &pictures)?;
                }
                self.renderer.function(out, &record.shortened(self.max_witness))?;
                if let Some((file, text)) = besides.certificates.as_mut().zip(certificate) {
                    file.write_all(text.as_bytes())?;
                }
            }
            Ok(())
        })?;
        self.progress.functions(self.summary.first.functions);
        Ok(())
    }

    /// Checks one input of WebAssembly.
    fn wasm(
        &mut self,
        index: usize,
        name: &str,
        (format, bytes): (Wasm, &[u8]),
        out: &mut dyn Write,
        besides: &mut Besides<'_, '_>,
    ) -> io::Result<()> {
        let settings = wasm::Settings {
            options: self.how.options,
            collector: self.wasm_collector,
            optimized: self.wasm_optimized,
            code: self.wasm_code,
            target: self.target,
            clif: self.clif,
            write: self.how.write,
            threads: self.pool.current_num_threads(),
        };
        // The compilation has threads of its own.
        let checked = guarded(|| wasm::check(name, bytes, format, &settings, self.session));
        let failed = || wasm::Results::failed(internal());
        let results = checked.unwrap_or_else(failed);
        self.show((name, index), results.functions.into_iter(), out, besides)?;
        if let Some(compiled) = results.compiled {
            self.summary.count_compiled(compiled);
            let compilation = Compilation { input: name.to_owned(), compiled, index };
            self.progress.aside(out, |out| self.renderer.compilation(out, &compilation))?;
        }
        self.progress.input();
        Ok(())
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
