//! The environment that a function needs to be run, as determined from the function before
//! spilling.
//!
//! The references among its values are found by the definition in `docs/how-it-works.md`,
//! without the verifier.

use std::collections::{BTreeMap, BTreeSet};

use cranelift_codegen::ir::instructions::CallInfo;
use cranelift_codegen::ir::{
    AbiParam, BlockArg, BlockCall, ExceptionTableItem, ExternalName, FuncRef, Function, Inst,
    InstructionData, Opcode, Type, Value, ValueDef, types,
};
use cranelift_codegen::isa::CallConv;
use thiserror::Error;

use crate::world::INDIRECT;

/// The kind of a value that the environment provides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A reference to a new object.
    Reference,
    /// A number that decides something.
    Number,
    /// Null: not declared to be a reference, but passed to a parameter that is.
    Null,
    /// The address of this place in the memory.
    Memory(u32),
    /// The address by which an import is called.
    Code,
}

/// A value that crosses the function's border.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Its type.
    pub ty: Type,
    /// The kind of the value.
    pub kind: Kind,
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The types of its parameters.
    pub params: Vec<Type>,
    /// The values that it returns.
    pub results: Vec<Typed>,
    /// Its calling convention.
    pub convention: CallConv,
}

/// The environment that a function needs to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its parameters.
    pub params: Vec<Typed>,
    /// The types of its return values.
    pub returns: Vec<Type>,
    /// The imports it calls, by number.
    pub imports: BTreeMap<u32, Import>,
    /// The places in memory that it reads, and the kind of value at each.
    pub cells: Vec<(u32, Kind)>,
    /// The maximum number of outcomes of a decision.
    pub arity: u8,
    /// The reason why its machine code cannot be run here, if there is one.
    pub not_in_machine_code: Option<Obstacle>,
}

/// The reason why a function cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Obstacle {
    /// An instruction whose effect is not known here.
    #[error("it has a `{0}`")]
    Opcode(String),
    /// A reference type that is too narrow.
    #[error("a reference of {0} bytes is too small for an address")]
    Narrow(u32),
    /// An import that cannot determine what to return.
    #[error("one import returns a reference here and a number there")]
    Mixed,
    /// One value with two uses.
    #[error("one parameter is code and memory")]
    CodeAndMemory,
    /// An address of unknown origin.
    #[error("it computes an address that is not known")]
    Address,
    /// An exception that carries a reference.
    #[error("an exception carries a reference")]
    Payload,
    /// Calls through one address with different signatures.
    #[error("it calls one address with two signatures")]
    Signatures,
    /// An object's address becomes visible.
    #[error("what it does depends on where objects are")]
    ShowsAddresses,
    /// A loop that nothing stops.
    #[error("it has a loop without a call")]
    Endless,
    /// Values that do not fit into one register.
    #[error("a value of type {0} is not in one register")]
    Wide(String),
    /// More values than are passed in registers.
    #[error("it does not pass everything in registers")]
    Registers,
    /// An unsupported calling convention.
    #[error("it is called by the convention `{0}`")]
    Convention(String),
}

/// The base address for parameters that are addresses.
const BLOCKS: u32 = 256;

/// Determines the environment that a function needs. If the function was generated for this
/// crate, its first parameter is the address of the memory.
///
/// # Errors
///
/// An [`Obstacle`] if it cannot be run.
pub fn plan(
    function: &Function,
    declared: &[Value],
    made_for_this: bool,
) -> Result<Plan, Obstacle> {
    let kinds = Kinds::new(function, declared);
    let mut plan = Plan {
        params: Vec::new(),
        returns: function.signature.returns.iter().map(|r| r.value_type).collect(),
        imports: BTreeMap::new(),
        cells: Vec::new(),
        arity: 2,
        not_in_machine_code: None,
    };
    for &value in &kinds.references {
        let ty = function.dfg.value_type(value);
        if ty.bytes() < 4 {
            return Err(Obstacle::Narrow(ty.bytes()));
        }
    }
    plan.params = params(function, &kinds, made_for_this)?;
    for inst in instructions(function) {
        let data = function.dfg.insts[inst];
        plan.arity = plan.arity.max(outcomes(function, &data));
        known(data.opcode())?;
        if data.opcode().is_call() {
            call(function, &kinds, inst, &mut plan)?;
        }
        if matches!(data.opcode(), Opcode::Load | Opcode::Store) {
            access(function, &kinds, inst, &mut plan)?;
        }
    }
    plan.cells.sort_unstable();
    plan.cells.dedup_by_key(|cell| cell.0);
    let endless = !made_for_this && crate::endless::endless(function);
    plan.not_in_machine_code =
        if endless { Some(Obstacle::Endless) } else { in_registers(function, &plan).err() };
    Ok(plan)
}

