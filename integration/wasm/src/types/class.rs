//! Which types Wasmtime declares: references in the hierarchies that its collector manages.

use wasmparser::types::TypesRef;
use wasmparser::{AbstractHeapType, CompositeInnerType, HeapType, UnpackedIndex, ValType};

/// Returns whether a value of this type must be declared. An `i31ref` and the types that only null
/// has are no pointers, and functions and continuations are not in the collector's heap.
pub(super) fn is_declared(types: TypesRef<'_>, of: ValType) -> bool {
    let ValType::Ref(reference) = of else { return false };
    match reference.heap_type() {
        HeapType::Abstract { ty, .. } => match ty {
            AbstractHeapType::Any
            | AbstractHeapType::Eq
            | AbstractHeapType::Struct
            | AbstractHeapType::Array
            | AbstractHeapType::Extern
            | AbstractHeapType::Exn => true,
            AbstractHeapType::I31
            | AbstractHeapType::None
            | AbstractHeapType::NoExtern
            | AbstractHeapType::NoExn
            | AbstractHeapType::Func
            | AbstractHeapType::NoFunc
            | AbstractHeapType::Cont
            | AbstractHeapType::NoCont => false,
        },
        HeapType::Concrete(index) | HeapType::Exact(index) => {
            let id = match index {
                UnpackedIndex::Module(index) => types.core_type_at_in_module(index),
                UnpackedIndex::Id(id) => id,
                // Only within a group of types, not of a value.
                UnpackedIndex::RecGroup(_) => return false,
            };
            match types[id].composite_type.inner {
                CompositeInnerType::Struct(_) | CompositeInnerType::Array(_) => true,
                CompositeInnerType::Func(_) | CompositeInnerType::Cont(_) => false,
            }
        }
    }
}

/// Returns whether a value of this type has the size of a reference that must be declared, but is no
/// pointer.
pub(super) fn is_no_pointer(of: ValType) -> bool {
    let ValType::Ref(reference) = of else { return false };
    let HeapType::Abstract { ty, .. } = reference.heap_type() else { return false };
    matches!(
        ty,
        AbstractHeapType::I31
            | AbstractHeapType::None
            | AbstractHeapType::NoExtern
            | AbstractHeapType::NoExn
    )
}
