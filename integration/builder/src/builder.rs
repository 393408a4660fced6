//! The builder.

use std::fmt::{self, Debug, Display};
use std::mem;
use std::ops::{Deref, DerefMut};

use cranelift_codegen::ir::{AliasRegion, AliasRegionSet, Function, StackSlot, Type, Value};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::{FunctionBuilder, Variable};
use stackmap_verifier::Options;

use crate::checked::{Checked, Unchecked};
use crate::context::CheckedContext;
use crate::probe;
use crate::shadow::Shadow;

/// Chooses the alias region of a spill or reload.
type MakeAliasRegion =
    Box<dyn Fn(&mut AliasRegionSet, Type, StackSlot, u32) -> Option<AliasRegion> + Send + Sync>;

/// Cranelift's `FunctionBuilder`, with a `finalize` that verifies.
///
/// It is used like the builder that it derefs to. What it stands in front of does
/// what Cranelift's does.
///
/// While the function is built it is in the context; the function given to
/// [`Self::new`] is written by `finalize`. A builder that is dropped instead leaves
/// that function empty.
pub struct CheckedBuilder<'a> {
    builder: FunctionBuilder<'a>,
    spilling: &'a mut cranelift_frontend::FunctionBuilderContext,
    /// The user's.
    function: &'a mut Function,
    shadow: Shadow,
    alias_regions: Option<MakeAliasRegion>,
}

impl<'a> CheckedBuilder<'a> {
    /// A builder of `function`.
    ///
    /// # Panics
    ///
    /// As Cranelift's does, with debug assertions on, if the last builder on the
    /// context was not finalized.
    pub fn new(function: &'a mut Function, context: &'a mut CheckedContext) -> Self {
        let CheckedContext { building, spilling, function: building_function } = context;
        *building_function = mem::replace(function, Function::new());
        CheckedBuilder {
            builder: FunctionBuilder::new(building_function, building),
            spilling,
            function,
            shadow: Shadow::default(),
            alias_regions: None,
        }
    }

    /// Declares that a value is a reference.
    ///
    /// # Panics
    ///
    /// As Cranelift's does, if the value is larger than 16 bytes.
    pub fn declare_value_needs_stack_map(&mut self, value: Value) {
        self.builder.declare_value_needs_stack_map(value);
        self.shadow.declare_value(value);
    }

    /// Declares that what is bound to a variable from now on is a reference.
    ///
    /// # Panics
    ///
    /// As Cranelift's does, if the variable is not declared or is larger than 16
    /// bytes.
    pub fn declare_var_needs_stack_map(&mut self, variable: Variable) {
        self.builder.declare_var_needs_stack_map(variable);
        self.shadow.declare_variable(variable);
    }

    /// Binds a value to a variable.
    ///
    /// # Errors
    ///
    /// If the variable is not declared, or has another type. Cranelift's type of
    /// this error has no public name.
    pub fn try_def_var(
        &mut self,
        variable: Variable,
        value: Value,
    ) -> Result<(), impl Debug + Display + Copy + Eq + use<>> {
        let result = self.builder.try_def_var(variable, value);
        if result.is_ok() {
            self.shadow.bind(variable, value);
        }
        result
    }

    /// Binds a value to a variable.
    ///
    /// # Panics
    ///
    /// As Cranelift's does, if the variable is not declared, or has another type.
    pub fn def_var(&mut self, variable: Variable, value: Value) {
        self.builder.def_var(variable, value);
        self.shadow.bind(variable, value);
    }

    /// Sets what chooses the alias regions of spills and reloads.
    pub fn make_stack_map_alias_region(&mut self, make_alias_region: MakeAliasRegion) {
        self.alias_regions = Some(make_alias_region);
    }

    /// Spills, verifies, and panics if a path through the function goes wrong: the
    /// debug-assert pass.
    ///
    /// A function that cannot be decided passes; [`Self::finalize_checked`] tells.
    ///
    /// # Panics
    ///
    /// With the rendered findings, if there are any. Also as Cranelift's does.
    #[track_caller]
    pub fn finalize(self, config: TargetFrontendConfig) {
        self.finalize_checked(config).assert_right();
    }

    /// Spills, and verifies what the spiller made, for a moving collector.
    ///
    /// # Panics
    ///
    /// As Cranelift's `finalize` does.
    pub fn finalize_checked(self, config: TargetFrontendConfig) -> Checked<'a> {
        self.finalize_with(config, &Options::default(), |_| {})
    }

    /// Spills, lets `pass` work on the function, and verifies what came of it:
    /// `pass` must leave alone what is not the spiller's.
    ///
    /// Cost: that of a copy of the function and of a spiller run on one block with
    /// as many values, and the verifier's.
    ///
    /// # Panics
    ///
    /// As Cranelift's `finalize` does.
    pub fn finalize_with(
        self,
        config: TargetFrontendConfig,
        options: &Options,
        pass: impl FnOnce(&mut Function),
    ) -> Checked<'a> {
        let CheckedBuilder { builder, spilling, function, shadow, alias_regions } = self;
        let Parts { built, declared, hidden } = take_apart(builder, config);
        *function = built;
        // Spilled is what the builder recorded, as in a release build.
        let lost: Vec<Value> =
            shadow.values().filter(|value| declared.binary_search(value).is_err()).collect();
        let before = function.clone();
        let mut spiller = FunctionBuilder::new(function, spilling);
        for &value in &declared {
            spiller.declare_value_needs_stack_map(value);
        }
        if let Some(make_alias_region) = alias_regions {
            spiller.make_stack_map_alias_region(make_alias_region);
        }
        spiller.finalize(config);
        pass(function);
        let problem = match (hidden, lost.is_empty()) {
            (true, _) => Some(Unchecked::HiddenAliasRegions),
            (false, false) => Some(Unchecked::LostDeclarations(lost)),
            (false, true) => None,
        };
        match problem {
            Some(problem) => Checked::misused(before, declared, function, problem),
            None => Checked::new(before, declared, function, options),
        }
    }
}

/// The contents of a builder.
struct Parts {
    built: Function,
    /// The declared values, as the probe shows them, in order.
    declared: Vec<Value>,
    /// Whether it chooses alias regions, which only Cranelift's builder was told.
    hidden: bool,
}

/// Takes what is needed out of a builder.
fn take_apart(builder: FunctionBuilder<'_>, config: TargetFrontendConfig) -> Parts {
    let mut probe = probe::function(builder.func.dfg.num_values());
    // The builder's lifetime shrinks to that of `probe` here.
    let mut builder = builder;
    let built = mem::replace(mem::replace(&mut builder.func, &mut probe), Function::new());
    check_blocks(&built);
    builder.finalize(config);
    let hidden = probe::has_alias_regions(&probe);
    Parts { built, declared: probe::declared(&probe), hidden }
}

/// The checks that Cranelift's `finalize` makes of the function's blocks, which it cannot
/// see when it is called on the probe.
fn check_blocks(function: &Function) {
    if cfg!(debug_assertions) {
        for block in function.layout.blocks() {
            if let Err((inst, message)) = function.is_block_basic(block) {
                let inst = function.dfg.display_inst(inst);
                panic!("{block} failed basic block invariants on {inst}: {message}");
            }
        }
    }
}

impl<'a> Deref for CheckedBuilder<'a> {
    type Target = FunctionBuilder<'a>;

    fn deref(&self) -> &FunctionBuilder<'a> {
        &self.builder
    }
}

impl DerefMut for CheckedBuilder<'_> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.builder
    }
}

impl Debug for CheckedBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CheckedBuilder").field("func", &self.builder.func).finish_non_exhaustive()
    }
}
