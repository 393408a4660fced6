//! `stackmap-verify check`.

use std::io;
use std::sync::Arc;

use clap::ColorChoice;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

use crate::Streams;
use crate::args::{Check, Denied};
use crate::input::inputs;
use crate::outcome::{Checked, Summary};
use crate::read::{Reader, Task};
use crate::render::{Style, renderer};

/// How many functions are read ahead of the verifying. Bounds the memory a log of
/// any length takes.
const BATCH: usize = 256;

/// Checks everything, prints what was found in the order of the input, and
/// returns the exit status.
pub(crate) fn run(check: &Check, streams: &mut Streams<'_>) -> io::Result<u8> {
    let color = match check.color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => streams.terminal,
    };
    let style = Style { color, max_witness: check.max_witness };
    let mut renderer = renderer(check.format, style);
    let options = stackmap_verifier::Options { collector: check.collector.into() };
    let jobs = check.jobs.map_or(0, usize::from);
    let pool = ThreadPoolBuilder::new().num_threads(jobs).build().map_err(io::Error::other)?;

    let mut summary = Summary::default();
    for input in inputs(&check.paths) {
        let mut reader = Reader::new(&input, streams.input);
        loop {
            // Reading is serial and cheap; a batch is verified in parallel, and
            // comes back in its own order.
            let batch: Vec<Task> = reader.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                break;
            }
            let name: Arc<str> = input.name().into();
            let checked: Vec<Vec<Checked>> =
                pool.install(|| batch.into_par_iter().map(|t| t.run(&name, &options)).collect());
            for checked in checked.iter().flatten() {
                summary.count(checked);
                renderer.function(streams.output, checked)?;
            }
        }
    }
    renderer.summary(streams.output, &summary)?;
    Ok(summary.exit_code(check.deny.contains(&Denied::Warnings)))
}