/// All instructions, in order.
pub fn instructions(function: &Function) -> impl Iterator<Item = Inst> {
    function.layout.blocks().flat_map(|block| function.layout.block_insts(block))
}

fn known(opcode: Opcode) -> Result<(), Obstacle> {
    const KNOWN: [Opcode; 22] = [
        Opcode::Band,
        Opcode::Bitcast,
        Opcode::BrTable,
        Opcode::Brif,
        Opcode::Call,
        Opcode::CallIndirect,
        Opcode::F32const,
        Opcode::Iadd,
        Opcode::Icmp,
        Opcode::Iconst,
        Opcode::Jump,
        Opcode::Load,
        Opcode::Return,
        Opcode::ReturnCall,
        Opcode::Select,
        Opcode::StackAddr,
        Opcode::Store,
        Opcode::TryCall,
        Opcode::TryCallIndirect,
        Opcode::Uextend,
        Opcode::Uload8,
        Opcode::Nop,
    ];
    let known = KNOWN.contains(&opcode);
    if known { Ok(()) } else { Err(Obstacle::Opcode(opcode.to_string())) }
}

/// Returns the number of outcomes of a branch, as far as decisions distinguish them.
fn outcomes(function: &Function, data: &InstructionData) -> u8 {
    let dfg = &function.dfg;
    let ways = data.branch_destination(&dfg.jump_tables, &dfg.exception_tables).len();
    u8::try_from(ways.min(4)).unwrap_or(4)
}

fn params(function: &Function, kinds: &Kinds, made_for_this: bool) -> Result<Vec<Typed>, Obstacle> {
    let Some(entry) = function.layout.entry_block() else { return Ok(Vec::new()) };
    let callees = callees(function);
    let mut memories = 0;
    let mut params = Vec::new();
    for (n, &param) in function.dfg.block_params(entry).iter().enumerate() {
        let ty = function.dfg.value_type(param);
        let is_address = instructions(function).any(|inst| address(function, inst) == Some(param));
        let kind = match () {
            () if kinds.references.contains(&param) => Kind::Reference,
            () if made_for_this && n == 0 => Kind::Memory(0),
            () if callees.contains(&param) && is_address => return Err(Obstacle::CodeAndMemory),
            () if callees.contains(&param) => Kind::Code,
            () if ty == types::I64 => {
                memories += 1;
                Kind::Memory(BLOCKS + 64 * (memories - 1))
            }
            () => kinds.of(param),
        };
        params.push(Typed { ty, kind });
    }
    Ok(params)
}

/// The values that are called.
fn callees(function: &Function) -> BTreeSet<Value> {
    let calls = instructions(function).filter(|&inst| is_indirect(function, inst));
    calls.map(|inst| function.dfg.resolve_aliases(function.dfg.inst_args(inst)[0])).collect()
}

/// Whether an instruction is an indirect call.
pub fn is_indirect(function: &Function, inst: Inst) -> bool {
    let opcode = function.dfg.insts[inst].opcode();
    matches!(opcode, Opcode::CallIndirect | Opcode::TryCallIndirect | Opcode::ReturnCallIndirect)
}

/// Returns the address that a load or store uses, without its offset.
fn address(function: &Function, inst: Inst) -> Option<Value> {
    let operands = function.dfg.inst_args(inst);
    let address = if let InstructionData::Load { .. } = function.dfg.insts[inst] {
        operands[0]
    } else if let InstructionData::Store { .. } = function.dfg.insts[inst] {
        operands[1]
    } else {
        return None;
    };
    Some(function.dfg.resolve_aliases(address))
}

fn access(function: &Function, kinds: &Kinds, inst: Inst, plan: &mut Plan) -> Result<(), Obstacle> {
    let Some(address) = address(function, inst) else { return Ok(()) };
    let offset = function.dfg.insts[inst].load_store_offset().unwrap_or(0);
    match function.dfg.value_def(address) {
        ValueDef::Param(block, n) if Some(block) == function.layout.entry_block() => {
            let Kind::Memory(place) = plan.params[n].kind else { return Err(Obstacle::Address) };
            let Ok(offset @ 0..64) = u32::try_from(offset) else { return Ok(()) };
            if let (Some(result), true) = (function.dfg.inst_results(inst).first(), place > 0) {
                plan.cells.push(((place + offset) & !7, kinds.of(*result)));
            }
            Ok(())
        }
        ValueDef::Result(definition, _) => {
            let opcode = function.dfg.insts[definition].opcode();
            let known = matches!(opcode, Opcode::StackAddr | Opcode::Iadd);
            if known { Ok(()) } else { Err(Obstacle::Address) }
        }
        ValueDef::Param(..) | ValueDef::Union(..) => Err(Obstacle::Address),
    }
}

