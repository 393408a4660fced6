//! `stackmap-verify.toml`: what a project always passes.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use clap::ArgMatches;
use clap::parser::ValueSource;
use serde::{Deserialize, Deserializer};
use stackmap_clif::version::AtLeast;

use crate::args::{Check, Report};
use crate::callees::Callee;
use crate::collector::Collector;
use crate::levels::{Allowed, Denied};
use crate::reading::Reading;
use crate::wasm::{WasmCode, WasmCollector, WasmOptimized};

/// The name of the file that is looked for in the working directory.
const NAME: &str = "stackmap-verify.toml";

/// The settings in a file. The keys are the names of options.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Settings {
    paths: Vec<PathBuf>,
    collector: Option<Collector>,
    #[serde(deserialize_with = "version")]
    cranelift: Option<AtLeast>,
    declare_lines: bool,
    never_collects: Vec<Callee>,
    only_declared: bool,
    certify: bool,
    wasm_collector: Option<WasmCollector>,
    wasm_optimized: Option<WasmOptimized>,
    wasm_code: Option<WasmCode>,
    target: Option<String>,
    deny: Vec<Denied>,
    allow: Vec<Allowed>,
    baseline: Option<PathBuf>,
}

fn version<'de, D: Deserializer<'de>>(from: D) -> Result<Option<AtLeast>, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

/// A file with settings.
pub(crate) struct Config {
    file: PathBuf,
    settings: Settings,
}

impl Config {
    /// Reads the file that is named, or else the one in the working directory, if there is one and it
    /// is wanted.
    pub(crate) fn find(named: Option<&Path>, no_config: bool) -> io::Result<Option<Config>> {
        let file = match named {
            Some(file) => file.to_owned(),
            None if no_config || !Path::new(NAME).exists() => return Ok(None),
            None => PathBuf::from(NAME),
        };
        let said = |kind, text: String| io::Error::new(kind, format!("{}{text}", file.display()));
        let text = fs::read_to_string(&file)
            .map_err(|error| said(error.kind(), format!(" cannot be read: {error}")))?;
        let settings = toml::from_str(&text).map_err(|error| {
            let place = error.span().map(|span| place(&text, span.start)).unwrap_or_default();
            said(ErrorKind::InvalidData, format!("{place}: {}", error.message().trim()))
        })?;
        Ok(Some(Config { file, settings }))
    }

    /// Adds the settings to what the command line says of a check.
    pub(crate) fn apply(self, check: &mut Check, given: &ArgMatches) {
        self.apply_to_paths(&mut check.paths);
        self.apply_to_reading(&mut check.reading, given);
        check.certify |= self.settings.certify;
        self.apply_to_report(&mut check.report);
    }

    /// Adds the paths, if the command line has none.
    pub(crate) fn apply_to_paths(&self, paths: &mut Vec<PathBuf>) {
        let folder = self.file.parent().unwrap_or(Path::new(""));
        if paths.is_empty() {
            *paths = self.settings.paths.iter().map(|path| folder.join(path)).collect();
        }
    }

    /// Adds the settings to what the command line says of how inputs are read.
    pub(crate) fn apply_to_reading(&self, reading: &mut Reading, given: &ArgMatches) {
        let is_given = |name: &str| given.value_source(name) == Some(ValueSource::CommandLine);
        let Settings { collector, cranelift, declare_lines, only_declared, .. } = &self.settings;
        let Settings { never_collects, wasm_collector, wasm_optimized, wasm_code, target, .. } =
            &self.settings;
        if !is_given("collector") {
            reading.collector = collector.unwrap_or(reading.collector);
        }
        if !is_given("wasm_optimized") {
            reading.wasm_optimized = wasm_optimized.unwrap_or(reading.wasm_optimized);
        }
        if !is_given("wasm_code") {
            reading.wasm_code = wasm_code.unwrap_or(reading.wasm_code);
        }
        reading.only_declared |= only_declared;
        reading.never_collects.extend(never_collects.iter().cloned());
        reading.cranelift = reading.cranelift.or(*cranelift);
        reading.wasm_collector = reading.wasm_collector.or(*wasm_collector);
        reading.target = reading.target.take().or_else(|| target.clone());
        reading.declare_lines |= declare_lines;
    }

    /// Adds the settings to what the command line says of a report.
    pub(crate) fn apply_to_report(self, report: &mut Report) {
        let Settings { deny, allow, baseline, .. } = self.settings;
        let folder = self.file.parent().unwrap_or(Path::new(""));
        // What is denied counts more than what is allowed, within the file and within the command
        // line; the command line counts more than the file.
        let is_allowed = |denied: &Denied| match denied {
            Denied::Warnings => false,
            Denied::Code(code) => report.allow.contains(&Allowed(*code)),
        };
        let deny: Vec<Denied> = deny.into_iter().filter(|denied| !is_allowed(denied)).collect();
        let allow =
            allow.into_iter().filter(|Allowed(code)| !report.deny.contains(&Denied::Code(*code)));
        let allow: Vec<Allowed> = allow.collect();
        report.deny.extend(deny);
        report.allow.extend(allow);
        report.baseline = report.baseline.take().or_else(|| baseline.map(|path| folder.join(path)));
        report.settings = Some(self.file.display().to_string());
    }
}

/// Returns `:3:5`, the line and column of a place in a text.
fn place(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.len() - before.rfind('\n').map_or(0, |end| end + 1) + 1;
    format!(":{line}:{column}")
}
