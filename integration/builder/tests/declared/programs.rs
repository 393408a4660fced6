//! Functions, built with either builder.

use cranelift_codegen::ir::{
    AbiParam, Block, ExtFuncData, ExternalName, FuncRef, Function, InstBuilder, Signature,
    UserFuncName, Value, types,
};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::{FunctionBuilder, Variable};
use stackmap_builder::CheckedBuilder;

/// The methods that the programs need of a builder: those `CheckedBuilder` wraps.
pub(crate) trait Builder<'a> {
    /// Cranelift's builder.
    fn plain(&mut self) -> &mut FunctionBuilder<'a>;
    /// `declare_value_needs_stack_map`
    fn declare_value(&mut self, value: Value);
    /// `declare_var_needs_stack_map`
    fn declare_variable(&mut self, variable: Variable);
    /// `def_var`
    fn define(&mut self, variable: Variable, value: Value);

    /// Makes blocks.
    fn blocks<const N: usize>(&mut self) -> [Block; N] {
        std::array::from_fn(|_| self.plain().create_block())
    }

    /// A variable; `true` for one that holds references.
    fn variable(&mut self, reference: bool) -> Variable {
        let variable = self.plain().declare_var(types::I64);
        if reference {
            self.declare_variable(variable);
        }
        variable
    }

    /// A call of one of the two functions that every program imports: 0 makes an
    /// object, 1 looks at one.
    fn make(&mut self) -> Value {
        let call = self.plain().ins().call(FuncRef::from_u32(0), &[]);
        self.plain().inst_results(call)[0]
    }

    /// See [`Self::make`].
    fn look(&mut self, value: Value) {
        self.plain().ins().call(FuncRef::from_u32(1), &[value]);
    }

    /// Goes on in a block, all of whose predecessors are known.
    fn sealed(&mut self, block: Block) {
        self.plain().switch_to_block(block);
        self.plain().seal_block(block);
    }

    /// Ends a block by a choice.
    fn choose(&mut self, yes: Block, no: Block) {
        // The entry is made first.
        let condition = self.plain().block_params(Block::from_u32(0))[0];
        self.plain().ins().brif(condition, yes, &[], no, &[]);
    }

    /// Ends a block by a jump.
    fn jump(&mut self, block: Block) {
        self.plain().ins().jump(block, &[]);
    }
}

impl<'a> Builder<'a> for FunctionBuilder<'a> {
    fn plain(&mut self) -> &mut FunctionBuilder<'a> {
        self
    }

    fn declare_value(&mut self, value: Value) {
        self.declare_value_needs_stack_map(value);
    }

    fn declare_variable(&mut self, variable: Variable) {
        self.declare_var_needs_stack_map(variable);
    }

    fn define(&mut self, variable: Variable, value: Value) {
        self.def_var(variable, value);
    }
}

impl<'a> Builder<'a> for CheckedBuilder<'a> {
    fn plain(&mut self) -> &mut FunctionBuilder<'a> {
        self
    }

    fn declare_value(&mut self, value: Value) {
        self.declare_value_needs_stack_map(value);
    }

    fn declare_variable(&mut self, variable: Variable) {
        self.declare_var_needs_stack_map(variable);
    }

    fn define(&mut self, variable: Variable, value: Value) {
        self.def_var(variable, value);
    }
}

/// An empty function of one integer.
pub(crate) fn function() -> Function {
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.push(AbiParam::new(types::I64));
    let mut function = Function::with_name_signature(UserFuncName::testcase("f"), signature);
    let mut make = Signature::new(CallConv::SystemV);
    make.returns.push(AbiParam::new(types::I64));
    let mut look = Signature::new(CallConv::SystemV);
    look.params.push(AbiParam::new(types::I64));
    for (name, signature) in [("make", make), ("look", look)] {
        let signature = function.import_signature(signature);
        let name = ExternalName::testcase(name);
        let data = ExtFuncData { name, signature, colocated: false, patchable: false };
        function.import_function(data);
    }
    function
}

/// The entry block, begun.
fn entry<'a>(b: &mut impl Builder<'a>) {
    let [entry] = b.blocks();
    b.plain().append_block_params_for_function_params(entry);
    b.sealed(entry);
}

