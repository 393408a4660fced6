//! Writes a function, block by block.

mod leave;
mod memory;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use stackmap_oracle::dice::Dice;

use crate::shape::Shape;
use crate::types::Type;

/// A function before anything is declared. Values are numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) text: String,
    /// For each value, the value that it is an alias of, or itself.
    pub(crate) root: Vec<usize>,
    /// The copies made by an edge, `select` or `bitcast`, as (source, destination), with
    /// aliases resolved.
    pub(crate) copies: Vec<(usize, usize)>,
    /// The operands of each `select`, aliases resolved: the condition, and the arms.
    pub(crate) selects: Vec<[usize; 3]>,
    /// Constant zeros.
    pub(crate) nulls: BTreeSet<usize>,
    /// The values that are written into stack maps by hand.
    pub(crate) mapped: BTreeSet<usize>,
    /// Values that are never declared: addresses and conditions.
    pub(crate) plain: BTreeSet<usize>,
    pub(crate) features: BTreeSet<&'static str>,
}

/// Writes a function.
pub(crate) fn write(dice: &mut Dice<'_>) -> Draft {
    let shape = Shape::roll(dice);
    let main = if dice.chance(50) { Type::I32 } else { Type::I64 };
    let mut writer = Writer {
        // Some functions are all calls, some have hardly any.
        calls: dice.between(10, 70),
        variety: dice.between(0, 60),
        convention: if dice.chance(15) { "tail" } else { "system_v" },
        blocks: vec![Block::default(); shape.successors.len()],
        draft: Draft::default(),
        types: Vec::new(),
        returns: Vec::new(),
        signatures: Vec::new(),
        slots: Vec::new(),
        cells: BTreeMap::new(),
        dice,
        shape,
        main,
    };
    writer.shape.features(&mut writer.draft.features);
    writer.begin();
    for block in writer.shape.order() {
        writer.block(block);
    }
    writer.finish()
}

/// A block: its parameters, followed by the values that it defines.
#[derive(Clone, Debug, Default)]
struct Block {
    params: Vec<usize>,
    defined: Vec<usize>,
    lines: Vec<String>,
}

struct Writer<'d, 'b> {
    dice: &'d mut Dice<'b>,
    shape: Shape,
    /// The percentage of instructions that are calls.
    calls: usize,
    /// The percentage of values that are not of the main type.
    variety: usize,
    main: Type,
    convention: &'static str,
    blocks: Vec<Block>,
    draft: Draft,
    /// By value.
    types: Vec<Type>,
    returns: Vec<Type>,
    signatures: Vec<String>,
    /// The size of each slot that the function has of its own.
    slots: Vec<usize>,
    /// For each slot, the first and last bytes of each store.
    cells: BTreeMap<usize, BTreeSet<(usize, usize)>>,
}

/// A block that is being written.
struct Body {
    block: usize,
    /// The values that can be read here.
    scope: Vec<usize>,
}

/// `v1, v2`.
fn list(values: &[usize]) -> String {
    values.iter().map(|v| format!("v{v}")).collect::<Vec<_>>().join(", ")
}

