//! Debug tags, which only some versions have.
//!
//! A field that a version may lack cannot be named in a type that lacks it. So the type whose field
//! is named is Cranelift's where there is a type `DebugTags`, and one of this module elsewhere: see
//! [`drift`](super::drift) for how a name is found.

use super::codegen::ir::Function;
use super::codegen::ir::function::FunctionStencil;
use super::drift::Named;

/// Returns whether a function has debug tags; `None` if this source does not know how the version
/// holds them.
pub fn any_tags(function: &Function) -> Option<bool> {
    let holder: &<Known as Held>::Holder = function.part();
    <Known as Held>::IS_KNOWN.then(|| !holder.debug_tags.is_empty())
}

/// The type of debug tags.
type Known = <Tags as Named>::Type;

/// Debug tags.
#[derive(Debug)]
struct Tags;

/// Stands for the type that a version lacks. It has no default, and Cranelift's has one.
#[derive(Debug)]
struct DebugTags;

impl DebugTags {
    fn is_empty(&self) -> bool {
        true
    }
}

const _: () = {
    use super::codegen::ir::*;

    impl self::Named for self::Tags {
        type Type = DebugTags;
    }
};

/// A type of debug tags.
trait Held {
    /// The type with a field `debug_tags` of it.
    type Holder;

    /// Whether this is Cranelift's type.
    const IS_KNOWN: bool;
}

impl<T: Default> Held for T {
    type Holder = FunctionStencil;
    const IS_KNOWN: bool = true;
}

impl Held for DebugTags {
    type Holder = Nothing;
    const IS_KNOWN: bool = false;
}

/// Has debug tags of which nothing is known.
#[derive(Debug)]
struct Nothing {
    debug_tags: DebugTags,
}

/// A function, of which something is a part.
trait Whole<T> {
    /// Returns the part.
    fn part(&self) -> &T;
}

impl Whole<FunctionStencil> for Function {
    fn part(&self) -> &FunctionStencil {
        &self.stencil
    }
}

impl Whole<Nothing> for Function {
    fn part(&self) -> &Nothing {
        &Nothing { debug_tags: DebugTags }
    }
}
