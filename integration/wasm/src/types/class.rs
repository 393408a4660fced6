//! The classes of WebAssembly's types, as a collector sees them.

use wasmparser::types::TypesRef;
use wasmparser::{AbstractHeapType, CompositeInnerType, HeapType, UnpackedIndex, ValType};

/// The class of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// References in the hierarchies that Wasmtime's collectors manage, which must be declared.
    Reference,
    /// A type of these hierarchies that only null has. Some such values are declared all the same.
    Null,
    /// `i31ref`: it has the size of a reference, and is none.
    Integer,
    /// Numbers; functions and continuations, which are not in the collector's heap.
    Other,
}

impl Class {
    /// Returns the class of a type.
    pub(super) fn of(types: TypesRef<'_>, of: ValType) -> Class {
        match of {
            ValType::Ref(reference) => of_heap(types, reference.heap_type()),
            ValType::I32 | ValType::I64 | ValType::F32 | ValType::F64 | ValType::V128 => {
                Class::Other
            }
        }
    }

    /// Returns whether values of this class have the size of references, and are none.
    pub(super) fn is_number(self) -> bool {
        match self {
            Class::Null | Class::Integer => true,
            Class::Reference | Class::Other => false,
        }
    }

    /// Returns whether values of this class have the size of references in the collector's heap.
    pub(super) fn looks_like_reference(self) -> bool {
        self == Class::Reference || self.is_number()
    }
}

fn of_heap(types: TypesRef<'_>, heap: HeapType) -> Class {
    match heap {
        HeapType::Abstract { ty, .. } => match ty {
            AbstractHeapType::Any
            | AbstractHeapType::Eq
            | AbstractHeapType::Struct
            | AbstractHeapType::Array
            | AbstractHeapType::Extern
            | AbstractHeapType::Exn => Class::Reference,
            AbstractHeapType::None | AbstractHeapType::NoExtern | AbstractHeapType::NoExn => {
                Class::Null
            }
            AbstractHeapType::I31 => Class::Integer,
            AbstractHeapType::Func
            | AbstractHeapType::NoFunc
            | AbstractHeapType::Cont
            | AbstractHeapType::NoCont => Class::Other,
        },
        HeapType::Concrete(index) | HeapType::Exact(index) => {
            let id = match index {
                UnpackedIndex::Module(index) => types.core_type_at_in_module(index),
                UnpackedIndex::Id(id) => id,
                // Only within a group of types, not of a value.
                UnpackedIndex::RecGroup(_) => return Class::Other,
            };
            match types[id].composite_type.inner {
                CompositeInnerType::Struct(_) | CompositeInnerType::Array(_) => Class::Reference,
                CompositeInnerType::Func(_) | CompositeInnerType::Cont(_) => Class::Other,
            }
        }
    }
}
