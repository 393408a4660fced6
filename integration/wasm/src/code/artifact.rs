//! What Wasmtime compiled a module to: an object file with machine code, symbols and tables.
//!
//! The tables are read by the code that Wasmtime's runtime reads them with.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use cranelift_codegen::ExceptionContextLoc;
use cranelift_codegen::ir::ExceptionTag;
use stackmap_code::{Emitted, Handler, Handlers, MapEntry, Relocations, StackMap};
use wasmtime_environ::obj::{ELF_WASMTIME_EXCEPTIONS, ELF_WASMTIME_STACK_MAP};
use wasmtime_environ::object::read::elf::ElfFile64;
use wasmtime_environ::object::{Endianness, Object, ObjectSection, ObjectSymbol, SymbolKind};
use wasmtime_environ::{StackMap as StackMaps, object};
use wasmtime_internal_unwinder::{ExceptionHandler, ExceptionTable};

/// The machine code of a module. All addresses in it are relative to its first byte.
pub(super) struct Artifact<'a> {
    code: &'a [u8],
    /// The code of each function, by its symbol.
    functions: BTreeMap<&'a str, Range<u32>>,
    /// Sorted by their addresses.
    maps: Vec<StackMap>,
    /// Sorted by their addresses.
    handlers: Vec<Handlers>,
}

impl<'a> Artifact<'a> {
    /// Reads an artifact.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with it, in words.
    pub(super) fn read(bytes: &'a [u8]) -> Result<Self, String> {
        let file = ElfFile64::<Endianness>::parse(bytes).map_err(|error| error.to_string())?;
        let text = file.section_by_name(".text").ok_or("it has no code")?;
        let start = text.address();
        let code = text.data().map_err(|error| error.to_string())?;
        let mut functions = BTreeMap::new();
        for symbol in file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text) {
            let name = symbol.name().map_err(|error| error.to_string())?;
            let begin = symbol.address().checked_sub(start);
            let range = begin.and_then(|begin| range(begin, symbol.size(), code.len()));
            let range = range.ok_or_else(|| format!("{name} is outside of the code"))?;
            if functions.insert(name, range).is_some() {
                return Err(format!("there are two functions {name}"));
            }
        }
        let maps = stack_maps(section(&file, ELF_WASMTIME_STACK_MAP)?)?;
        let handlers = handlers(section(&file, ELF_WASMTIME_EXCEPTIONS)?)?;
        // The runtime searches for an address by halves.
        if !maps.is_sorted_by(|a, b| a.return_address < b.return_address) {
            return Err("its stack maps are not in order".to_owned());
        }
        if !handlers.is_sorted_by(|a, b| a.return_address < b.return_address) {
            return Err("its exception handlers are not in order".to_owned());
        }
        Ok(Artifact { code, functions, maps, handlers })
    }

    /// Returns the code of a function with its tables; `None` if there is no such symbol.
    pub(super) fn function(&self, symbol: &str) -> Option<Emitted<'a>> {
        let range = self.functions.get(symbol)?;
        let relative = |address: u32| address.saturating_sub(range.start);
        let maps = self
            .maps_in(range)
            .iter()
            .map(|map| StackMap { return_address: relative(map.return_address), ..map.clone() });
        let in_function = within(&self.handlers, range, |table| table.return_address);
        let handlers = in_function.iter().map(|table| Handlers {
            return_address: relative(table.return_address),
            handlers: table.handlers.iter().map(|&handler| in_code(handler, range)).collect(),
            ..*table
        });
        Some(Emitted {
            code: self.code.get(range.start as usize..range.end as usize)?,
            relocations: Relocations::Applied,
            maps: maps.collect(),
            handlers: Some(handlers.collect()),
        })
    }

    /// Returns the symbols of functions that have stack maps but are not among `known`, with the
    /// number of their maps. Maps in no function are at the end, without a symbol.
    pub(super) fn unknown_maps(&self, known: &BTreeSet<String>) -> Vec<(Option<&'a str>, usize)> {
        let mut rest = self.maps.len();
        let mut unknown = Vec::new();
        for (symbol, range) in &self.functions {
            let count = self.maps_in(range).len();
            rest = rest.saturating_sub(count);
            if count > 0 && !known.contains(*symbol) {
                unknown.push((Some(*symbol), count));
            }
        }
        unknown.extend((rest > 0).then_some((None, rest)));
        unknown
    }

    fn maps_in(&self, range: &Range<u32>) -> &[StackMap] {
        within(&self.maps, range, |map| map.return_address)
    }
}

/// Returns the handler relative to the function. One that is outside of it is at no offset of it.
fn in_code(handler: Handler, range: &Range<u32>) -> Handler {
    let target = handler.target.checked_sub(range.start).unwrap_or(u32::MAX);
    Handler { target, ..handler }
}

/// Returns the entries of a sorted table whose return addresses are in a function. A call may be
/// its last instruction, and it is not its first.
fn within<'t, T>(table: &'t [T], range: &Range<u32>, address: impl Fn(&T) -> u32) -> &'t [T] {
    let begin = table.partition_point(|entry| address(entry) <= range.start);
    let end = table.partition_point(|entry| address(entry) <= range.end);
    &table[begin..end.max(begin)]
}

fn range(begin: u64, size: u64, most: usize) -> Option<Range<u32>> {
    let end = begin.checked_add(size)?;
    let is_inside = usize::try_from(end).is_ok_and(|end| end <= most);
    is_inside.then_some(())?;
    Some(u32::try_from(begin).ok()?..u32::try_from(end).ok()?)
}

/// Returns the bytes of a section; `None` if there is none, which says that it would be empty.
fn section<'a>(file: &ElfFile64<'a, Endianness>, name: &str) -> Result<Option<&'a [u8]>, String> {
    let section = file.section_by_name(name);
    let data = section.map(|section| section.data()).transpose();
    data.map_err(|error: object::Error| error.to_string())
}

fn stack_maps(section: Option<&[u8]>) -> Result<Vec<StackMap>, String> {
    let Some(section) = section else { return Ok(Vec::new()) };
    let maps = StackMaps::iter(section).ok_or("its stack maps are cut short")?;
    let maps = maps.map(|(return_address, map)| StackMap {
        return_address,
        frame_size: Some(map.frame_size()),
        entries: map.offsets().map(|offset| MapEntry { offset, r#type: None }).collect(),
    });
    Ok(maps.collect())
}

fn handlers(section: Option<&[u8]>) -> Result<Vec<Handlers>, String> {
    let Some(section) = section else { return Ok(Vec::new()) };
    let table = ExceptionTable::parse(section).map_err(|error| error.to_string())?;
    let calls = table.into_iter().map(|(return_address, frame_size, handlers)| Handlers {
        return_address,
        frame_size,
        handlers: handlers.into_iter().map(handler).collect(),
    });
    Ok(calls.collect())
}

fn handler(handler: ExceptionHandler) -> Handler {
    let ExceptionHandler { tag, context_sp_offset, handler_offset } = handler;
    Handler {
        tag: tag.and_then(ExceptionTag::with_number),
        context: context_sp_offset.map(ExceptionContextLoc::SPOffset),
        target: handler_offset,
    }
}
