//! The command `stackmap-verify` as a function: it takes arguments and streams, and returns the
//! exit status, so that tests run what users run.

mod args;
mod callees;
mod certificates;
mod check;
mod checked;
mod clif;
mod collector;
mod color;
mod config;
mod explain;
mod explore;
mod failure;
mod finish;
mod format;
mod generated;
mod guard;
mod how;
mod html;
mod input;
mod ledger;
mod levels;
mod merge;
mod named;
mod output;
mod pair;
mod pairs;
mod read;
mod reading;
mod reduce;
mod session;
mod streams;
mod task;
mod walk;
mod wasm;

use std::ffi::OsString;
use std::io::{self, ErrorKind};

use clap::{ArgMatches, CommandFactory, FromArgMatches};
use stackmap_report::visible;

use args::{Args, Command};
pub use color::{knows_color, wants_color};
use config::Config;
use failure::Failure;
use named::Named;
pub use session::Session;
pub use stackmap_report::{TROUBLE, WRONG};
pub use streams::Streams;

/// Runs the command. The first argument is the name of the command itself.
///
/// Returns the exit status: 1 if there is a violation, whatever else happened; else 2 if something
/// could not be judged, read or written; else 0.
pub fn run(arguments: impl IntoIterator<Item = OsString>, streams: &mut Streams<'_>) -> u8 {
    run_in(arguments, streams, &Session::default())
}

/// Like [`run`], with a session that may show progress, and cleans up if the program is terminated.
pub fn run_in(
    arguments: impl IntoIterator<Item = OsString>,
    streams: &mut Streams<'_>,
    session: &Session,
) -> u8 {
    let Streams { input, output, errors, terminal } = streams;
    let mut output = Named::new(&mut **output, "the report");
    let streams = &mut Streams {
        input: &mut **input,
        output: &mut output,
        errors: &mut **errors,
        terminal: *terminal,
    };
    let matches = Args::command().try_get_matches_from(arguments);
    let args = matches.and_then(|matches| Ok((Args::from_arg_matches(&matches)?, matches)));
    let (args, matches) = match args {
        Ok(args) => args,
        Err(error) => return usage(&error, streams).unwrap_or(TROUBLE),
    };
    let done = match args.command {
        Some(Command::Check(check)) => match configured(check, &matches) {
            Ok(check) if check.paths.is_empty() => {
                return usage(&nothing_to_check(), streams).unwrap_or(TROUBLE);
            }
            Ok(check) => check::run(&check, streams, session),
            Err(error) => Err(error.into()),
        },
        Some(Command::Explore(explore)) => explore::configured(explore, &matches)
            .and_then(|explore| explore::run(&explore, streams, session))
            .map_err(Failure::from),
        Some(Command::Merge(mut merge)) => match config_of(&merge) {
            Ok(config) => {
                config.into_iter().for_each(|config| config.apply_to_report(&mut merge.report));
                merge::run(&merge, streams, session)
            }
            Err(error) => Err(error.into()),
        },
        Some(Command::Reduce(reduce)) => {
            reduce::run(&reduce, streams, session).map_err(Failure::from)
        }
        Some(Command::Explain(explain)) => explain::run(&explain, streams).map_err(Failure::from),
        Some(Command::Schema) => generated::schema(streams).map_err(Failure::from),
        Some(Command::Completions(wanted)) => {
            generated::completions(wanted.shell, streams).map_err(Failure::from)
        }
        Some(Command::Man(wanted)) => {
            generated::man(wanted.subcommand.as_deref(), streams).map_err(Failure::from)
        }
        None => check::run(&args::Check::bundled(), streams, session),
    };
    let Failure { error, code } = match done {
        Ok(code) => return code,
        Err(failure) => failure,
    };
    // The reader of our output may have read enough.
    if error.kind() != ErrorKind::BrokenPipe {
        // There is nowhere left to report that this failed, too.
        let error = error.to_string();
        let _ = writeln!(streams.errors, "stackmap-verify: {}", visible(&error));
    }
    code
}

/// Returns what to check, with the settings of a file.
fn configured(mut check: args::Check, matches: &ArgMatches) -> io::Result<args::Check> {
    let (named, no_config) = check.report.wanted_config();
    let config = Config::find(named, no_config)?;
    if let Some((config, (_, given))) = config.zip(matches.subcommand()) {
        config.apply(&mut check, given);
    }
    Ok(check)
}

fn config_of(merge: &args::Merge) -> io::Result<Option<Config>> {
    let (named, no_config) = merge.report.wanted_config();
    Config::find(named, no_config)
}

/// The error for a command line without a path, and settings without one.
fn nothing_to_check() -> clap::Error {
    let mut command = Args::command();
    command.build();
    let text = "what to check is neither on the command line nor in stackmap-verify.toml";
    match command.find_subcommand_mut("check") {
        Some(check) => check.error(clap::error::ErrorKind::MissingRequiredArgument, text),
        None => command.error(clap::error::ErrorKind::MissingRequiredArgument, text),
    }
}

/// Prints a usage error, or the help that was asked for.
fn usage(error: &clap::Error, streams: &mut Streams<'_>) -> io::Result<u8> {
    let text = error.render();
    if error.use_stderr() {
        write!(streams.errors, "{text}")?;
        return Ok(TROUBLE);
    }
    match streams.terminal {
        true => write!(streams.output, "{}", text.ansi())?,
        false => write!(streams.output, "{text}")?,
    }
    Ok(0)
}
