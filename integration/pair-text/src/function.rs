//! One function.

use stackmap_verifier::Collector;
use stackmap_verifier::model::Value;

use crate::error::{Problem, ReadError};
use crate::line::{Line, Wrong};
use crate::lines::Lines;
use crate::pair::Pair;
use crate::tables::Tables;
use crate::{after, before};

/// Reads a function.
pub(crate) fn read(text: &str, first_line: u32) -> Result<Pair, ReadError> {
    let mut name = None;
    let read = function(Lines::new(text, first_line), first_line, &mut name);
    read.map_err(|(line, column, what)| ReadError { function: name, line, column, what })
}

/// Reads a function. Its name is also returned if the rest cannot be read.
fn function(all: Lines<'_>, first: u32, name: &mut Option<String>) -> Result<Pair, Wrong> {
    let mut lines = all.clone();
    let header = lines.next()?;
    let function = header.map_or(Err(no_end(&lines, first)), |mut line| self::header(&mut line))?;
    *name = Some(function.clone());
    let tables = Tables::collect(all)?;
    let head = head(&mut lines, &tables)?.ok_or_else(|| no_end(&lines, first))?;
    let before = before::read(&mut lines, &tables)?.ok_or_else(|| no_end(&lines, first))?;
    let after = after::read(&mut lines, &tables)?.ok_or_else(|| no_end(&lines, first))?;
    match lines.next()? {
        Some(line) => Err(line.unexpected("`function` or the end of the file")),
        None => {
            let Head { collector, declared } = head;
            Ok(Pair { name: function, collector, declared, before, after })
        }
    }
}

fn no_end(lines: &Lines<'_>, first: u32) -> Wrong {
    (lines.number(), 1, Problem::NoEnd { line: first })
}

/// Reads the first line, and returns the name of the function.
fn header(line: &mut Line<'_>) -> Result<String, Wrong> {
    line.keyword("`function`")?;
    let name = line.name("the name of the function")?.text.to_owned();
    line.end()?;
    Ok(name)
}

/// What is said of both programs.
struct Head {
    collector: Option<Collector>,
    declared: Vec<Value>,
}

/// Reads lines up to `before`. `None` if they end before that.
fn head(lines: &mut Lines<'_>, tables: &Tables) -> Result<Option<Head>, Wrong> {
    const EXPECTED: &str = "`collector`, `declared` or `before`";
    let mut collector = None;
    let mut declared = None;
    while let Some(mut line) = lines.next()? {
        match line.keyword(EXPECTED)?.text {
            "collector" => {
                let found = self::collector(&mut line)?;
                if collector.replace(found).is_some() {
                    let column = line.origin().column;
                    return Err(line.wrong(column, Problem::Second { keyword: "collector" }));
                }
            }
            "declared" => {
                let values: &mut Vec<Value> = declared.get_or_insert_default();
                values.extend(before::values(&mut line, tables)?);
            }
            "before" => {
                line.end()?;
                let column = line.origin().column;
                let declared = declared.ok_or_else(|| line.wrong(column, Problem::NotDeclared))?;
                return Ok(Some(Head { collector, declared }));
            }
            _ => return Err(line.unknown(EXPECTED)),
        }
        line.end()?;
    }
    Ok(None)
}

fn collector(line: &mut Line<'_>) -> Result<Collector, Wrong> {
    const EXPECTED: &str = "`moving` or `non-moving`";
    match line.keyword(EXPECTED)?.text {
        "moving" => Ok(Collector::Moving),
        "non-moving" => Ok(Collector::NonMoving),
        _ => Err(line.unknown(EXPECTED)),
    }
}
