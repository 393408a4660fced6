//! `completions`, `man` and `schema`: what is made of the descriptions of the command line and of the
//! JSON form.

use std::io::{self, ErrorKind};

use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use crate::args::Args;
use crate::streams::Streams;

/// Prints the completions for a shell.
pub(crate) fn completions(shell: Shell, streams: &mut Streams<'_>) -> io::Result<u8> {
    // In memory first, since the writer of completions panics where it cannot write.
    let mut text = Vec::new();
    generate(shell, &mut Args::command(), NAME, &mut text);
    streams.output.write_all(&text)?;
    Ok(0)
}

const NAME: &str = "stackmap-verify";

/// Prints the schema of a line of the format `json`.
pub(crate) fn schema(streams: &mut Streams<'_>) -> io::Result<u8> {
    writeln!(streams.output, "{:#}", stackmap_report::schema())?;
    Ok(0)
}

/// Prints the manual page of the command, or of one of its subcommands.
pub(crate) fn man(subcommand: Option<&str>, streams: &mut Streams<'_>) -> io::Result<u8> {
    let mut command = Args::command();
    command.build();
    let page = match subcommand {
        None => command,
        Some(name) => subcommand_of(&command, name)?,
    };
    Man::new(page).render(&mut streams.output)?;
    Ok(0)
}

fn subcommand_of(command: &Command, name: &str) -> io::Result<Command> {
    let found = command.get_subcommands().find(|found| found.get_name() == name);
    // It has the name of its page, `stackmap-verify-check`, since the command is built.
    found.cloned().ok_or_else(|| {
        let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        let text = format!("there is no subcommand `{name}`; there are {}", names.join(", "));
        io::Error::new(ErrorKind::InvalidInput, text)
    })
}
