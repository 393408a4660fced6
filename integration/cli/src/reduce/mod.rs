//! `stackmap-verify reduce`: makes a wrong function as small as it can be.

mod args;
mod choose;
mod process;
mod spiller;
mod wrong;

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use stackmap_clif::compiler::Compiler;
use stackmap_clif::version::AtLeast;
use stackmap_reduce::{
    Case, NotFound, Oracle, Progress, Provenance, Reduced, Source, Verifier, reduce,
};
use stackmap_report::Summary;
use stackmap_verifier::Options;

pub(crate) use args::{EXAMPLES, Reduce};
use choose::{Chosen, choose};
use spiller::{Linked, Program};

use crate::how::How;
use crate::input::Input;
use crate::output;
use crate::session::{self, Session};
use crate::streams::Streams;

/// The value of `--spiller` that stands for the spiller of the linked Cranelift.
const LINKED: &str = "linked";

/// Reduces a function, and returns the exit status.
pub(crate) fn run(args: &Reduce, streams: &mut Streams<'_>, session: &Session) -> io::Result<u8> {
    output::spares(("--output", args.output.as_deref()), std::slice::from_ref(&args.input))?;
    let how = How {
        options: Options { collector: args.collector.into(), ..Options::default() },
        version: args.cranelift,
        declare_lines: args.declare_lines,
        compiler: Compiler::default(),
        draw: false,
        keep: false,
        write: false,
    };
    let input = match args.input == Path::new("-") {
        true => Input::Standard,
        false => Input::File(args.input.clone()),
    };
    let progress = session.activity();
    let folder = session.folder()?;
    let program = args.spiller.as_deref().filter(|spiller| *spiller != LINKED);
    let program = program.map(|command| Program {
        verifier: Verifier::default(),
        words: command.split_whitespace().map(str::to_owned).collect(),
        file: folder.path().join("function.clif"),
        limit: Duration::from_secs(args.spiller_timeout.get()),
    });
    let chosen = choose(args, &input, &mut *streams.input, &how, program.as_ref(), &progress)?;
    let (reduced, lines) = reduced(args, &chosen, &how, program, &progress)?;
    drop(progress);
    let text = written(args, &chosen, &reduced);
    match &args.output {
        Some(file) => {
            let write = |out: &mut dyn Write| {
                out.write_all(text.as_bytes())?;
                Ok(Summary::default())
            };
            output::to_file(file, session, write).map(|_| ())?;
        }
        None => streams.output.write_all(text.as_bytes())?,
    }
    let Chosen { name, candidates, .. } = &chosen;
    let code = reduced.code;
    if *candidates > 1 {
        let others = format!("of {candidates} wrong functions, {name} is the smallest");
        writeln!(streams.errors, "stackmap-verify: {others} (see --function)")?;
    }
    let now = reduced.case.lines();
    writeln!(streams.errors, "stackmap-verify: {name}, {code}: from {lines} lines to {now}")?;
    Ok(0)
}

/// Reduces the function, with each of the sets of values that may be declared until one shows the
/// finding. Also returns how many lines it had.
fn reduced(
    args: &Reduce,
    chosen: &Chosen,
    how: &How,
    program: Option<Program>,
    progress: &session::Progress<'_>,
) -> io::Result<(Reduced, usize)> {
    let Chosen { name, code, texts, stated, .. } = chosen;
    let verifier =
        Verifier { options: how.options, version: texts.version, references: stated.clone() };
    let mut untried = program.clone();
    let mut oracle: Box<dyn Oracle> = match (program, &args.spiller) {
        (Some(program), _) => {
            let version = how.version.unwrap_or(AtLeast::UNKNOWN);
            Box::new(Program { verifier: Verifier { version, ..verifier }, ..program })
        }
        (None, Some(_)) => Box::new(Linked { verifier }),
        (None, None) => Box::new(verifier),
    };
    if args.spiller.is_some() && texts.before.is_none() {
        let why = "only the function after spilling is known, and a spiller needs the one before";
        return Err(io::Error::other(format!("{name}: {why}")));
    }
    let after = args.spiller.is_none().then_some(texts.after.as_str());
    let mut show = |Progress { lines, tried }: Progress| {
        progress.doing(format!("{name}: {lines} lines, {tried} tried"));
    };
    for declared in &texts.declared {
        let before = texts.before.as_deref();
        let source = Source { before, after, declared: declared.clone() };
        let case = Case::read(&source).map_err(|e| io::Error::other(format!("{name}: {e}")))?;
        if let Some(program) = untried.take() {
            // What it fails on later counts as not wrong.
            program.recordings(&case.input(&[]), how.version)?;
        }
        let lines = case.lines();
        let reduced: Result<Reduced, NotFound> = reduce(case, *code, &mut *oracle, &mut show);
        if let Ok(reduced) = reduced {
            return Ok((reduced, lines));
        }
    }
    let why = match &args.spiller {
        Some(spiller) => format!("the spiller `{spiller}` does not get it wrong: no {code}"),
        None => format!("{code} is not found in it once it is written anew"),
    };
    Err(io::Error::other(format!("{name}: {why}")))
}

fn written(args: &Reduce, chosen: &Chosen, reduced: &Reduced) -> String {
    let version = match &args.spiller {
        None => chosen.texts.version,
        Some(_) => AtLeast::UNKNOWN,
    };
    let references = chosen.stated.iter().map(|stated| stated.text().to_owned()).collect();
    let provenance = Provenance { version, references, spiller: args.spiller.clone() };
    match args.test {
        true => reduced.test(&provenance),
        false => reduced.document(&provenance),
    }
}
