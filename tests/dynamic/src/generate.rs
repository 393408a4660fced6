//! Functions that can be run, as CLIF text.
//!
//! The shape is that of the oracle's generator: any graph, including irreducible loops, with
//! block parameters, several references across calls, and calls that throw. Here each operation
//! becomes executable instructions: a safepoint calls an import, a reference that no call makes
//! is read from memory or from another object, and the values that an operation observes are
//! written to memory that the world reads.
//!
//! All references are 32 bits wide and index the world's memory, whose address is the
//! function's first parameter. The index is masked before it is used, so that a wrong reference
//! reads wrong contents, but within the memory.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use stackmap_oracle::dice::Dice;
use stackmap_oracle::generate::{ValueSet, references, source};
use stackmap_oracle::program::{Edge, Operation, Source};
use stackmap_verifier::model::OperationKind;

use crate::heap::{DECISIONS, GLOBALS, LOG, TAPE};

/// The value that holds the memory's address.
const BASE: usize = 200;
/// The first value that is not one of the source's.
const OWN: usize = 201;

/// Makes a function. `None` if no reference is declared in it, or if nothing
/// could stop it.
pub fn generate(dice: &mut Dice<'_>) -> Option<String> {
    let mut source = source(dice);
    tidy(&mut source);
    let fixed = fix(dice, &source);
    if source.declared.is_empty() || endless(&source, &fixed) {
        return None;
    }
    let references = references(&source);
    let mut writer = Writer {
        source: &source,
        fixed,
        references,
        own: OWN,
        log: LOG.start,
        imports: BTreeMap::new(),
        body: String::new(),
    };
    writer.function().ok()?;
    Some(writer.finish())
}

/// The oracle passes any value to any parameter. Here the collector must read references or
/// null, so other values are replaced by a reference of the same block, or by null, the
/// constant that the entry starts with.
fn tidy(source: &mut Source) {
    let Some(null) = source.blocks[0].operations.first().and_then(|o| o.defs.first()).copied()
    else {
        return;
    };
    source.blocks[0].operations[0].uses.clear();
    let references = references(source);
    let is = |value: usize| references >> value & 1 == 1;
    let params: Vec<Vec<usize>> = source.blocks.iter().map(|block| block.params.clone()).collect();
    for block in &mut source.blocks {
        let mut known: Vec<usize> = block.params.iter().copied().filter(|&v| is(v)).collect();
        let other = |known: &[usize], value: usize| match known.len() {
            0 => null,
            _ if value.is_multiple_of(4) => null,
            count => known[value % count],
        };
        let ends_in_call = block.ends_in_call();
        let last = block.operations.len().wrapping_sub(1);
        for (n, operation) in block.operations.iter_mut().enumerate() {
            if let OperationKind::Forwards { first } = operation.kind
                && operation.defs.iter().any(|&d| is(d))
            {
                let forwarded = operation.uses.iter_mut().skip(usize::from(first));
                let uses = forwarded.filter(|value| !is(**value));
                uses.for_each(|value| *value = other(&known, *value));
            }
            if n != last || !ends_in_call {
                known.extend(operation.defs.iter().filter(|&&def| is(def)));
            }
        }
        for (to, arguments) in &mut block.edges {
            for (argument, &param) in arguments.iter_mut().zip(&params[*to]) {
                if is(param) && !is(*argument) {
                    *argument = other(&known, *argument);
                }
            }
        }
    }
}

/// For each block whose branch always goes the same way, that way. The blocks behind the other
/// ways are dead, but the spiller does not know that.
fn fix(dice: &mut Dice<'_>, source: &Source) -> Vec<Option<usize>> {
    let blocks = source.blocks.iter();
    let fixed = blocks.map(|block| {
        let branches = block.edges.len() > 1 && !block.ends_in_call();
        let way = dice.below(block.edges.len());
        (branches && dice.chance(15)).then_some(way)
    });
    fixed.collect()
}

