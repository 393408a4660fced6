//! Runs functions as machine code, by cranelift-jit.
//!
//! At each call the collector finds the roots by the stack map that Cranelift *emitted* for it:
//! looked up by the return address, at offsets from the stack pointer. So the code that runs
//! depends not only on the spiller, but also on the rest of the compiler.

#[expect(unsafe_code, reason = "machine code cannot be entered without")]
mod entry;
mod unit;

use std::collections::BTreeMap;

use cranelift_codegen::ir::{AbiParam, Signature, Type};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{Linkage, Module, ModuleError, default_libcall_names};

use crate::plan::Plan;
use crate::world::{Answer, End, INDIRECT, Run, World};
use entry::{Call, Ended, Host, Owned, Reply};
pub use unit::{Unit, compile, isa};

/// Cranelift's optimization level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// No optimization.
    None,
    /// `opt_level` is `speed`.
    Speed,
}

/// Functions as machine code.
pub struct Machine<'p> {
    module: Owned,
    plan: &'p Plan,
    functions: Vec<Compiled>,
}

/// One of them.
struct Compiled {
    entry: *const u8,
    /// The calls, by return address.
    sites: BTreeMap<usize, Site>,
}

/// A call.
#[derive(Clone, Debug)]
struct Site {
    /// Offset from the stack pointer and size of each root.
    roots: Vec<(u32, u32)>,
    /// The addresses of the handlers.
    handlers: Vec<usize>,
}

impl<'p> Machine<'p> {
    /// Links some functions, all of which need what the plan provides.
    ///
    /// # Errors
    ///
    /// The error of Cranelift.
    pub fn link(
        units: &[Unit],
        plan: &'p Plan,
        isa: OwnedTargetIsa,
    ) -> Result<Self, Box<ModuleError>> {
        let mut builder = JITBuilder::with_isa(isa, default_libcall_names());
        let names = (0..=INDIRECT).map(|n| (format!("import{n}"), entry::import_address(n)));
        builder.symbols(names);
        let mut module = JITModule::new(builder);
        declare_imports(&mut module, plan)?;
        let mut ids = Vec::new();
        for (n, unit) in units.iter().enumerate() {
            let signature = &unit.function.signature;
            let id = module.declare_function(&format!("f{n}"), Linkage::Export, signature)?;
            let relocations = unit.relocations(id);
            module.define_function_bytes(id, unit.alignment, &unit.bytes, &relocations)?;
            ids.push((id, unit.sites.clone()));
        }
        module.finalize_definitions()?;
        let place = |(id, sites): (_, Vec<(u32, Site)>)| {
            let entry = module.get_finalized_function(id);
            let start = entry as usize;
            let sites = sites.into_iter().map(|(offset, mut site)| {
                site.handlers.iter_mut().for_each(|handler| *handler += start);
                (start + offset as usize, site)
            });
            Compiled { entry, sites: sites.collect() }
        };
        let functions = ids.into_iter().map(place).collect();
        Ok(Machine { module: Owned::new(module), plan, functions })
    }

    /// Runs one of them.
    pub fn run(&self, function: usize, mut world: World<'_>) -> Run {
        let base = world.heap.words().as_ptr() as u64;
        let code = entry::import_address(INDIRECT) as u64;
        let mut registers = [0; 6];
        let arguments = world.arguments(base, code);
        for (register, argument) in registers.iter_mut().zip(arguments) {
            *register = low(argument);
        }
        let compiled = &self.functions[function];
        let mut host = Surroundings { world, plan: self.plan, sites: &compiled.sites };
        match entry::enter(&self.module, compiled.entry, &registers, &mut host) {
            Ended::Returned(results) => {
                let results = self.plan.returns.iter().zip(results);
                let results: Vec<u128> = results.map(|(&ty, bits)| narrow(bits, ty)).collect();
                host.world.returned(&results);
            }
            Ended::NotRestored => {
                host.world.stop(End::Stuck("a register is not restored".to_owned()));
            }
            Ended::Left => {}
        }
        host.world.finish()
    }
}

/// Returns the bits for a register. The plan rejects wider values.
fn low(bits: u128) -> u64 {
    u64::try_from(bits).unwrap_or(0)
}

/// Returns the bits of a register that belong to a value of type `ty`.
fn narrow(bits: u64, ty: Type) -> u128 {
    u128::from(bits) & (u128::MAX >> (128 - ty.bits().clamp(1, 128)))
}

/// Declares the imports so that each has the number it has in the functions.
fn declare_imports(module: &mut JITModule, plan: &Plan) -> Result<(), Box<ModuleError>> {
    let last = plan.imports.keys().copied().filter(|&n| n < INDIRECT).max();
    for number in 0..last.map_or(0, |last| last + 1) {
        let mut signature = module.make_signature();
        if let Some(import) = plan.imports.get(&number) {
            signature = Signature::new(import.convention);
            signature.params = import.params.iter().map(|&ty| AbiParam::new(ty)).collect();
            signature.returns = import.results.iter().map(|r| AbiParam::new(r.ty)).collect();
        }
        module.declare_function(&format!("import{number}"), Linkage::Import, &signature)?;
    }
    Ok(())
}

/// The environment that the function calls.
struct Surroundings<'r, 'w> {
    world: World<'w>,
    plan: &'r Plan,
    sites: &'r BTreeMap<usize, Site>,
}

impl Host for Surroundings<'_, '_> {
    fn roots(&self, back: usize) -> Vec<(u32, u32)> {
        self.sites.get(&back).map(|site| site.roots.clone()).unwrap_or_default()
    }

    fn call(&mut self, call: &Call, roots: &mut [u128]) -> Reply {
        let (Some(import), Some(site)) =
            (self.plan.imports.get(&call.import), self.sites.get(&call.back))
        else {
            self.world.stop(End::Stuck("a call from nowhere".to_owned()));
            return Reply::Stop;
        };
        let (mut integers, mut floats) = (call.integers.iter(), call.floats.iter());
        let arguments = import.params.iter().map(|&ty| {
            let register = if ty.is_float() { floats.next() } else { integers.next() };
            narrow(register.copied().unwrap_or(0), ty)
        });
        let arguments: Vec<u128> = arguments.collect();
        match self.world.call(call.import, &arguments, roots, site.handlers.len()) {
            Answer::Return(values) => {
                let mut results = [0; 2];
                results.iter_mut().zip(values).for_each(|(r, value)| *r = low(value));
                Reply::Return(results)
            }
            Answer::Throw { handler, payload } => Reply::Throw(site.handlers[handler], payload),
            Answer::Stop => Reply::Stop,
        }
    }
}
