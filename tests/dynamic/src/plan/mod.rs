//! The environment that a function needs to be run, as determined from the function before
//! spilling.
//!
//! The references among its values are found by the definition in `docs/how-it-works.md`,
//! without the verifier.

mod calls;
mod edges;
mod kinds;
mod memory;
mod obstacle;
mod registers;

use std::collections::BTreeMap;

use cranelift_codegen::ir::{Function, Inst, InstructionData, Opcode, Type, Value, types};
use cranelift_codegen::isa::CallConv;

pub use calls::{callee, is_indirect};
pub use edges::{handlers, passed};
use kinds::Kinds;
pub use obstacle::Obstacle;

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
            calls::call(function, &kinds, inst, &mut plan)?;
        }
        if matches!(data.opcode(), Opcode::Load | Opcode::Store) {
            memory::access(function, &kinds, inst, &mut plan)?;
        }
    }
    plan.cells.sort_unstable();
    plan.cells.dedup_by_key(|cell| cell.0);
    let endless = !made_for_this && crate::endless::endless(function);
    plan.not_in_machine_code = if endless {
        Some(Obstacle::Endless)
    } else {
        registers::in_registers(function, &plan).err()
    };
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
    let callees = calls::callees(function);
    let mut memories = 0;
    let mut params = Vec::new();
    for (n, &param) in function.dfg.block_params(entry).iter().enumerate() {
        let ty = function.dfg.value_type(param);
        let is_address =
            instructions(function).any(|inst| memory::address(function, inst) == Some(param));
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
