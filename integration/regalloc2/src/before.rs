//! The before program: the function, over vregs.

use regalloc2::{Function, VReg};
use stackmap_verifier::model::{Before, BeforeBuilder, Name, OperationKind, Origin, Value};

use crate::blocks::{self, Blocks, Body};
use crate::error::Error;
use crate::input::Input;
use crate::roles::{self, Role};
use crate::safepoints::Safepoints;

/// Reads the function. Vreg `n` becomes value `n`.
///
/// A violation of SSA (a vreg with two definitions, or used where it is not
/// defined) is left to the verifier, which refuses such a program.
pub(crate) fn lower<F: Function>(
    input: &Input<'_, F>,
    safepoints: &Safepoints<'_>,
) -> Result<Before, Error> {
    let function = input.function;
    let mut builder = BeforeBuilder::new();
    for vreg in 0..function.num_vregs() {
        builder.value(Name::Numbered("v", u32::try_from(vreg).unwrap_or(u32::MAX)));
    }
    if !function.block_params(function.entry_block()).is_empty() {
        return Err(Error::EntryParameters);
    }
    let blocks = Blocks::new(function);
    let mut scratch = Scratch::default();
    for block in blocks.iter() {
        let params: Vec<Value> = function.block_params(block).iter().copied().map(value).collect();
        builder.block(blocks::name(block), Origin::default(), &params);
        let body = Body::new(function, block)?;
        for inst in body.iter() {
            scratch.read(function, inst);
            let kind = match safepoints.at(inst) {
                Some(_) => OperationKind::Safepoint,
                None => OperationKind::Plain,
            };
            builder.operation(kind, &scratch.uses, &scratch.defs, Origin::default());
        }
        let edges = function.block_succs(block).iter().enumerate().map(|(i, &target)| {
            let arguments = function.branch_blockparams(block, body.last, i);
            (blocks.id(target), arguments.iter().copied().map(value).collect())
        });
        let edges: Vec<(_, Vec<Value>)> = edges.collect();
        builder.leave(edges.iter().map(|(target, arguments)| (*target, arguments.as_slice())));
    }
    Ok(builder.finish())
}

/// The value a vreg is.
pub(crate) fn value(vreg: VReg) -> Value {
    Value::new(vreg.vreg())
}

/// Buffers for one instruction.
#[derive(Default)]
struct Scratch {
    roles: Vec<Role>,
    uses: Vec<Value>,
    defs: Vec<Value>,
}

impl Scratch {
    fn read<F: Function>(&mut self, function: &F, inst: regalloc2::Inst) {
        roles::of(function, inst, &mut self.roles);
        self.uses.clear();
        self.defs.clear();
        for (operand, role) in function.inst_operands(inst).iter().zip(&self.roles) {
            match role {
                Role::Use(_) => self.uses.push(value(operand.vreg())),
                Role::Define(_) => self.defs.push(value(operand.vreg())),
                Role::Untracked(_) | Role::Overwrite => {}
            }
        }
    }
}