/// Returns the import that a call calls.
pub fn callee(function: &Function, inst: Inst) -> Option<u32> {
    if is_indirect(function, inst) {
        return Some(INDIRECT);
    }
    let dfg = &function.dfg;
    match dfg.insts[inst].analyze_call(&dfg.value_lists, &dfg.exception_tables) {
        CallInfo::Direct(import, _) | CallInfo::DirectWithSig(import, _, _) => {
            number(function, import)
        }
        CallInfo::Indirect(..) | CallInfo::NotACall => None,
    }
}

/// The number of an import: `u0:3` is 3.
fn number(function: &Function, import: FuncRef) -> Option<u32> {
    match function.dfg.ext_funcs[import].name {
        ExternalName::User(name) => Some(function.params.user_named_funcs()[name].index),
        ExternalName::TestCase(_) | ExternalName::LibCall(_) | ExternalName::KnownSymbol(_) => None,
    }
}

fn call(function: &Function, kinds: &Kinds, inst: Inst, plan: &mut Plan) -> Result<(), Obstacle> {
    let opcode = || Obstacle::Opcode(function.dfg.display_inst(inst).to_string());
    let callee = callee(function, inst).ok_or_else(opcode)?;
    let signature =
        &function.dfg.signatures[function.dfg.call_signature(inst).ok_or_else(opcode)?];
    let types = |list: &[AbiParam]| list.iter().map(|p| p.value_type).collect::<Vec<_>>();
    let tail = function.dfg.insts[inst].opcode().is_return();
    let results_are = match tail {
        // The results of a tail call are not visible here.
        true => vec![Some(Kind::Number); signature.returns.len()],
        false => result_kinds(function, kinds, inst, signature.returns.len())?,
    };
    let results = types(&signature.returns).into_iter().zip(&results_are);
    let results = results.map(|(ty, kind)| Typed { ty, kind: kind.unwrap_or(Kind::Number) });
    let import = Import {
        params: types(&signature.params),
        results: results.collect(),
        convention: signature.call_conv,
    };
    match plan.imports.get(&callee) {
        None => {
            plan.imports.insert(callee, import);
            Ok(())
        }
        Some(known) if *known == import => Ok(()),
        Some(known) if known.params != import.params => Err(Obstacle::Signatures),
        Some(_) => Err(Obstacle::Mixed),
    }
}

/// Returns the kinds of a call's results.
fn result_kinds(
    function: &Function,
    values: &Kinds,
    inst: Inst,
    count: usize,
) -> Result<Vec<Option<Kind>>, Obstacle> {
    let dfg = &function.dfg;
    let Some(table) = dfg.insts[inst].exception_table() else {
        return Ok(dfg.inst_results(inst).iter().map(|&result| Some(values.of(result))).collect());
    };
    let mut kinds = vec![None; count];
    let table = &dfg.exception_tables[table];
    for (param, argument) in passed(function, table.normal_return()) {
        if let BlockArg::TryCallRet(n) = argument {
            let known = &mut kinds[n as usize];
            if known.is_some_and(|known| known != values.of(param)) {
                return Err(Obstacle::Mixed);
            }
            *known = Some(values.of(param));
        }
    }
    for handler in handlers(function, inst) {
        let carries = passed(function, &handler).any(|(param, a)| {
            matches!(a, BlockArg::TryCallExn(_)) && values.references.contains(&param)
        });
        if carries {
            return Err(Obstacle::Payload);
        }
    }
    Ok(kinds)
}

/// Returns the edges on which a `try_call` may continue without returning, in order.
pub fn handlers(function: &Function, inst: Inst) -> Vec<BlockCall> {
    let Some(table) = function.dfg.insts[inst].exception_table() else { return Vec::new() };
    let items = function.dfg.exception_tables[table].items();
    let targets = items.filter_map(|item| match item {
        ExceptionTableItem::Tag(_, target) | ExceptionTableItem::Default(target) => Some(target),
        ExceptionTableItem::Context(_) => None,
    });
    targets.collect()
}

