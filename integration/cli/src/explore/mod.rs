//! `stackmap-verify explore`: writes a page that shows functions, whatever the verdict on them is.

mod args;
mod survey;

use std::io;

use clap::ArgMatches;
use stackmap_html::{About, Exploration};
use stackmap_report::plural;
use stackmap_verifier::Options;

pub(crate) use args::{EXAMPLES, Explore};
use survey::Survey;

use crate::config::Config;
use crate::how::How;
use crate::input::{Input, inputs};
use crate::output;
use crate::session::Session;
use crate::streams::Streams;
use crate::walk::Walk;
use crate::wasm::Chosen;

/// Returns what to show, with the settings of a file.
pub(crate) fn configured(mut explore: Explore, matches: &ArgMatches) -> io::Result<Explore> {
    let config = Config::find(explore.config.as_deref(), explore.no_config)?;
    if let Some((config, (_, given))) = config.zip(matches.subcommand()) {
        config.apply_to_paths(&mut explore.paths);
        config.apply_to_reading(&mut explore.reading, given);
    }
    match explore.paths.is_empty() {
        true => Err(io::Error::new(io::ErrorKind::InvalidInput, NOTHING)),
        false => Ok(explore),
    }
}

const NOTHING: &str = "what to explore is neither on the command line nor in stackmap-verify.toml";

/// Writes the page, and returns the exit status.
pub(crate) fn run(args: &Explore, streams: &mut Streams<'_>, session: &Session) -> io::Result<u8> {
    output::spares(("--output", Some(&args.output)), &args.paths)?;
    let how = How {
        options: Options { collector: args.reading.collector.into(), certify: args.certify },
        version: args.reading.cranelift,
        declare_lines: args.reading.declare_lines,
        compiler: args.reading.compiler(),
        draw: true,
        keep: true,
        write: false,
    };
    let rule = args.reading.collector.rule().to_owned();
    let keep = match args.function.is_empty() {
        true => Chosen::First(args.most.get()),
        false => Chosen::Named(&args.function),
    };
    let walk = Walk::new(how, &args.reading, Some(keep), session)?;
    let all: Vec<Input> = inputs(&args.paths);
    let mut survey = Survey::new(&args.function, Exploration::new(args.most.get()));
    let progress = session.progress(all.len());
    for (index, input) in all.iter().enumerate() {
        let name = input.name();
        walk.input(input, &mut *streams.input, &mut |seen| {
            survey.add((&name, index), seen);
            progress.functions(survey.functions());
            Ok(())
        })?;
        progress.input();
    }
    drop(progress);
    let page = survey.finish()?;
    let about = About { rule, certify: Some(args.certify) };
    output::to_file(&args.output, session, |out| page.finish(&about, out))?;
    let file = args.output.display();
    let shown = plural(page.shown(), "function");
    writeln!(streams.errors, "stackmap-verify: {file} shows {shown}")?;
    if page.left_out() > 0 {
        let more = plural(page.left_out(), "more function");
        writeln!(
            streams.errors,
            "stackmap-verify: {more} would be too much for a page: choose with --function NAME, or \
             show more with --most N"
        )?;
    }
    Ok(0)
}
