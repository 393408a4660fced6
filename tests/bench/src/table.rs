//! Prints the measurements.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::clock::Time;
use crate::columns::{Column, Subject};
use crate::growth::exponent;
use crate::sample::Size;

/// The measurements of one subject.
#[derive(Clone, Debug)]
pub struct Row {
    /// The name of the subject.
    pub name: String,
    /// The family it is of, if it is generated.
    pub family: Option<&'static str>,
    /// The size of the subject.
    pub size: Size,
    /// The size of its log in bytes.
    pub bytes: usize,
    /// The times. A column that was not run is absent.
    pub times: BTreeMap<Column, Time>,
    /// The maximum number of bytes in use.
    pub peak: usize,
}

impl Row {
    /// The row of a subject.
    pub fn new(subject: &Subject, family: Option<&'static str>, peak: usize) -> Row {
        let Subject { name, size, log, .. } = subject;
        let (name, size, bytes) = (name.clone(), *size, log.len());
        Row { name, family, size, bytes, times: BTreeMap::new(), peak }
    }

    /// Seconds, the shortest of the runs.
    fn seconds(&self, column: Column) -> Option<f64> {
        self.times.get(&column).map(|time| time.min.as_secs_f64())
    }

    /// Seconds for all of some columns.
    fn sum(&self, columns: &[Column]) -> Option<f64> {
        columns.iter().map(|&column| self.seconds(column)).sum()
    }

    fn ratio(&self, column: Column, to: Column) -> Option<f64> {
        Some(self.seconds(column)? / self.seconds(to)?)
    }

    /// Returns the time that regalloc2's checker adds to compiling, in seconds.
    fn checker(&self) -> Option<f64> {
        Some(self.seconds(Column::CompileChecked)? - self.seconds(Column::CompileSpeed)?)
    }

    /// Returns the largest difference between the median and the shortest run, over all
    /// columns, relative to the shortest.
    fn noise(&self) -> f64 {
        let noise = self.times.values().map(|time| {
            time.median.as_secs_f64() / time.min.as_secs_f64().max(f64::MIN_POSITIVE) - 1.0
        });
        noise.fold(0.0, f64::max)
    }

    /// Returns the number of bytes per instruction of the function after.
    fn bytes_an_instruction(&self) -> f64 {
        self.peak as f64 / self.size.after as f64
    }
}

/// Formats a number, or that it was not measured.
fn cell(number: Option<f64>, digits: usize) -> String {
    number.map_or("not run".to_owned(), |number| format!("{number:.digits$}"))
}

fn line(out: &mut String, cells: &[String]) {
    writeln!(out, "| {} |", cells.join(" | ")).expect("a string takes everything");
}

fn head(out: &mut String, names: &[&str]) {
    line(out, &names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>());
    let rule: Vec<&str> = (0..names.len()).map(|i| if i == 0 { "---" } else { "---:" }).collect();
    writeln!(out, "|{}|", rule.join("|")).expect("a string takes everything");
}

/// Times, in nanoseconds an instruction of the function after.
pub fn times(rows: &[Row]) -> String {
    let mut out = String::new();
    head(
        &mut out,
        &[
            "functions",
            "instructions",
            "blocks",
            "map entries",
            "touch",
            "lower",
            "verify",
            "pair",
            "from text",
            "`verify_function`",
            "spiller",
            "compile, none",
            "compile, speed",
            "regalloc checker",
            "noise",
        ],
    );
    for row in rows {
        let an_instruction = 1e9 / row.size.after as f64;
        let time = |seconds: Option<f64>| cell(seconds.map(|s| s * an_instruction), 1);
        let Size { after, blocks, entries, .. } = row.size;
        line(
            &mut out,
            &[
                row.name.clone(),
                after.to_string(),
                blocks.to_string(),
                entries.to_string(),
                time(row.seconds(Column::Touch)),
                time(row.seconds(Column::Lower)),
                time(row.seconds(Column::Verify)),
                time(row.seconds(Column::Pair)),
                time(row.sum(&[Column::Read, Column::Verify])),
                time(row.seconds(Column::VerifyFunction)),
                time(row.seconds(Column::Spiller)),
                time(row.seconds(Column::CompileNone)),
                time(row.seconds(Column::CompileSpeed)),
                time(row.checker()),
                format!("{:.0} %", 100.0 * row.noise()),
            ],
        );
    }
    out
}

