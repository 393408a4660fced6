//! Compares the text reader's opcode table with Cranelift's own opcode properties.

use cranelift_codegen::ir::instructions::InstructionFormat;
use cranelift_codegen::ir::{Opcode, Type, types};
use stackmap_clif::opcode::{self, Class, Control};
use stackmap_clif::types::Type as TextType;

use super::functions::opcode::{Naming, Properties};

fn row(opcode: Opcode) -> &'static opcode::Opcode {
    opcode::Opcode::lookup(&opcode.to_string())
}

#[test]
fn every_opcode_is_in_the_table() {
    for &opcode in Opcode::all() {
        assert_ne!(row(opcode).class, Class::Unknown, "{opcode}");
        assert_eq!(row(opcode).name, opcode.to_string());
    }
}

#[test]
fn control_flow_and_roles() {
    for &opcode in Opcode::all() {
        let class = row(opcode).class;
        assert_eq!(class.is_terminator(), opcode.is_terminator(), "{opcode}");
        assert_eq!(class.is_branch(), opcode.is_branch(), "{opcode}");
        assert_eq!(class.role(), Properties::of(opcode).role, "{opcode}");
    }
}

#[test]
fn sizes_of_accesses() {
    for &opcode in Opcode::all() {
        let class = row(opcode).class;
        let is = |format| opcode.format() == format;
        let Properties { partial: size, naming, .. } = *Properties::of(opcode);
        assert_eq!(class == Class::Load(size), is(InstructionFormat::Load), "{opcode}");
        assert_eq!(class == Class::Store(size), is(InstructionFormat::Store), "{opcode}");
        assert_eq!(class == Class::StackAddr, is(InstructionFormat::StackAddr), "{opcode}");
        assert_eq!(class == Class::StackAddr, naming == Naming::Address, "{opcode}");
    }
}

/// Returns all scalar types, and vectors of them.
fn all_types() -> Vec<Type> {
    let scalars = [
        types::I8,
        types::I16,
        types::I32,
        types::I64,
        types::I128,
        types::F16,
        types::F32,
        types::F64,
        types::F128,
    ];
    let lanes = [2, 4, 8, 16, 32, 64, 128, 256];
    let vectors = |scalar: Type| lanes.into_iter().filter_map(move |n| scalar.by(n));
    scalars.into_iter().flat_map(|scalar| [scalar].into_iter().chain(vectors(scalar))).collect()
}

/// Returns the text reader's form of a type.
fn text_type(r#type: Type) -> TextType {
    let name = match r#type.is_dynamic_vector() {
        true => format!("{}x{}xN", r#type.lane_type(), r#type.min_lane_count()),
        false => r#type.to_string(),
    };
    TextType::parse(&name).unwrap_or_else(|| panic!("{name}"))
}

#[test]
fn types_of_results() {
    for &opcode in Opcode::all() {
        if opcode == Opcode::ExtractVector {
            // The operand is a dynamic vector, which has no size to check.
            continue;
        }
        let constraints = opcode.constraints();
        for result in 0..constraints.num_fixed_results() {
            if !constraints.is_polymorphic() {
                let wanted =
                    TextType::parse(&constraints.result_type(result, types::INVALID).to_string());
                assert_eq!(row(opcode).result_type(None, result), wanted, "{opcode}");
                continue;
            }
            let set = constraints.ctrl_typeset().unwrap();
            for control in all_types().into_iter().filter(|&control| set.contains(control)) {
                let wanted = constraints.result_type(result, control);
                let wanted = TextType::parse(&wanted.to_string());
                let control = TextType::parse(&control.to_string());
                assert!(wanted.is_some() && control.is_some());
                let given = row(opcode).result_type(control, result);
                assert_eq!(given, wanted, "{opcode}.{}", control.unwrap());
            }
        }
    }
}

#[test]
fn the_operand_that_has_the_controlling_type() {
    for &opcode in Opcode::all() {
        let special = [(InstructionFormat::Ternary, 1), (InstructionFormat::AtomicCas, 2)];
        let special = special.iter().find(|(format, _)| *format == opcode.format());
        let operand = special.map_or(0, |(_, operand)| *operand);
        let constraints = opcode.constraints();
        let given = match row(opcode).control {
            Control::None => None,
            Control::Printed(_) => Some(None),
            Control::Operand(operand, _) => Some(Some(operand)),
            Control::Unknown => panic!("{opcode}"),
        };
        let inferred = constraints.use_typevar_operand().then_some(operand);
        assert_eq!(given, constraints.is_polymorphic().then_some(inferred), "{opcode}");
    }
}

#[test]
fn the_types_that_an_opcode_works_on() {
    for &opcode in Opcode::all() {
        let (Control::Printed(set) | Control::Operand(_, set)) = row(opcode).control else {
            continue;
        };
        let constraints = opcode.constraints();
        let wanted = constraints.ctrl_typeset().unwrap();
        let fixed = all_types().into_iter();
        let vectors = fixed.clone().filter(|r#type| r#type.is_vector());
        let dynamic = vectors.filter_map(Type::vector_to_dynamic);
        for r#type in fixed.chain(dynamic) {
            let ours = text_type(r#type);
            // For a scalar, it panics when the type of the result is requested.
            let panics = opcode == Opcode::ExtractVector && !r#type.is_dynamic_vector();
            let wanted = wanted.contains(r#type) && !panics;
            assert_eq!(set.contains(ours), wanted, "{opcode}.{ours}");
        }
    }
}

#[test]
fn as_many_results() {
    for &opcode in Opcode::all() {
        let constraints = opcode.constraints();
        let count = row(opcode).result_count();
        let fixed = constraints.num_fixed_results();
        let is_call = opcode.is_call() && opcode != Opcode::StackSwitch && !opcode.is_branch();
        assert_eq!(count, (!is_call || opcode.is_return()).then_some(fixed), "{opcode}");
    }
}

#[test]
fn types_that_there_are() {
    for lane in ["i8", "i16", "i32", "i64", "i128", "f16", "f32", "f64", "f128"] {
        for lanes in 0..=1024u32 {
            let scalar = all_types().into_iter().find(|t| t.to_string() == lane).unwrap();
            let ours = TextType::parse(&format!("{lane}x{lanes}"));
            let wanted = scalar.by(lanes);
            assert_eq!(ours.map(|t| t.to_string()), wanted.map(|t| t.to_string()));
            let dynamic = TextType::parse(&format!("{lane}x{lanes}xN"));
            let wanted = wanted.filter(|t| t.is_vector()).and_then(Type::vector_to_dynamic);
            assert_eq!(dynamic.is_some(), wanted.is_some(), "{lane}x{lanes}xN");
        }
    }
}