fn type_list(types: &[Type]) -> String {
    types.iter().map(|r#type| r#type.name()).collect::<Vec<_>>().join(", ")
}

impl Writer<'_, '_> {
    fn any_type(&mut self) -> Type {
        match self.dice.chance(self.variety) {
            true => Type::any(self.dice),
            false => self.main,
        }
    }

    fn any_types(&mut self, below: usize) -> Vec<Type> {
        (0..self.dice.below(below)).map(|_| self.any_type()).collect()
    }

    fn value(&mut self, r#type: Type) -> usize {
        let value = self.types.len();
        self.types.push(r#type);
        self.draft.root.push(value);
        value
    }

    fn note(&mut self, body: &Body, feature: &'static str) {
        if self.shape.is_reachable(body.block) {
            self.draft.features.insert(feature);
        }
    }

    fn line(&mut self, body: &Body, line: String) {
        self.blocks[body.block].lines.push(line);
    }

    /// Creates the parameters of all blocks, the slots, and the return types.
    fn begin(&mut self) {
        for block in 0..self.shape.successors.len() {
            let mut types = self.any_types(4);
            if block == 0 {
                // Ensures that a condition and an address are available everywhere.
                types.splice(0..0, [Type::I32, Type::I64]);
            }
            self.blocks[block].params = types.into_iter().map(|t| self.value(t)).collect();
        }
        self.draft.plain.extend([0, 1]);
        if self.dice.chance(35) {
            self.slots =
                (0..self.dice.between(1, 2)).map(|_| 8 * self.dice.between(1, 3)).collect();
        }
        self.returns = self.any_types(3);
    }

    fn block(&mut self, block: usize) {
        let mut body = Body { block, scope: Vec::new() };
        for above in self.shape.above(block) {
            body.scope.extend(&self.blocks[above].defined);
        }
        let params = self.blocks[block].params.clone();
        if !params.is_empty() && block != 0 {
            self.note(&body, "block parameter");
        }
        self.defined(&mut body, &params);
        let count = self.dice.below(6);
        for _ in 0..count {
            self.instruction(&mut body);
        }
        if count == 0 {
            self.note(&body, "empty block");
        }
        self.leave(&mut body);
    }

    /// Puts values into scope, and perhaps aliases of them.
    fn defined(&mut self, body: &mut Body, values: &[usize]) {
        for &value in values {
            self.enter(body, value);
            let mut of = value;
            while self.dice.chance(12) {
                let alias = self.value(self.types[of]);
                self.draft.root[alias] = self.draft.root[of];
                self.line(body, format!("v{alias} -> v{of}"));
                self.note(body, if of == value { "alias" } else { "alias of an alias" });
                self.enter(body, alias);
                of = alias;
            }
        }
    }

    fn enter(&mut self, body: &mut Body, value: usize) {
        body.scope.push(value);
        self.blocks[body.block].defined.push(value);
    }

    /// Returns a value of this type: usually an existing one, or else a new constant.
    fn find(&mut self, body: &mut Body, r#type: Type) -> usize {
        let fitting: Vec<usize> =
            body.scope.iter().copied().filter(|&v| self.types[v] == r#type).collect();
        match fitting.is_empty() || self.dice.chance(4) {
            true => self.constant(body, r#type),
            false => self.dice.pick(&fitting).unwrap_or(0),
        }
    }

    fn any_values(&mut self, body: &Body, below: usize) -> Vec<usize> {
        // In unreachable blocks only the entry's values are in scope; there are some.
        (0..self.dice.below(below)).filter_map(|_| self.dice.pick(&body.scope)).collect()
    }

    fn constant(&mut self, body: &mut Body, r#type: Type) -> usize {
        let number = self.dice.below(2) * 7;
        let narrow = match r#type {
            Type::I32 | Type::I64 | Type::F64 => None,
            Type::I128 => Some((Type::I64, "uextend.i128")),
            Type::I32X4 => Some((Type::I32, "splat.i32x4")),
        };
        let value = match (r#type, narrow) {
            (_, Some((narrow, wide))) => {
                let constant = self.constant(body, narrow);
                let value = self.value(r#type);
                self.line(body, format!("v{value} = {wide} v{constant}"));
                value
            }
            (Type::F64, None) => {
                let value = self.value(r#type);
                self.line(body, format!("v{value} = f64const 0x{number}.0p0"));
                value
            }
            (_, None) => {
                let value = self.value(r#type);
                self.line(body, format!("v{value} = iconst.{} {number}", r#type.name()));
                value
            }
        };
        match number {
            0 => drop(self.draft.nulls.insert(value)),
            _ => drop(self.draft.plain.insert(value)),
        }
        self.defined(body, &[value]);
        value
    }

    fn instruction(&mut self, body: &mut Body) {
        if self.dice.chance(self.calls) {
            return self.call(body);
        }
        match self.dice.below(if self.slots.is_empty() { 6 } else { 10 }) {
            0 => {
                let result = self.any_type();
                let result = self.value(result);
                self.line(body, format!("v{result} = load.{} v1", self.types[result].name()));
                self.defined(body, &[result]);
            }
            1 => {
                if let Some(stored) = self.dice.pick(&body.scope) {
                    self.line(body, format!("store v{stored}, v1"));
                }
            }
            2 => self.add(body),
            3 => self.select(body),
            4 => self.bitcast(body),
            5 => {
                let r#type = self.any_type();
                self.constant(body, r#type);
            }
            6 | 7 => self.access_slot(body),
            8 => self.spill_by_hand(body),
            _ => self.escape(body),
        }
    }

    fn add(&mut self, body: &mut Body) {
        let r#type = if self.dice.chance(50) { Type::I32 } else { Type::I64 };
        let (one, other) = (self.find(body, r#type), self.find(body, r#type));
        let sum = self.value(r#type);
        self.line(body, format!("v{sum} = iadd v{one}, v{other}"));
        self.defined(body, &[sum]);
    }

    fn select(&mut self, body: &mut Body) {
        let r#type = self.any_type();
        let (one, other) = (self.find(body, r#type), self.find(body, r#type));
        let condition = self.condition(body);
        let chosen = self.value(r#type);
        let r#type = r#type.name();
        self.line(body, format!("v{chosen} = select.{type} v{condition}, v{one}, v{other}"));
        if self.shape.is_reachable(body.block) {
            let select = [condition, one, other].map(|v| self.draft.root[v]);
            self.draft.selects.push(select);
        }
        self.copied(one, chosen);
        self.copied(other, chosen);
        self.note(body, "select");
        self.defined(body, &[chosen]);
    }

    /// Returns the condition of a `select`: value 0, or now and then another integer.
    fn condition(&mut self, body: &Body) -> usize {
        if !self.dice.chance(40) {
            return 0;
        }
        let is_integer = |&v: &usize| match self.types[v] {
            Type::I32 | Type::I64 | Type::I128 => true,
            Type::F64 | Type::I32X4 => false,
        };
        let integers: Vec<usize> = body.scope.iter().copied().filter(is_integer).collect();
        self.dice.pick(&integers).unwrap_or(0)
    }

    fn bitcast(&mut self, body: &mut Body) {
        let Some(source) = self.dice.pick(&body.scope) else { return };
        let Some((r#type, opcode)) = self.types[source].twin() else { return };
        let cast = self.value(r#type);
        self.line(body, format!("v{cast} = {opcode} v{source}"));
        self.copied(source, cast);
        self.note(body, "bitcast");
        self.defined(body, &[cast]);
    }

    fn copied(&mut self, from: usize, to: usize) {
        self.draft.copies.push((self.draft.root[from], self.draft.root[to]));
    }

    fn call(&mut self, body: &mut Body) {
        let args = self.any_values(body, 4);
        let returns = self.any_types(3);
        let signature = self.signature(&args, &returns);
        let results: Vec<usize> = returns.into_iter().map(|r#type| self.value(r#type)).collect();
        let callee = match self.dice.chance(20) {
            true => {
                self.note(body, "call_indirect");
                format!("call_indirect sig{signature}, v1({})", list(&args))
            }
            false => format!("call fn{signature}({})", list(&args)),
        };
        let equals = if results.is_empty() { "" } else { " = " };
        self.line(body, format!("{}{equals}{callee}", list(&results)));
        if results.len() > 1 {
            self.note(body, "several results");
        }
        self.defined(body, &results);
    }

    /// The number of the signature with these types; a function goes with it.
    fn signature(&mut self, args: &[usize], returns: &[Type]) -> usize {
        let args: Vec<Type> = args.iter().map(|&arg| self.types[arg]).collect();
        let mut text = format!("({})", type_list(&args));
        if !returns.is_empty() {
            let _ = write!(text, " -> {}", type_list(returns));
        }
        let known = self.signatures.iter().position(|known| *known == text);
        known.unwrap_or_else(|| {
            self.signatures.push(text);
            self.signatures.len() - 1
        })
    }

    fn finish(self) -> Draft {
        let mut text = String::new();
        let entry: Vec<Type> = self.blocks[0].params.iter().map(|&v| self.types[v]).collect();
        let convention = self.convention;
        let returns = match self.returns.is_empty() {
            true => String::new(),
            false => format!(" -> {}", type_list(&self.returns)),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "function %f({}){returns} {convention} {{", type_list(&entry));
        for (i, size) in self.slots.iter().enumerate() {
            let _ = writeln!(text, "    ss{i} = explicit_slot {size}, align = 8");
        }
        for (i, signature) in self.signatures.iter().enumerate() {
            let _ = writeln!(text, "    sig{i} = {signature} {convention}");
        }
        for i in 0..self.signatures.len() {
            let _ = writeln!(text, "    fn{i} = u0:{i} sig{i}");
        }
        for block in self.shape.order() {
            let Block { params, lines, .. } = &self.blocks[block];
            let params: Vec<String> =
                params.iter().map(|&v| format!("v{v}: {}", self.types[v].name())).collect();
            let params = match params.is_empty() {
                true => String::new(),
                false => format!("({})", params.join(", ")),
            };
            let _ = writeln!(text, "\nblock{block}{params}:");
            for line in lines {
                let _ = writeln!(text, "    {line}");
            }
        }
        text.push_str("}\n");
        Draft { text, ..self.draft }
    }
}
