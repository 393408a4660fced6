//! The before program: the function, over vregs.

use regalloc2::{Function, OperandPos, VReg};
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
            let is_safepoint = safepoints.at(inst).is_some();
            let is_split = roles::is_split(function, inst, is_safepoint);
            scratch.roles(function, inst, is_split);
            if is_split {
                scratch.read(function, inst, |pos| pos == OperandPos::Early);
                let (uses, defs) = (&scratch.uses, &scratch.defs);
                builder.operation(OperationKind::Plain, uses, defs, Origin::default());
            }
            scratch.read(function, inst, |pos| !is_split || pos == OperandPos::Late);
            let kind = match is_safepoint {
                true => OperationKind::Safepoint,
                false => OperationKind::Plain,
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
    fn roles<F: Function>(&mut self, function: &F, inst: regalloc2::Inst, is_split: bool) {
        roles::of(function, inst, is_split, &mut self.roles);
    }

    /// Collects the operands at the positions that `matters` selects.
    fn read<F: Function>(
        &mut self,
        function: &F,
        inst: regalloc2::Inst,
        matters: impl Fn(OperandPos) -> bool,
    ) {
        self.uses.clear();
        self.defs.clear();
        let operands = function.inst_operands(inst).iter().zip(&self.roles);
        for (operand, role) in operands.filter(|(operand, _)| matters(operand.pos())) {
            match role {
                Role::Use(_) => self.uses.push(value(operand.vreg())),
                Role::Define(_) => self.defs.push(value(operand.vreg())),
                Role::Untracked(_) | Role::Overwrite => {}
            }
        }
    }
}