/// Two definitions meet in a block sealed before it is filled.
pub(crate) fn diamond<'a>(b: &mut impl Builder<'a>) {
    let reference = b.variable(true);
    entry(b);
    let [left, right, join] = b.blocks();
    b.choose(left, right);
    for side in [left, right] {
        b.sealed(side);
        let made = b.make();
        b.define(reference, made);
        b.jump(join);
    }
    b.sealed(join);
    let other = b.make();
    b.look(other);
    let used = b.plain().use_var(reference);
    b.look(used);
    b.plain().ins().return_(&[]);
}

/// Two nested loops, every block sealed at the end: the parameters of the outer
/// one are made by sealing, for one variable of references and one that is not.
pub(crate) fn nested_loops<'a>(b: &mut impl Builder<'a>) {
    let (reference, integer) = (b.variable(true), b.variable(false));
    let [entry, outer, inner, latch, exit] = b.blocks();
    b.plain().append_block_params_for_function_params(entry);
    b.plain().switch_to_block(entry);
    let made = b.make();
    b.define(reference, made);
    let zero = b.plain().ins().iconst(types::I64, 0);
    b.define(integer, zero);
    b.jump(outer);
    b.plain().switch_to_block(outer);
    b.jump(inner);
    b.plain().switch_to_block(inner);
    let (used, counted) = (b.plain().use_var(reference), b.plain().use_var(integer));
    b.look(used);
    let more = b.plain().ins().iadd_imm_s(counted, 1);
    b.define(integer, more);
    b.choose(inner, latch);
    b.plain().switch_to_block(latch);
    let made = b.make();
    b.define(reference, made);
    b.choose(outer, exit);
    b.plain().switch_to_block(exit);
    let used = b.plain().use_var(reference);
    b.look(used);
    b.plain().ins().return_(&[]);
    b.plain().seal_all_blocks();
}

/// A loop that only carries a reference; its parameter turns out to be redundant
/// when the header is sealed, and becomes an alias.
pub(crate) fn alias<'a>(b: &mut impl Builder<'a>) {
    let reference = b.variable(true);
    entry(b);
    let made = b.make();
    b.define(reference, made);
    let [header, exit] = b.blocks();
    b.jump(header);
    b.plain().switch_to_block(header);
    let used = b.plain().use_var(reference);
    b.look(used);
    b.choose(header, exit);
    b.plain().seal_block(header);
    b.sealed(exit);
    let used = b.plain().use_var(reference);
    b.look(used);
    b.plain().ins().return_(&[]);
}

/// A value declared after its uses, and a variable declared in a later block.
pub(crate) fn late<'a>(b: &mut impl Builder<'a>) {
    entry(b);
    let (early, other) = (b.make(), b.make());
    b.look(early);
    let [next] = b.blocks();
    b.jump(next);
    b.sealed(next);
    let reference = b.variable(true);
    b.define(reference, other);
    b.look(early);
    let used = b.plain().use_var(reference);
    b.look(used);
    b.plain().ins().return_(&[]);
    b.declare_value(early);
}

/// A variable that is never defined, read where a block that nothing reaches and
/// one that something does meet: its parameter gets only zeros, but is declared.
pub(crate) fn undefined<'a>(b: &mut impl Builder<'a>) {
    let (reference, other) = (b.variable(true), b.variable(true));
    entry(b);
    let made = b.make();
    b.define(other, made);
    let [dead, join] = b.blocks();
    b.jump(join);
    b.sealed(dead);
    b.jump(join);
    b.sealed(join);
    let used = b.plain().use_var(reference);
    let kept = b.plain().use_var(other);
    b.look(used);
    b.look(kept);
    b.look(used);
    b.plain().ins().return_(&[]);
}

/// A value declared with Cranelift's builder, as a function that takes one would.
pub(crate) fn behind<'a>(b: &mut impl Builder<'a>) {
    entry(b);
    let made = b.make();
    b.plain().declare_value_needs_stack_map(made);
    b.look(made);
    b.look(made);
    b.plain().ins().return_(&[]);
}

/// Nothing is declared.
pub(crate) fn nothing<'a>(b: &mut impl Builder<'a>) {
    entry(b);
    let made = b.make();
    b.look(made);
    b.plain().ins().return_(&[]);
}
