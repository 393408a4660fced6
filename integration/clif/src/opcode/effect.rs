//! The effect of each opcode on the values it reads, for a function without a counterpart to
//! compare it with.
//!
//! Every opcode of the table is in exactly one list here, so that a new opcode is unknown until it
//! has been classified.

use stackmap_verifier::after_only::{Making, Role};

use super::class::Class;
use super::entry::Opcode;

/// The effect of an opcode on its operands, and the origin of its results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The kind of the results, except for operands that they copy.
    pub making: Making,
    operands: Operands,
}

/// The roles of an opcode's operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operands {
    /// The first operand has the first role, all others have the second.
    First(Role, Role),
    /// The first two operands have the first role, all others have the second.
    FirstTwo(Role, Role),
    /// `store`: a value and an address.
    Store,
}

impl Effect {
    /// Returns the effect of an opcode; `None` if it is not known.
    pub fn of(opcode: &Opcode) -> Option<Effect> {
        use Role::{Copied, Dereferenced, Examined, Given};
        let all = |role| Operands::First(role, role);
        let (making, operands) = match opcode.class {
            Class::Unknown => return None,
            Class::Compute | Class::Other => return listed(opcode.name),
            Class::Bitcast => (Making::Computed, all(Copied)),
            // The condition is only examined.
            Class::Select => (Making::Computed, Operands::First(Examined, Copied)),
            Class::StackAddr | Class::NamesBlock => (Making::Address, all(Examined)),
            Class::StackLoad | Class::StackStore => (Making::Unknown, all(Given)),
            Class::Load(_) => (Making::Unknown, all(Dereferenced)),
            Class::Store(_) => (Making::Unknown, Operands::Store),
            Class::Call | Class::TryCall | Class::ReturnCall | Class::Exit => {
                (Making::Unknown, all(Given))
            }
            Class::CallIndirect | Class::TryCallIndirect | Class::ReturnCallIndirect => {
                (Making::Unknown, Operands::First(Dereferenced, Given))
            }
            // Two stack pointers to store and load through, and the value that is passed.
            Class::Switch => (Making::Unknown, Operands::FirstTwo(Dereferenced, Given)),
            Class::Jump | Class::Branch | Class::BranchTable => (Making::Unknown, all(Examined)),
        };
        Some(Effect { making, operands })
    }

    /// Returns the effect of a load whose result no collector moves or frees.
    pub(crate) fn kept_load() -> Effect {
        let operands = Operands::First(Role::Dereferenced, Role::Dereferenced);
        Effect { making: Making::Constant, operands }
    }

    /// Returns the role of operand number `operand`.
    pub fn role(self, operand: usize) -> Role {
        match (self.operands, operand) {
            (Operands::First(first, _), 0) | (Operands::FirstTwo(first, _), 0 | 1) => first,
            (Operands::First(_, rest) | Operands::FirstTwo(_, rest), _) => rest,
            (Operands::Store, 0) => Role::Given,
            (Operands::Store, _) => Role::Dereferenced,
        }
    }

    /// Returns whether the results may be addresses if operand number `operand` is one.
    pub fn is_offset(self, operand: usize) -> bool {
        self.role(operand) == Role::Offset
    }

    /// Returns whether [`is_offset`](Self::is_offset) holds for an operand.
    pub fn derives(self) -> bool {
        match self.operands {
            Operands::First(first, rest) | Operands::FirstTwo(first, rest) => {
                [first, rest].contains(&Role::Offset)
            }
            Operands::Store => false,
        }
    }
}

/// Returns the effect of an opcode whose class does not determine it.
fn listed(name: &str) -> Option<Effect> {
    use Role::{Dereferenced, Examined, Given, Offset};
    let all = |role| Operands::First(role, role);
    let found = |names: &[&str]| names.binary_search(&name).is_ok();
    let (making, operands) = if found(CONSTANTS) {
        (Making::Constant, all(Examined))
    } else if found(ADDRESSES) {
        (Making::Address, all(Examined))
    } else if found(SUMS) {
        (Making::Computed, all(Offset))
    } else if found(DIFFERENCES) {
        (Making::Computed, Operands::First(Offset, Examined))
    } else if found(ARITHMETIC) {
        (Making::Computed, all(Examined))
    } else if found(EXAMINATIONS) {
        (Making::Unknown, all(Examined))
    } else if found(HAND_OUTS) {
        (Making::Unknown, all(Given))
    } else if found(ATOMICS) {
        (Making::Unknown, Operands::First(Dereferenced, Given))
    } else if name == "atomic_store" {
        (Making::Unknown, Operands::Store)
    } else {
        return None;
    };
    Some(Effect { making, operands })
}

/// Opcodes whose results never move. Static data may hold objects, but stays in place.
const CONSTANTS: &[&str] = &[
    "f128const",
    "f16const",
    "f32const",
    "f64const",
    "iconst",
    "nop",
    "null",
    "symbol_value",
    "tls_value",
    "vconst",
];

/// Opcodes that return addresses in the frame, or of code.
const ADDRESSES: &[&str] = &[
    "dynamic_stack_addr",
    "func_addr",
    "get_frame_pointer",
    "get_return_address",
    "get_stack_pointer",
];

/// Opcodes for which an address plus an offset, or an address in another width, is an address.
const SUMS: &[&str] =
    &["iadd", "iadd_imm", "ireduce", "sextend", "uadd_overflow", "uadd_overflow_trap", "uextend"];