/// Ratios.
pub fn ratios(rows: &[Row]) -> String {
    let mut out = String::new();
    head(
        &mut out,
        &[
            "functions",
            "instructions",
            "pair / touch",
            "verify / touch",
            "pair / `verify_function`",
            "pair / spiller",
            "pair / compile, speed",
            "parsing a log, MB/s",
            "peak, bytes an instruction",
            "and map entry",
        ],
    );
    for row in rows {
        let percent = row.ratio(Column::Pair, Column::CompileSpeed);
        let speed = row.seconds(Column::Parse).map(|seconds| row.bytes as f64 / seconds / 1e6);
        line(
            &mut out,
            &[
                row.name.clone(),
                row.size.after.to_string(),
                cell(row.ratio(Column::Pair, Column::Touch), 1),
                cell(row.ratio(Column::Verify, Column::Touch), 1),
                cell(row.ratio(Column::Pair, Column::VerifyFunction), 2),
                cell(row.ratio(Column::Pair, Column::Spiller), 2),
                percent.map_or(cell(None, 0), |ratio| format!("{:.1} %", 100.0 * ratio)),
                cell(speed, 0),
                format!("{:.0}", row.bytes_an_instruction()),
                format!("{:.0}", row.peak as f64 / row.size.growth() as f64),
            ],
        );
    }
    out
}

/// A cost whose growth exponent is computed.
type Cost = (&'static str, fn(&Row) -> Option<f64>);

const COSTS: [Cost; 8] = [
    ("touch", |row| row.seconds(Column::Touch)),
    ("lower", |row| row.seconds(Column::Lower)),
    ("verify", |row| row.seconds(Column::Verify)),
    ("pair", |row| row.seconds(Column::Pair)),
    ("parsing a log", |row| row.seconds(Column::Parse)),
    ("`verify_function`", |row| row.seconds(Column::VerifyFunction)),
    ("spiller", |row| row.seconds(Column::Spiller)),
    ("peak memory", |row| Some(row.peak as f64)),
];

/// The rows of each family.
fn families(rows: &[Row]) -> BTreeMap<&'static str, Vec<&Row>> {
    let mut families: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        if let Some(family) = row.family {
            families.entry(family).or_default().push(row);
        }
    }
    families
}

fn growth(rows: &[&Row], cost: fn(&Row) -> Option<f64>) -> Option<f64> {
    let points = rows.iter().filter_map(|row| Some((row.size.growth() as f64, cost(row)?)));
    exponent(&points.collect::<Vec<_>>())
}

/// Growth exponents, in instructions plus map entries.
pub fn exponents(rows: &[Row]) -> String {
    let mut out = String::new();
    let names: Vec<&str> = COSTS.iter().map(|(name, _)| *name).collect();
    head(&mut out, &[&["family"], names.as_slice()].concat());
    for (family, rows) in families(rows) {
        let costs = COSTS.iter().map(|(_, cost)| cell(growth(&rows, *cost), 2));
        line(&mut out, &std::iter::once(family.to_owned()).chain(costs).collect::<Vec<_>>());
    }
    out
}

/// The size from which on the goals apply.
const LARGE: usize = 100_000;

/// Returns the goals, each with the row that is furthest from it.
pub fn aims(rows: &[Row]) -> String {
    let mut out = String::new();
    head(&mut out, &["aim", "at most", "worst", "where", "met"]);
    let meant: Vec<&Row> =
        rows.iter().filter(|row| row.family.is_none() || row.size.before * 2 >= LARGE).collect();
    let mut aim = |what: &str, most: f64, of: &dyn Fn(&Row) -> Option<f64>| {
        let figures = meant.iter().filter_map(|row| Some((of(row)?, row.name.as_str())));
        worst(&mut out, what, most, figures);
    };
    aim("pair / touch", 2.0, &|row| row.ratio(Column::Pair, Column::Touch));
    aim("verify / touch", 2.0, &|row| row.ratio(Column::Verify, Column::Touch));
    aim("pair / `verify_function`", 0.7, &|row| row.ratio(Column::Pair, Column::VerifyFunction));
    aim("pair / compile at speed", 0.05, &|row| row.ratio(Column::Pair, Column::CompileSpeed));
    aim("peak memory, bytes an instruction", 200.0, &|row| Some(row.bytes_an_instruction()));
    let families = families(rows);
    let growths = families
        .iter()
        .filter_map(|(name, rows)| Some((growth(rows, |row| row.seconds(Column::Pair))?, *name)));
    worst(&mut out, "growth exponent of pair", 1.1, growths);
    out
}

fn worst<'r>(
    out: &mut String,
    what: &str,
    most: f64,
    figures: impl Iterator<Item = (f64, &'r str)>,
) {
    let Some((figure, name)) = figures.max_by(|a, b| a.0.total_cmp(&b.0)) else { return };
    let met = if figure <= most { "yes" } else { "no" };
    let cells = [what.to_owned(), most.to_string(), format!("{figure:.2}"), name.to_owned()];
    line(out, &[&cells[..], &[met.to_owned()]].concat());
}
