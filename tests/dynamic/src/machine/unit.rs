//! The machine code of one function, and its tables.

use cranelift_codegen::Context;
use cranelift_codegen::ir::{Function, UserFuncName};
use cranelift_codegen::isa::{OwnedTargetIsa, TargetIsa};
use cranelift_codegen::settings::{self, Configurable};
use cranelift_codegen::{CompiledCode, FinalizedMachReloc};
use cranelift_module::{FuncId, ModuleReloc};
use stackmap_code::{CodeReport, Emitted, verify_compiled};

use super::{Effort, Site};

/// Machine code that is not linked yet, and its tables.
pub struct Unit {
    /// The function that was lowered.
    pub(super) function: Function,
    /// The bytes.
    pub bytes: Vec<u8>,
    pub(super) alignment: u64,
    relocations: Vec<FinalizedMachReloc>,
    /// The calls, by the offset to which they return.
    pub(super) sites: Vec<(u32, Site)>,
}

/// Returns this machine's instruction set, as cranelift-jit needs it.
///
/// # Errors
///
/// If Cranelift does not know this machine.
pub fn isa(effort: Effort) -> Result<OwnedTargetIsa, String> {
    let opt_level = match effort {
        Effort::None => "none",
        Effort::Speed => "speed",
    };
    let mut flags = settings::builder();
    for (name, value) in [
        ("opt_level", opt_level),
        ("preserve_frame_pointers", "true"),
        ("use_colocated_libcalls", "false"),
        ("is_pic", "false"),
    ] {
        flags.set(name, value).map_err(|error| error.to_string())?;
    }
    let isa = cranelift_native::builder()?;
    isa.finish(settings::Flags::new(flags)).map_err(|error| error.to_string())
}

/// Compiles a function; returns what was compiled, and the report on the code.
///
/// # Errors
///
/// That of Cranelift.
pub fn compile(function: &Function, isa: &dyn TargetIsa) -> Result<(Context, CodeReport), String> {
    let mut context = Context::for_function(function.clone());
    context.func.name = UserFuncName::testcase("function");
    let compiled = context.compile(isa, &mut Default::default());
    compiled.map_err(|error| format!("Cranelift: {:?}", error.inner))?;
    let report = verify_compiled(&context, isa).map_err(|error| error.to_string())?;
    Ok((context, report))
}

impl Unit {
    /// Returns what was emitted for a function.
    pub fn new(function: &Function, code: &CompiledCode) -> Self {
        Unit {
            function: function.clone(),
            bytes: code.buffer.data().to_vec(),
            alignment: u64::from(code.buffer.alignment),
            relocations: code.buffer.relocs().to_vec(),
            sites: sites(code, &Emitted::of(code)),
        }
    }

    /// Replaces the tables. `code` is what was emitted.
    pub fn replace_tables(&mut self, code: &CompiledCode, tables: &Emitted<'_>) {
        self.sites = sites(code, tables);
    }

    pub(super) fn relocations(&self, id: FuncId) -> Vec<ModuleReloc> {
        let relocations = self.relocations.iter();
        relocations.map(|one| ModuleReloc::from_mach_reloc(one, &self.function, id)).collect()
    }
}

/// The bytes of a root whose type is not recorded.
const WORD: u32 = 8;

/// Returns the calls of some code, with what these tables say of them.
fn sites(code: &CompiledCode, tables: &Emitted<'_>) -> Vec<(u32, Site)> {
    let site = |call: cranelift_codegen::FinalizedMachCallSite<'_>| {
        let at = call.ret_addr;
        let maps = tables.maps.iter().filter(|map| map.return_address == at);
        let roots = maps
            .flat_map(|map| &map.entries)
            .map(|entry| (entry.offset, entry.r#type.map_or(WORD, |r#type| r#type.bytes())));
        let handlers = tables.handlers.iter().flatten();
        let handlers = handlers.filter(|table| table.return_address == at);
        let handlers = handlers.flat_map(|table| &table.handlers);
        let handlers = handlers.map(|handler| handler.target as usize);
        (at, Site { roots: roots.collect(), handlers: handlers.collect() })
    };
    code.buffer.call_sites().map(site).collect()
}
