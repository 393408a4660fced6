//! The values that machine code passes in registers.

use cranelift_codegen::ir::{Function, Type};
use cranelift_codegen::isa::CallConv;

use super::{Obstacle, Plan};

/// Whether all values are passed in the registers that the machine code's environment supports.
pub(super) fn in_registers(function: &Function, plan: &Plan) -> Result<(), Obstacle> {
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
