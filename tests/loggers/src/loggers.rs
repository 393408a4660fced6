//! The loggers, installed as their documentation describes. Only the level is set, without
//! which there are no records, and the options that a name here mentions.

use std::any::Any;

use log::LevelFilter;
use slog::Drain;
use tracing_subscriber::filter::LevelFilter as Tracing;

/// A guard that must be kept as long as the logger is used.
type Guard = Option<Box<dyn Any>>;

/// Installs a logger.
type Install = fn() -> Guard;

/// Each logger, by its name.
pub(crate) const ALL: &[(&str, Install)] = &[
    ("env_logger", env_logger),
    ("env_logger-colours", env_logger_colours),
    ("fern", fern),
    ("fern-plain", fern_plain),
    ("file-per-thread-logger", file_per_thread_logger),
    ("flexi_logger", flexi_logger),
    ("flexi_logger-detailed", flexi_logger_detailed),
    ("flexi_logger-thread", flexi_logger_thread),
    ("pretty_env_logger", pretty_env_logger),
    ("simplelog", simplelog),
    ("simplelog-colours", simplelog_colours),
    ("slog-compact", slog_compact),
    ("slog-full", slog_full),
    ("slog-json", slog_json),
    ("stderrlog", stderrlog),
    ("tracing-compact", tracing_compact),
    ("tracing-full", tracing_full),
    ("tracing-json", tracing_json),
    ("tracing-json-thread", tracing_json_thread),
    ("tracing-pretty", tracing_pretty),
    ("tracing-thread", tracing_thread),
];

fn env_logger() -> Guard {
    env_logger::builder().filter_level(LevelFilter::Trace).init();
    None
}

fn env_logger_colours() -> Guard {
    let style = env_logger::WriteStyle::Always;
    env_logger::builder().filter_level(LevelFilter::Trace).write_style(style).init();
    None
}

/// The format in fern's own example, with the time left to the reader.
fn fern() -> Guard {
    let dispatch = fern::Dispatch::new().format(|out, message, record| {
        let (level, target) = (record.level(), record.target());
        out.finish(format_args!("[2026-11-27T09:59:59Z {level} {target}] {message}"));
    });
    dispatch.chain(std::io::stdout()).apply().expect("no other logger");
    None
}

fn fern_plain() -> Guard {
    fern::Dispatch::new().chain(std::io::stdout()).apply().expect("no other logger");
    None
}

/// Writes files into the folder it runs in, as `wasmtime -D log-to-files` does. It reads
/// `RUST_LOG`.
fn file_per_thread_logger() -> Guard {
    file_per_thread_logger::allow_uninitialized();
    file_per_thread_logger::initialize("wasmtime.dbg.");
    None
}

fn flexi() -> flexi_logger::Logger {
    flexi_logger::Logger::try_with_str("trace").expect("a level")
}

fn flexi_logger() -> Guard {
    Some(Box::new(flexi().start().expect("no other logger")))
}

fn flexi_logger_detailed() -> Guard {
    let logger = flexi().format(flexi_logger::colored_detailed_format);
    Some(Box::new(logger.start().expect("no other logger")))
}

fn flexi_logger_thread() -> Guard {
    Some(Box::new(flexi().format(flexi_logger::with_thread).start().expect("no other logger")))
}

fn pretty_env_logger() -> Guard {
    pretty_env_logger::formatted_timed_builder().filter_level(LevelFilter::Trace).init();
    None
}

fn simplelog() -> Guard {
    let config = simplelog::Config::default();
    simplelog::SimpleLogger::init(LevelFilter::Trace, config).expect("no other logger");
    None
}

fn simplelog_colours() -> Guard {
    let config = simplelog::Config::default();
    let (mode, colours) = (simplelog::TerminalMode::Stderr, simplelog::ColorChoice::Always);
    simplelog::TermLogger::init(LevelFilter::Trace, config, mode, colours)
        .expect("no other logger");
    None
}

/// Sends the records of the `log` crate to slog, with a key and a value of the program's.
fn slog(drain: impl Drain<Ok = (), Err = slog::Never> + Send + 'static) -> Guard {
    let drain = std::sync::Mutex::new(drain).map(slog::Fuse);
    let logger = slog::Logger::root(drain, slog::o!("version" => "1"));
    let guard = slog_scope::set_global_logger(logger);
    slog_stdlog::init_with_level(log::Level::Trace).expect("no other logger");
    Some(Box::new(guard))
}

fn plain() -> slog_term::PlainSyncDecorator<std::io::Stderr> {
    slog_term::PlainSyncDecorator::new(std::io::stderr())
}

fn slog_compact() -> Guard {
    slog(slog_term::CompactFormat::new(plain()).build().fuse())
}

fn slog_full() -> Guard {
    slog(slog_term::FullFormat::new(plain()).build().fuse())
}

fn slog_json() -> Guard {
    slog(slog_json::Json::default(std::io::stderr()).fuse())
}

fn stderrlog() -> Guard {
    stderrlog::new().verbosity(4).init().expect("no other logger");
    None
}

fn tracing_compact() -> Guard {
    tracing_subscriber::fmt().compact().with_max_level(Tracing::TRACE).init();
    None
}

fn tracing_full() -> Guard {
    tracing_subscriber::fmt().with_max_level(Tracing::TRACE).init();
    None
}

fn tracing_json() -> Guard {
    tracing_subscriber::fmt().json().with_max_level(Tracing::TRACE).init();
    None
}

fn tracing_json_thread() -> Guard {
    let subscriber = tracing_subscriber::fmt().json().with_thread_ids(true);
    subscriber.with_max_level(Tracing::TRACE).init();
    None
}

fn tracing_pretty() -> Guard {
    tracing_subscriber::fmt().pretty().with_max_level(Tracing::TRACE).init();
    None
}

fn tracing_thread() -> Guard {
    let subscriber = tracing_subscriber::fmt().with_thread_ids(true);
    subscriber.with_max_level(Tracing::TRACE).init();
    None
}
