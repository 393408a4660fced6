//! CLIF written for each opcode, by its format.

use cranelift_codegen::ir::instructions::InstructionFormat as Format;
use cranelift_codegen::ir::{Opcode, Type, types};

use super::mutate;

/// The types that values of the functions have: `v0` is the first.
const TYPES: [Type; 14] = [
    types::I8,
    types::I16,
    types::I32,
    types::I64,
    types::I128,
    types::F16,
    types::F32,
    types::F64,
    types::F128,
    types::I8X16,
    types::I16X8,
    types::I32X4,
    types::F32X4,
    types::I8X8,
];

/// A function around one instruction, with something of everything declared.
pub(crate) fn function(instruction: &str) -> String {
    let params: Vec<String> =
        TYPES.iter().enumerate().map(|(i, r#type)| format!("v{i}: {type}")).collect();
    format!(
        "function %f(i64 vmctx, i32 uext) -> i64 sext system_v {{
    ss0 = explicit_slot 16, align = 8, key = 3
    dss0 = explicit_dynamic_slot dt0
    dt0 = i32x4*gv2
    region0 = 1 \"a region\"
    gv0 = vmctx
    gv1 = load.i64 notrap aligned readonly gv0+8
    gv2 = dyn_scale_target_const.i32x4
    sig0 = (i64, i32 sarg(8)) -> i64, i32 tail
    fn0 = colocated u0:1 sig0
    const0 = 0x0102
    stack_limit = gv1
block0({}):
{instruction}
block1(v90: i64, v91: i32) cold:
    v92 -> v90
    return v92
block2:
    trap user1
}}
",
        params.join(", ")
    )
}

/// A value of this type.
fn value(r#type: Type) -> String {
    let index = TYPES.iter().position(|&known| known == r#type);
    format!("v{}", index.unwrap_or_else(|| panic!("{type}")))
}

/// Instructions of an opcode: with one type of each sort that it works on, printed
/// and, where it can be told, not printed.
pub(crate) fn instructions(opcode: Opcode) -> Vec<String> {
    if opcode == Opcode::ExtractVector {
        return vec!["    v50 = extract_vector.dt0 v11, 1\n    jump block1(v3, v2)".to_owned()];
    }
    let constraints = opcode.constraints();
    let Some(set) = constraints.ctrl_typeset() else {
        return vec![instruction(opcode, None, false)];
    };
    let controls = TYPES.into_iter().filter(|&control| set.contains(control));
    let written = controls.flat_map(|control| {
        let inferred = constraints.use_typevar_operand();
        let plain = inferred.then(|| instruction(opcode, Some(control), false));
        plain.into_iter().chain([instruction(opcode, Some(control), true)])
    });
    written.collect()
}

fn instruction(opcode: Opcode, control: Option<Type>, printed: bool) -> String {
    let operands = operands(opcode, control);
    let suffix = control.filter(|_| printed).map(|control| format!(".{control}"));
    let results = match [Opcode::Call, Opcode::CallIndirect].contains(&opcode) {
        true => 2,
        false => opcode.constraints().num_fixed_results(),
    };
    let results: Vec<String> = (0..results).map(|i| format!("v{}", 50 + i)).collect();
    let equals = if results.is_empty() { "" } else { " = " };
    let results = results.join(", ");
    let suffix = suffix.unwrap_or_default();
    let end = if opcode.is_terminator() { "" } else { "\n    jump block1(v3, v2)" };
    format!("    @0012 {results}{equals}{opcode}{suffix} {operands}{end}")
}

fn operands(opcode: Opcode, control: Option<Type>) -> String {
    let v = control.map_or("v2".to_owned(), value);
    match opcode.format() {
        Format::NullAry => String::new(),
        Format::Unary => v,
        Format::UnaryImm => "-7".to_owned(),
        Format::UnaryIeee16 | Format::UnaryIeee32 | Format::UnaryIeee64 => "0x1.8p-3".to_owned(),
        Format::UnaryConst if opcode == Opcode::F128const => "0x1.8p-3".to_owned(),
        Format::UnaryConst => "const0".to_owned(),
        Format::UnaryGlobalValue => "gv1".to_owned(),
        Format::Binary => format!("{v}, v2"),
        Format::BinaryImm8 => format!("{v}, 1"),
        Format::Ternary => format!("v0, {v}, v2"),
        Format::TernaryImm8 => format!("{v}, v2, 1"),
        Format::Shuffle => "v9, v9, 0x00010203".to_owned(),
        Format::MultiAry => "v3, v2".to_owned(),
        Format::IntCompare | Format::FloatCompare => format!("ne {v}, v2"),
        Format::IntAddTrap => format!("{v}, v2, user1"),
        Format::Jump => "block1(v3, v2)".to_owned(),
        Format::Brif => format!("{v}, block1(v3, v2), block2"),
        Format::BranchTable => "v2, block2, [block1(v3, v2), block2]".to_owned(),
        Format::Call if opcode.is_return() => "fn0(v3, v2)".to_owned(),
        Format::Call => "fn0(v3, v2), stack_map=[i32 @ ss0+8]".to_owned(),
        Format::CallIndirect if opcode.is_return() => format!("sig0, {v}(v3, v2)"),
        Format::CallIndirect => format!("sig0, {v}(v3), stack_map=[i32 @ ss0+8, i64 @ ss0+0]"),
        Format::TryCall => "fn0(v3), sig0, block1(ret0, ret1), \
             [ context v3, tag0: block1(exn0, v2), default: block2 ]"
            .to_owned(),
        Format::TryCallIndirect => {
            format!("{v}(v3), sig0, block2, [ default: block1(v3, v2) ], stack_map=[i32 @ ss0+0]")
        }
        Format::FuncAddr => "fn0".to_owned(),
        Format::StackAddr => "ss0+4".to_owned(),
        Format::DynamicStackAddr => "dss0".to_owned(),
        Format::Load => "notrap aligned v3+8".to_owned(),
        Format::LoadNoOffset => format!("little {v}"),
        Format::Store => format!("big region0 {v}, v3-8"),
        Format::StoreNoOffset => format!("notrap {v}, v3"),
        Format::AtomicRmw => format!("little add v3, {v}"),
        Format::AtomicCas => format!("v3, v2, {v}"),
        Format::Trap => "user1".to_owned(),
        Format::CondTrap => format!("{v}, int_divz"),
        Format::ExceptionHandlerAddress => "block1, 0".to_owned(),
    }
}

/// A function for each opcode with one token of its instruction changed, the word that
/// was put in, and the instruction.
pub(crate) fn changes() -> impl Iterator<Item = (String, String, String)> {
    Opcode::all().iter().flat_map(|&opcode| {
        let instruction = instructions(opcode).swap_remove(0);
        let tokens = mutate::tokens(&instruction);
        tokens.into_iter().flat_map(move |token| {
            let changed = mutate::changes(&instruction, token).collect::<Vec<_>>().into_iter();
            let changed =
                changed.map(|change| (function(&change.text), change.word.to_owned(), change.text));
            changed.collect::<Vec<_>>()
        })
    })
}
