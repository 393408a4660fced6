//! What a compiler emitted: machine code and its tables.

use cranelift_codegen::ir::{ExceptionTag, Type};
use cranelift_codegen::{
    CompiledCode, ExceptionContextLoc, FinalizedMachCallSite, FinalizedMachExceptionHandler,
    FinalizedMachReloc,
};

/// The machine code of one function and its tables. All offsets are relative to the function's
/// first byte.
///
/// It may come from [Cranelift in this process](Self::of) or from an object file: nothing is
/// assumed of it, and the order of its tables does not matter.
#[derive(Clone, Debug)]
pub struct Emitted<'a> {
    /// The bytes.
    pub code: &'a [u8],
    /// The relocations of the bytes.
    pub relocations: Relocations<'a>,
    /// The stack maps.
    pub maps: Vec<StackMap>,
    /// The calls that have exception handlers; `None` if whoever emitted the code records no
    /// handlers, which are then not checked.
    pub handlers: Option<Vec<Handlers>>,
}

/// The relocations of some machine code.
#[derive(Clone, Copy, Debug)]
pub enum Relocations<'a> {
    /// They are listed, and the bytes are as Cranelift left them.
    Listed(&'a [FinalizedMachReloc]),
    /// They were applied: the bytes are those of a linked program. What a relocation of the replay
    /// patches may have any value then.
    Applied,
}

/// The stack map of one return address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackMap {
    /// The offset in the code to which the call returns.
    pub return_address: u32,
    /// The number of bytes from the stack pointer to the frame pointer, if it is recorded.
    pub frame_size: Option<u32>,
    /// The places that the collector reads. A map without entries is as good as none.
    pub entries: Vec<MapEntry>,
}

/// One place that a stack map lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapEntry {
    /// The offset from the stack pointer, in bytes.
    pub offset: u32,
    /// The type of the reference, if it is recorded.
    pub r#type: Option<Type>,
}

/// The exception handlers of one return address, in the order in which they are tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handlers {
    /// The offset in the code to which the call returns.
    pub return_address: u32,
    /// The number of bytes from the stack pointer to the frame pointer, if it is recorded.
    pub frame_size: Option<u32>,
    /// The handlers.
    pub handlers: Vec<Handler>,
}

/// One exception handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handler {
    /// The tag that it handles; `None` if it handles all.
    pub tag: Option<ExceptionTag>,
    /// The place of the value that says how the tag is meant, if there is one.
    pub context: Option<ExceptionContextLoc>,
    /// The offset in the code at which it begins.
    pub target: u32,
}

impl<'a> Emitted<'a> {
    /// Returns what Cranelift emitted.
    pub fn of(code: &'a CompiledCode) -> Self {
        let buffer = &code.buffer;
        let maps = buffer.user_stack_maps().iter().map(|(return_address, size, map)| StackMap {
            return_address: *return_address,
            frame_size: Some(*size),
            entries: map.entries().map(MapEntry::from).collect(),
        });
        let handlers = buffer.call_sites().filter(|site| !site.exception_handlers.is_empty());
        Emitted {
            code: buffer.data(),
            relocations: Relocations::Listed(buffer.relocs()),
            maps: maps.collect(),
            handlers: Some(handlers.map(|site| Handlers::of(&site)).collect()),
        }
    }
}

impl From<(Type, u32)> for MapEntry {
    fn from((r#type, offset): (Type, u32)) -> Self {
        MapEntry { offset, r#type: Some(r#type) }
    }
}

impl Handlers {
    /// Returns the handlers of a call that Cranelift emitted.
    pub fn of(site: &FinalizedMachCallSite<'_>) -> Self {
        let mut context = None;
        let mut handlers = Vec::new();
        for item in site.exception_handlers {
            let (tag, target) = match *item {
                FinalizedMachExceptionHandler::Tag(tag, target) => (Some(tag), target),
                FinalizedMachExceptionHandler::Default(target) => (None, target),
                FinalizedMachExceptionHandler::Context(place) => {
                    context = Some(place);
                    continue;
                }
            };
            handlers.push(Handler { tag, context, target });
        }
        let (return_address, frame_size) = (site.ret_addr, site.frame_offset);
        Handlers { return_address, frame_size, handlers }
    }
}
