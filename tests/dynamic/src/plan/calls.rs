//! The imports that a function calls.

use std::collections::BTreeSet;

use cranelift_codegen::ir::instructions::CallInfo;
use cranelift_codegen::ir::{
    AbiParam, BlockArg, ExternalName, FuncRef, Function, Inst, Opcode, Value,
};

use super::edges::{handlers, passed};
use super::kinds::Kinds;
use super::{Import, Kind, Obstacle, Plan, Typed, instructions};
use crate::world::INDIRECT;

/// The values that are called.
pub(super) fn callees(function: &Function) -> BTreeSet<Value> {
    let calls = instructions(function).filter(|&inst| is_indirect(function, inst));
    calls.map(|inst| function.dfg.resolve_aliases(function.dfg.inst_args(inst)[0])).collect()
}

/// Whether an instruction is an indirect call.
pub fn is_indirect(function: &Function, inst: Inst) -> bool {
    let opcode = function.dfg.insts[inst].opcode();
    matches!(opcode, Opcode::CallIndirect | Opcode::TryCallIndirect | Opcode::ReturnCallIndirect)
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

pub(super) fn call(
    function: &Function,
    kinds: &Kinds,
    inst: Inst,
    plan: &mut Plan,
) -> Result<(), Obstacle> {
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
