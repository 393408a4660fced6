//! Functions, built as a compiler builds them.

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    AbiParam, Block, Function, InstBuilder, SigRef, Signature, UserFuncName, Value, types,
};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::{FunctionBuilder, Variable};

/// What the programs are made of.
pub(crate) trait Build {
    /// Makes blocks.
    fn blocks<const N: usize>(&mut self) -> [Block; N];
    /// The entry block, begun.
    fn entry(&mut self);
    /// A variable; `true` for one that holds references.
    fn variable(&mut self, reference: bool) -> Variable;
    /// A call that makes an object.
    fn make(&mut self) -> Value;
    /// A call that looks at one.
    fn look(&mut self, value: Value);
    /// Goes on in a block, all of whose predecessors are known.
    fn sealed(&mut self, block: Block);
    /// Ends a block by a choice.
    fn choose(&mut self, yes: Block, no: Block);
    /// Ends a block by a jump.
    fn goto(&mut self, block: Block);
}

impl Build for FunctionBuilder<'_> {
    fn blocks<const N: usize>(&mut self) -> [Block; N] {
        std::array::from_fn(|_| self.create_block())
    }

    fn entry(&mut self) {
        let [entry] = self.blocks();
        self.append_block_params_for_function_params(entry);
        self.sealed(entry);
    }

    fn variable(&mut self, reference: bool) -> Variable {
        let variable = self.declare_var(types::I64);
        if reference {
            self.declare_var_needs_stack_map(variable);
        }
        variable
    }

    fn make(&mut self) -> Value {
        let code = self.ins().iconst(types::I64, 4096);
        let call = self.ins().call_indirect(SigRef::from_u32(0), code, &[]);
        self.inst_results(call)[0]
    }

    fn look(&mut self, value: Value) {
        let code = self.ins().iconst(types::I64, 4096);
        self.ins().call_indirect(SigRef::from_u32(1), code, &[value]);
    }

    fn sealed(&mut self, block: Block) {
        self.switch_to_block(block);
        self.seal_block(block);
    }

    fn choose(&mut self, yes: Block, no: Block) {
        // The entry is made first.
        let condition = self.block_params(Block::from_u32(0))[0];
        self.ins().brif(condition, yes, &[], no, &[]);
    }

    fn goto(&mut self, block: Block) {
        self.ins().jump(block, &[]);
    }
}

/// An empty function of one integer, with the signatures of [`Build::make`] and [`Build::look`].
pub(crate) fn function() -> Function {
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.push(AbiParam::new(types::I64));
    let mut function = Function::with_name_signature(UserFuncName::testcase("f"), signature);
    let mut make = Signature::new(CallConv::SystemV);
    make.returns.push(AbiParam::new(types::I64));
    let mut look = Signature::new(CallConv::SystemV);
    look.params.push(AbiParam::new(types::I64));
    function.import_signature(make);
    function.import_signature(look);
    function
}

/// Two definitions meet in a block sealed before it is filled.
pub(crate) fn diamond(b: &mut FunctionBuilder<'_>) {
    let reference = b.variable(true);
    b.entry();
    let [left, right, join] = b.blocks();
    b.choose(left, right);
    for side in [left, right] {
        b.sealed(side);
        let made = b.make();
        b.def_var(reference, made);
        b.goto(join);
    }
    b.sealed(join);
    let other = b.make();
    b.look(other);
    let used = b.use_var(reference);
    b.look(used);
    b.ins().return_(&[]);
}

/// Two nested loops, every block sealed at the end: the parameters of the outer
/// one are made by sealing, for one variable of references and one that is not.
pub(crate) fn nested_loops(b: &mut FunctionBuilder<'_>) {
    let (reference, integer) = (b.variable(true), b.variable(false));
    let [entry, outer, inner, latch, exit] = b.blocks();
    b.append_block_params_for_function_params(entry);
    b.switch_to_block(entry);
    let made = b.make();
    b.def_var(reference, made);
    let zero = b.ins().iconst(types::I64, 0);
    b.def_var(integer, zero);
    b.goto(outer);
    b.switch_to_block(outer);
    b.goto(inner);
    b.switch_to_block(inner);
    let (used, counted) = (b.use_var(reference), b.use_var(integer));
    b.look(used);
    let one = b.ins().iconst(types::I64, 1);
    let more = b.ins().iadd(counted, one);
    b.def_var(integer, more);
    b.choose(inner, latch);
    b.switch_to_block(latch);
    let made = b.make();
    b.def_var(reference, made);
    b.choose(outer, exit);
    b.switch_to_block(exit);
    let used = b.use_var(reference);
    b.look(used);
    b.ins().return_(&[]);
    b.seal_all_blocks();
}

/// A loop that only carries a reference; its parameter turns out to be redundant
/// when the header is sealed, and becomes an alias.
pub(crate) fn alias(b: &mut FunctionBuilder<'_>) {
    let reference = b.variable(true);
    b.entry();
    let made = b.make();
    b.def_var(reference, made);
    let [header, exit] = b.blocks();
    b.goto(header);
    b.switch_to_block(header);
    let used = b.use_var(reference);
    b.look(used);
    b.choose(header, exit);
    b.seal_block(header);
    b.sealed(exit);
    let used = b.use_var(reference);
    b.look(used);
    b.ins().return_(&[]);
}

/// A value declared after its uses, and a variable declared in a later block.
pub(crate) fn late(b: &mut FunctionBuilder<'_>) {
    b.entry();
    let (early, other) = (b.make(), b.make());
    b.look(early);
    let [next] = b.blocks();
    b.goto(next);
    b.sealed(next);
    let reference = b.variable(true);
    b.def_var(reference, other);
    b.look(early);
    let used = b.use_var(reference);
    b.look(used);
    b.ins().return_(&[]);
    b.declare_value_needs_stack_map(early);
}

/// A variable that is never defined, read where a block that nothing reaches and
/// one that something does meet: its parameter gets only zeros, but is declared.
pub(crate) fn undefined(b: &mut FunctionBuilder<'_>) {
    let (reference, other) = (b.variable(true), b.variable(true));
    b.entry();
    let made = b.make();
    b.def_var(other, made);
    let [dead, join] = b.blocks();
    b.goto(join);
    b.sealed(dead);
    b.goto(join);
    b.sealed(join);
    let used = b.use_var(reference);
    let kept = b.use_var(other);
    b.look(used);
    b.look(kept);
    b.look(used);
    b.ins().return_(&[]);
}

/// References of several sizes.
pub(crate) fn sizes(b: &mut FunctionBuilder<'_>) {
    b.entry();
    let wide = b.make();
    let narrow = b.ins().ireduce(types::I32, wide);
    b.declare_value_needs_stack_map(wide);
    b.declare_value_needs_stack_map(narrow);
    b.look(wide);
    let widened = b.ins().uextend(types::I64, narrow);
    let is_same = b.ins().icmp(IntCC::Equal, wide, widened);
    let word = b.ins().uextend(types::I64, is_same);
    b.look(word);
    b.ins().return_(&[]);
}

/// Nothing is declared.
pub(crate) fn nothing(b: &mut FunctionBuilder<'_>) {
    b.entry();
    let made = b.make();
    b.look(made);
    b.ins().return_(&[]);
}
