//! `stackmap-verify check`.

use std::collections::HashSet;
use std::io::{self, ErrorKind, Write};

use clap::ColorChoice;
use stackmap_report::{
    BaselinePart, Compilation, Levels, Render, Skipped, Slice, Summary, baseline_name,
};
use stackmap_verifier::Options;

use crate::args::Check;
use crate::checked::Checked;
use crate::failure::Failure;
use crate::finish::finish;
use crate::how::How;
use crate::html::{self, Html};
use crate::input::{Input, inputs};
use crate::ledger::Ledger;
use crate::session::{Progress, Session};
use crate::streams::Streams;
use crate::walk::{Seen, Walk};
use crate::{certificates, output};

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
    let assumed = check.reading.assumed();
    let summary = Summary { inputs: count, partition, config, assumed, ..Summary::default() };
    let target = check.reading.target.as_deref();
    let architecture = target.and_then(|target| target.split('-').next());
    let how = How {
        options: Options { collector: check.reading.collector.into(), certify },
        version: check.reading.cranelift,
        declare_lines: check.reading.declare_lines,
        compiler: check.reading.compiler(),
        draw: check.report.html.is_some(),
        keep: false,
        write: check.certificates.is_some(),
    };
    let walk = Walk::new(how, &check.reading, None, session)?;
    let mut run = Run {
        renderer: check.report.renderer(color, id.clone()),
        max_witness: check.max_witness,
        architecture: architecture.unwrap_or(std::env::consts::ARCH),
        ledger,
        levels,
        progress: match check.report.quiet {
            true => session.no_progress(),
            false => session.progress(inputs.len()),
        },
        summary,
    };
    let Streams { input: standard, output, errors, .. } = streams;
    let done = certificates::write(check.certificates.as_deref(), session, |certificates| {
        html::write(&check.report, &id.options, session, |html| {
            let mut besides = Besides { html, certificates };
            output::write(check.report.standard(), &mut **output, session, |out| {
                for (index, input) in &inputs {
                    let name = input.name();
                    let input_of = (name.as_str(), *index);
                    walk.input(input, &mut **standard, &mut |seen| {
                        run.see(input_of, seen, out, &mut besides)
                    })?;
                    run.progress.input();
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
    /// The instruction set of machine code.
    architecture: &'s str,
    /// What is known.
    ledger: Ledger,
    levels: Levels,
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

    /// Reports a part of what an input shows.
    fn see(
        &mut self,
        (name, index): (&str, usize),
        seen: Seen,
        out: &mut dyn Write,
        besides: &mut Besides<'_, '_>,
    ) -> io::Result<()> {
        match seen {
            Seen::Skipped(reason) => self.skip(index, name, &reason, out),
            Seen::Checked(checked) => self.show((name, index), checked, out, besides),
            Seen::Compiled(compiled) => {
                self.summary.count_compiled(compiled);
                let compilation = Compilation { input: name.to_owned(), compiled, index };
                self.progress.aside(out, |out| self.renderer.compilation(out, &compilation))
            }
        }
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
        self.progress.aside(out, |out| self.renderer.skipped(out, &skipped))
    }

    /// Counts the results of an input, and writes them.
    fn show(
        &mut self,
        (input, index): (&str, usize),
        checked: Vec<Checked>,
        out: &mut dyn Write,
        besides: &mut Besides<'_, '_>,
    ) -> io::Result<()> {
        self.progress.aside(out, |out| {
            for checked in checked {
                let Checked { result, pictures, certificate, .. } = checked;
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
}