/// Opcodes for which an address minus an offset is an address.
const DIFFERENCES: &[&str] = &["isub", "usub_overflow"];

/// Opcodes that access memory at an address, and may store values there.
/// The atomic accesses that read memory.
pub(crate) const ATOMICS: &[&str] = &["atomic_cas", "atomic_load", "atomic_rmw"];

/// Opcodes that store a value where the verifier does not track it.
const HAND_OUTS: &[&str] = &["dynamic_stack_store", "set_pinned_reg"];

/// Opcodes without results, or whose results do not depend on the operands.
const EXAMINATIONS: &[&str] = &[
    "debugtrap",
    "dynamic_stack_load",
    "fence",
    "get_pinned_reg",
    "global_value",
    "sequence_point",
    "trapnz",
    "trapz",
];

/// Opcodes that compute numbers from numbers. The result for an address is not an address any more:
/// for a reference, they return its tag bits, or whether it is null.
const ARITHMETIC: &[&str] = &[
    "avg_round",
    "band",
    "band_imm",
    "band_not",
    "bitrev",
    "bitselect",
    "blendv",
    "bmask",
    "bnot",
    "bor",
    "bor_imm",
    "bor_not",
    "bswap",
    "bxor",
    "bxor_imm",
    "bxor_not",
    "ceil",
    "cls",
    "clz",
    "ctz",
    "extract_vector",
    "extractlane",
    "fabs",
    "fadd",
    "fcmp",
    "fcopysign",
    "fcvt_from_sint",
    "fcvt_from_uint",
    "fcvt_to_sint",
    "fcvt_to_sint_sat",
    "fcvt_to_uint",
    "fcvt_to_uint_sat",
    "fdemote",
    "fdiv",
    "floor",
    "fma",
    "fmax",
    "fmin",
    "fmul",
    "fneg",
    "fpromote",
    "fsub",
    "fvdemote",
    "fvpromote_low",
    "iabs",
    "iadd_carry",
    "iadd_cin",
    "iadd_pairwise",
    "icmp",
    "icmp_imm",
    "iconcat",
    "imul",
    "imul_imm",
    "ineg",
    "insertlane",
    "irsub_imm",
    "is_invalid",
    "is_null",
    "ishl",
    "ishl_imm",
    "isplit",
    "isub_bin",
    "isub_borrow",
    "nearest",
    "popcnt",
    "rotl",
    "rotl_imm",
    "rotr",
    "rotr_imm",
    "sadd_overflow",
    "sadd_overflow_cin",
    "sadd_sat",
    "scalar_to_vector",
    "sdiv",
    "sdiv_imm",
    "shuffle",
    "smax",
    "smin",
    "smul_overflow",
    "smulhi",
    "snarrow",
    "splat",
    "sqmul_round_sat",
    "sqrt",
    "srem",
    "srem_imm",
    "sshr",
    "sshr_imm",
    "ssub_overflow",
    "ssub_overflow_bin",
    "ssub_sat",
    "swiden_high",
    "swiden_low",
    "swizzle",
    "trunc",
    "uadd_overflow_cin",
    "uadd_sat",
    "udiv",
    "udiv_imm",
    "umax",
    "umin",
    "umul_overflow",
    "umulhi",
    "unarrow",
    "urem",
    "urem_imm",
    "ushr",
    "ushr_imm",
    "usub_overflow_bin",
    "usub_sat",
    "uunarrow",
    "uwiden_high",
    "uwiden_low",
    "vall_true",
    "vany_true",
    "vhigh_bits",
    "x86_blendv",
    "x86_cvtt2dq",
    "x86_pmaddubsw",
    "x86_pmulhrsw",
    "x86_pshufb",
];

#[cfg(test)]
mod tests {
    use super::super::table::OPCODES;
    use super::*;

    const LISTS: [&[&str]; 8] =
        [CONSTANTS, ADDRESSES, SUMS, DIFFERENCES, ATOMICS, HAND_OUTS, EXAMINATIONS, ARITHMETIC];

    #[test]
    fn every_opcode_has_an_effect() {
        for opcode in OPCODES {
            assert!(Effect::of(opcode).is_some(), "{}", opcode.name);
        }
        assert_eq!(Effect::of(Opcode::lookup("iadd_of_the_future")), None);
    }

    #[test]
    fn the_lists_are_sorted_and_name_opcodes_once() {
        let mut all: Vec<&str> = LISTS.into_iter().flatten().copied().collect();
        for list in LISTS {
            assert!(list.is_sorted());
        }
        let named = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), named);
        for name in all {
            assert!(matches!(Opcode::lookup(name).class, Class::Compute | Class::Other), "{name}");
        }
    }

    #[test]
    fn addresses_and_what_is_handed_out() {
        let role = |name, operand| Effect::of(Opcode::lookup(name)).unwrap().role(operand);
        assert_eq!(role("load", 0), Role::Dereferenced);
        assert_eq!([role("store", 0), role("store", 1)], [Role::Given, Role::Dereferenced]);
        assert_eq!([role("select", 0), role("select", 2)], [Role::Examined, Role::Copied]);
        assert_eq!([role("isub", 0), role("isub", 1)], [Role::Offset, Role::Examined]);
        assert_eq!(role("call_indirect", 0), Role::Dereferenced);
        assert_eq!(role("call_indirect", 1), Role::Given);
        assert_eq!(role("band", 0), Role::Examined);
    }
}
