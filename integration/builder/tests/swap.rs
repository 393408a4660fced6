//! The names that are swapped in.

use std::any::TypeId;
use std::mem::size_of;

use cranelift_frontend as real;
use stackmap_builder::{CheckedBuilder, CheckedContext, FunctionBuilder, FunctionBuilderContext};

/// Without debug assertions the names are Cranelift's own types, so a `finalize`
/// through them is Cranelift's `finalize`.
#[test]
fn without_debug_assertions_nothing_is_left() {
    let (plain, checked) = match cfg!(debug_assertions) {
        false => (TypeId::of::<FunctionBuilder<'_>>(), TypeId::of::<FunctionBuilderContext>()),
        true => return,
    };
    assert_eq!(plain, TypeId::of::<real::FunctionBuilder<'_>>());
    assert_eq!(checked, TypeId::of::<real::FunctionBuilderContext>());
    assert_eq!(size_of::<FunctionBuilder<'_>>(), size_of::<real::FunctionBuilder<'_>>());
}

#[test]
fn with_debug_assertions_they_are_the_checked_ones() {
    let is_checked = (
        TypeId::of::<FunctionBuilder<'_>>() == TypeId::of::<CheckedBuilder<'_>>(),
        TypeId::of::<FunctionBuilderContext>() == TypeId::of::<CheckedContext>(),
    );
    assert_eq!(is_checked, (cfg!(debug_assertions), cfg!(debug_assertions)));
}