/// Whether there is a loop without a call and without a decision.
fn endless(source: &Source, fixed: &[Option<usize>]) -> bool {
    let is_call = |o: &Operation| o.kind == OperationKind::Safepoint;
    let next = |b: usize| {
        let block = &source.blocks[b];
        match (block.edges.as_slice(), fixed[b]) {
            _ if block.operations.iter().any(is_call) => None,
            ([(to, _)], _) => Some(*to),
            (edges, Some(way)) => Some(edges[way].0),
            (_, None) => None,
        }
    };
    (0..source.blocks.len()).any(|b| {
        let mut at = Some(b);
        (0..=source.blocks.len()).for_each(|_| at = at.and_then(next));
        at.is_some()
    })
}

/// The function as written so far.
struct Writer<'s> {
    source: &'s Source,
    fixed: Vec<Option<usize>>,
    references: ValueSet,
    /// The next value of its own.
    own: usize,
    /// The next place of the log to write to.
    log: u32,
    /// The number of each import, by what it takes and returns.
    imports: BTreeMap<(usize, usize), usize>,
    body: String,
}

impl Writer<'_> {
    fn is_reference(&self, value: usize) -> bool {
        self.references >> value & 1 == 1
    }

    /// A value of its own.
    fn fresh(&mut self) -> usize {
        self.own += 1;
        self.own - 1
    }

    fn line(&mut self, line: fmt::Arguments<'_>) -> fmt::Result {
        writeln!(self.body, "    {line}")
    }

    /// Defines a new `v`: `v = what`.
    fn let_(&mut self, what: fmt::Arguments<'_>) -> Result<usize, fmt::Error> {
        let value = self.fresh();
        self.line(format_args!("v{value} = {what}"))?;
        Ok(value)
    }

    fn function(&mut self) -> fmt::Result {
        let params = self.source.blocks[0].params.clone();
        // The function's parameters are copied, since no edge can lead to an entry.
        let copies: Vec<usize> = params.iter().map(|_| self.fresh()).collect();
        let header: String = copies.iter().map(|copy| format!(", v{copy}: i32")).collect();
        writeln!(self.body, "block0(v{BASE}: i64{header}):")?;
        let passed: Vec<String> = copies.iter().map(|copy| format!("v{copy}")).collect();
        self.line(format_args!("jump block1{}", list(&passed)))?;
        for b in 0..self.source.blocks.len() {
            self.block(b)?;
        }
        writeln!(self.body, "block{}:", self.source.blocks.len() + 1)?;
        let zero = self.let_(format_args!("iconst.i32 0"))?;
        self.line(format_args!("return v{zero}"))
    }

    fn block(&mut self, b: usize) -> fmt::Result {
        let block = &self.source.blocks[b];
        let params: Vec<String> = block.params.iter().map(|p| format!("v{p}: i32")).collect();
        writeln!(self.body, "block{}{}:", b + 1, list(&params))?;
        let throws = block.ends_in_call() && block.edges.len() > 1;
        let count = block.operations.len() - usize::from(throws);
        for operation in &block.operations[..count] {
            self.operation(operation)?;
        }
        match block.edges.as_slice() {
            [] => self.return_(b),
            [edge] => {
                let target = self.target(edge, &[], false);
                self.line(format_args!("jump {target}"))
            }
            edges if throws => self.try_call(&block.operations[count], edges),
            edges => self.branch(edges, self.fixed[b]),
        }
    }

    fn return_(&mut self, b: usize) -> fmt::Result {
        let block = &self.source.blocks[b];
        let made = block.operations.iter().flat_map(|operation| &operation.defs);
        let value = made.chain(&block.params).last().copied();
        match value {
            Some(value) => self.line(format_args!("return v{value}")),
            None => {
                let zero = self.let_(format_args!("iconst.i32 0"))?;
                self.line(format_args!("return v{zero}"))
            }
        }
    }

    /// Returns a block with its arguments. `results` are those of a `try_call`, which exist
    /// only on the edge to which it returns.
    fn target(&self, (to, arguments): &Edge, results: &[usize], throws: bool) -> String {
        let arguments: Vec<String> = arguments
            .iter()
            .map(|value| match results.iter().position(|result| result == value) {
                Some(_) if throws => format!("v{}", self.null()),
                Some(n) => format!("ret{n}"),
                None => format!("v{value}"),
            })
            .collect();
        format!("block{}{}", to + 1, list(&arguments))
    }

    /// The constant that the first block starts with.
    fn null(&self) -> usize {
        self.source.blocks[0].operations[0].defs[0]
    }

    /// A branch on the next decision, or on a constant.
    fn branch(&mut self, edges: &[Edge], fixed: Option<usize>) -> fmt::Result {
        let byte = match fixed {
            Some(way) => self.let_(format_args!("iconst.i32 {way}"))?,
            None => self.decision()?,
        };
        let targets = edges.iter().map(|edge| self.target(edge, &[], false));
        let targets: Vec<String> = targets.collect();
        let exit = self.source.blocks.len() + 1;
        let table: Vec<&str> =
            targets.iter().cycle().take(edges.len().max(4)).map(String::as_str).collect();
        self.line(format_args!("br_table v{byte}, block{exit}, [{}]", table.join(", ")))
    }

    /// Returns the next decision. If there are no more, it is one by which a branch leaves the
    /// function.
    fn decision(&mut self) -> Result<usize, fmt::Error> {
        let taken = self.let_(format_args!("load.i32 notrap v{BASE}"))?;
        let wide = self.let_(format_args!("uextend.i64 v{taken}"))?;
        let at = self.let_(format_args!("iadd v{BASE}, v{wide}"))?;
        let byte = self.let_(format_args!("uload8.i32 notrap v{at}+{TAPE}"))?;
        let one = self.let_(format_args!("iconst.i32 1"))?;
        let more = self.let_(format_args!("iadd v{taken}, v{one}"))?;
        let most = self.let_(format_args!("iconst.i32 {DECISIONS}"))?;
        let is_less = self.let_(format_args!("icmp ult v{taken}, v{most}"))?;
        let now = self.let_(format_args!("select v{is_less}, v{more}, v{taken}"))?;
        self.line(format_args!("store notrap v{now}, v{BASE}"))?;
        Ok(byte)
    }

    /// Returns the import with these numbers of parameters and results. The kinds of its
    /// results are part of its number, so that a reference is not returned in place of a
    /// number.
    fn import(&mut self, operation: &Operation) -> usize {
        let kinds = operation
            .defs
            .iter()
            .fold(1, |kinds, &def| kinds << 1 | usize::from(self.is_reference(def)));
        let next = self.imports.len();
        *self.imports.entry((operation.uses.len(), kinds)).or_insert(next)
    }

    fn try_call(&mut self, operation: &Operation, edges: &[Edge]) -> fmt::Result {
        let import = self.import(operation);
        let uses = values(&operation.uses);
        let normal = self.target(&edges[0], &operation.defs, false);
        let handlers = edges[1..].iter().enumerate().map(|(n, edge)| {
            let target = self.target(edge, &operation.defs, true);
            if n + 2 == edges.len() {
                format!("default: {target}")
            } else {
                format!("tag{n}: {target}")
            }
        });
        let handlers: Vec<String> = handlers.collect();
        let handlers = handlers.join(", ");
        self.line(format_args!(
            "try_call fn{import}({uses}), sig{import}, {normal}, [ {handlers} ]"
        ))
    }

    fn operation(&mut self, operation: &Operation) -> fmt::Result {
        match operation.kind {
            OperationKind::Safepoint => {
                let import = self.import(operation);
                let uses = values(&operation.uses);
                let results = values(&operation.defs);
                let results = if results.is_empty() { results } else { format!("{results} = ") };
                self.line(format_args!("{results}call fn{import}({uses})"))
            }
            OperationKind::Forwards { .. } => match (&operation.uses[..], operation.forwarded()) {
                (&[condition, ..], &[first, .., last] | &[first @ last]) => {
                    for &def in &operation.defs {
                        self.line(format_args!("v{def} = select v{condition}, v{first}, v{last}"))?;
                    }
                    Ok(())
                }
                _ => self.plain(operation),
            },
            OperationKind::Plain => self.plain(operation),
            OperationKind::Null => {
                self.observe(operation)?;
                let nulls = operation.defs.iter();
                nulls.copied().try_for_each(|def| self.line(format_args!("v{def} = iconst.i32 0")))
            }
        }
    }

    /// Writes the values that an operation observes to memory that the world reads.
    fn observe(&mut self, operation: &Operation) -> fmt::Result {
        for &value in &operation.uses {
            let place = self.log;
            self.log = if place + 16 > LOG.end { LOG.start } else { place + 8 };
            self.line(format_args!("store notrap v{value}, v{BASE}+{place}"))?;
        }
        Ok(())
    }

    fn plain(&mut self, operation: &Operation) -> fmt::Result {
        self.observe(operation)?;
        let through = operation.uses.iter().copied().find(|&value| self.is_reference(value));
        for &def in &operation.defs {
            match (self.is_reference(def), through) {
                (false, _) if operation.uses.is_empty() => {
                    self.line(format_args!("v{def} = iconst.i32 0"))?;
                }
                // The object's number, or the object that it refers to.
                (is_reference, Some(through)) => {
                    let offset = if is_reference { 8 } else { 0 };
                    let at = self.object(through)?;
                    self.line(format_args!("v{def} = load.i32 notrap v{at}+{offset}"))?;
                }
                (true, None) => {
                    let place = GLOBALS.start + 8 * u32::try_from(def % 8).unwrap_or(0);
                    self.line(format_args!("v{def} = load.i32 notrap v{BASE}+{place}"))?;
                }
                (false, None) => {
                    let (first, last) =
                        (operation.uses[0], operation.uses[operation.uses.len() - 1]);
                    self.line(format_args!("v{def} = iadd v{first}, v{last}"))?;
                }
            }
        }
        Ok(())
    }

    /// Computes the address of an object.
    fn object(&mut self, reference: usize) -> Result<usize, fmt::Error> {
        let mask = self.let_(format_args!("iconst.i32 0xfff0"))?;
        let masked = self.let_(format_args!("band v{reference}, v{mask}"))?;
        let wide = self.let_(format_args!("uextend.i64 v{masked}"))?;
        self.let_(format_args!("iadd v{BASE}, v{wide}"))
    }

    fn finish(self) -> String {
        let declared: Vec<String> =
            self.source.declared.iter().map(|value| format!("v{value}")).collect();
        let params = self.source.blocks[0].params.iter();
        let copies = params.clone().enumerate().filter(|(_, p)| self.is_reference(**p));
        let copies = copies.map(|(n, _)| format!("v{}", OWN + n));
        let declared: Vec<String> = copies.chain(declared).collect();
        let mut text = format!(";! declare {}\n", declared.join(" "));
        let types = |count: usize| vec!["i32"; count].join(", ");
        let own = params.map(|_| ", i32").collect::<String>();
        text.push_str(&format!("function %generated(i64{own}) -> i32 system_v {{\n"));
        for (&(uses, kinds), import) in &self.imports {
            let results = (usize::BITS - 1 - kinds.leading_zeros()) as usize;
            let arrow =
                if results == 0 { String::new() } else { format!(" -> {}", types(results)) };
            text.push_str(&format!("    sig{import} = ({}){arrow} system_v\n", types(uses)));
        }
        for import in self.imports.values() {
            text.push_str(&format!("    fn{import} = u0:{import} sig{import}\n"));
        }
        text + &self.body + "}\n"
    }
}

/// `(a, b)`, or nothing.
fn list(items: &[String]) -> String {
    if items.is_empty() { String::new() } else { format!("({})", items.join(", ")) }
}

/// `v1, v2`.
fn values(values: &[usize]) -> String {
    values.iter().map(|value| format!("v{value}")).collect::<Vec<_>>().join(", ")
}