/// Returns the arguments of an edge, each with the parameter that receives it.
pub fn passed(function: &Function, edge: &BlockCall) -> impl Iterator<Item = (Value, BlockArg)> {
    let lists = &function.dfg.value_lists;
    let params = function.dfg.block_params(edge.block(lists)).iter().copied();
    params.zip(edge.args(lists).collect::<Vec<_>>())
}

/// The kinds of a function's values.
struct Kinds {
    /// The values that may be references.
    references: BTreeSet<Value>,
    /// Other values that are passed to a parameter that may be a reference.
    nulls: BTreeSet<Value>,
}

impl Kinds {
    fn new(function: &Function, declared: &[Value]) -> Self {
        let references = references(function, declared);
        let dfg = &function.dfg;
        let edges = instructions(function).flat_map(|inst| {
            dfg.insts[inst].branch_destination(&dfg.jump_tables, &dfg.exception_tables)
        });
        let passed: Vec<(Value, Value)> = edges
            .flat_map(|edge| passed(function, edge))
            .filter_map(|(param, a)| Some((param, dfg.resolve_aliases(a.as_value()?))))
            .collect();
        let mut nulls = BTreeSet::new();
        loop {
            let before = nulls.len();
            for &(param, argument) in &passed {
                let wanted = references.contains(&param) || nulls.contains(&param);
                if wanted && !references.contains(&argument) {
                    nulls.insert(argument);
                }
            }
            if nulls.len() == before {
                return Kinds { references, nulls };
            }
        }
    }

    fn of(&self, value: Value) -> Kind {
        match () {
            () if self.references.contains(&value) => Kind::Reference,
            () if self.nulls.contains(&value) => Kind::Null,
            () => Kind::Number,
        }
    }
}

/// The values that may be references.
fn references(function: &Function, declared: &[Value]) -> BTreeSet<Value> {
    let dfg = &function.dfg;
    let mut set: BTreeSet<Value> = declared.iter().map(|&v| dfg.resolve_aliases(v)).collect();
    loop {
        let before = set.len();
        for inst in instructions(function) {
            let data = dfg.insts[inst];
            let is = |value: &Value| set.contains(&dfg.resolve_aliases(*value));
            let opcode = data.opcode();
            let forwards = matches!(opcode, Opcode::Select | Opcode::Bitcast);
            // The condition of a `select` is not copied.
            let first = usize::from(opcode == Opcode::Select);
            if forwards && dfg.inst_args(inst).iter().skip(first).any(is) {
                set.extend(dfg.inst_results(inst));
            }
            for edge in data.branch_destination(&dfg.jump_tables, &dfg.exception_tables) {
                for (param, argument) in passed(function, edge) {
                    if argument.as_value().is_some_and(|v| set.contains(&dfg.resolve_aliases(v))) {
                        set.insert(param);
                    }
                }
            }
        }
        if set.len() == before {
            return set;
        }
    }
}

/// Whether all values are passed in the registers that the machine code's environment supports.
fn in_registers(function: &Function, plan: &Plan) -> Result<(), Obstacle> {
    let system_v = |convention: CallConv| match convention == CallConv::SystemV {
        true => Ok(()),
        false => Err(Obstacle::Convention(convention.to_string())),
    };
    let narrow = |ty: Type| match ty.is_vector() || ty.bytes() > 8 {
        true => Err(Obstacle::Wide(ty.to_string())),
        false => Ok(()),
    };
    let few = |count: usize, most: usize| match count > most {
        true => Err(Obstacle::Registers),
        false => Ok(()),
    };
    system_v(function.signature.call_conv)?;
    let params = plan.params.iter().map(|param| param.ty);
    params.chain(plan.returns.iter().copied()).try_for_each(|ty| {
        narrow(ty)?;
        few(usize::from(!ty.is_int()), 0)
    })?;
    few(plan.params.len(), 6)?;
    few(plan.returns.len(), 2)?;
    for import in plan.imports.values() {
        system_v(import.convention)?;
        import.params.iter().try_for_each(|&ty| narrow(ty))?;
        few(import.params.iter().filter(|ty| ty.is_int()).count(), 6)?;
        few(import.params.iter().filter(|ty| ty.is_float()).count(), 8)?;
        few(import.results.len(), 2)?;
        import.results.iter().try_for_each(|result| {
            narrow(result.ty)?;
            few(usize::from(!result.ty.is_int()), 0)
        })?;
    }
    Ok(())
}
