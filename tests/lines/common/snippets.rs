//! Twenty-three ordinary things that compilers do with a builder. The pass takes the builder that
//! they were done with, so all of it compiles; and the function is what Cranelift makes of it.

use cranelift_codegen::cursor::{Cursor, FuncCursor};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    AbiParam, Block, Function, InstBuilder, SigRef, Signature, SourceLoc, StackSlotData,
    StackSlotKind, TrapCode, Type, UserFuncName, Value, types,
};
use cranelift_codegen::isa::CallConv;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Switch, Variable};

use crate::linked::{config, finalize};
use crate::programs::{self, Build};
use crate::stackmap;

type Snippet = fn(&mut FunctionBuilder<'_>, Value);

/// Each is given the builder and a declared value, in the entry block, which it leaves open.
const SNIPPETS: [(&str, Snippet); 23] = [
    ("an argument that borrows the function", |b, value| {
        let [block] = b.blocks();
        b.append_block_param(block, b.func.dfg.value_type(value));
    }),
    ("an argument that borrows the signature", |b, _| {
        let [block] = b.blocks();
        b.append_block_param(block, b.func.signature.params[0].value_type);
    }),
    ("an associated function", |b, _| {
        let block = FunctionBuilder::create_block(b);
        FunctionBuilder::set_cold_block(b, block);
    }),
    ("a function as a value", |b, _| {
        let create = FunctionBuilder::create_block;
        create(b);
    }),
    ("a function that takes the builder", |b, value| call(b, value)),
    ("a generic function over instruction builders", |b, value| {
        double(b.ins(), value);
    }),
    ("a trait on the builder", |b, value| b.observe(value)),
    ("a struct with the builder in it", |b, value| {
        let mut translator = Translator { builder: b, depth: 0 };
        translator.enter(value);
        assert_eq!(translator.depth, 1);
    }),
    ("a closure over the builder", |b, value| {
        let mut twice = |value| b.ins().iadd(value, value);
        let doubled = twice(value);
        twice(doubled);
    }),
    ("the function's name", |b, _| b.func.name = UserFuncName::testcase("g")),
    ("the calling convention", |b, _| b.func.signature.call_conv = CallConv::Fast),
    ("an imported signature", |b, value| {
        let signature = b.import_signature(Signature::new(CallConv::SystemV));
        b.ins().call_indirect(signature, value, &[]);
    }),
    ("a stack slot", |b, _| {
        let data = StackSlotData::new(StackSlotKind::ExplicitSlot, 8, 3);
        let slot = b.create_sized_stack_slot(data);
        let address = b.ins().stack_addr(types::I64, slot, 0);
        b.look(address);
    }),
    ("source locations", |b, value| {
        b.set_srcloc(SourceLoc::new(17));
        b.ins().iadd(value, value);
    }),
    ("results of a call", |b, value| {
        let call = b.ins().call_indirect(SigRef::from_u32(0), value, &[]);
        let made = b.inst_results(call)[0];
        b.declare_value_needs_stack_map(made);
        b.look(made);
    }),
    ("parameters, kept as a list", |b, _| {
        let params = b.block_params(Block::from_u32(0)).to_vec();
        b.look(params[0]);
    }),
    ("variables", |b, value| {
        let variable: Variable = b.declare_var(types::I64);
        b.declare_var_needs_stack_map(variable);
        b.def_var(variable, value);
        let used = b.use_var(variable);
        b.look(used);
    }),
    ("a switch of cranelift-frontend", |b, value| {
        let [one, other, end] = b.blocks();
        let mut switch = Switch::new();
        switch.set_entry(1, one);
        switch.emit(b, value, other);
        for block in [one, other] {
            b.switch_to_block(block);
            b.goto(end);
        }
        b.switch_to_block(end);
    }),
    ("a call of libc", |b, value| {
        let size = b.ins().iconst(types::I64, 64);
        b.call_memcpy(config(), value, value, size);
    }),
    ("a trap that the condition reaches", |b, value| {
        b.ins().trapz(value, TrapCode::unwrap_user(1));
        assert!(!b.is_unreachable());
    }),
    ("a cursor over the function", |b, _| {
        let mut cursor = FuncCursor::new(b.func).at_first_insertion_point(Block::from_u32(0));
        cursor.ins().iconst(types::I32, 5);
    }),
    ("the data-flow graph, read and written", |b, value| {
        let sum = b.ins().ineg(value);
        let r#type: Type = b.func.dfg.value_type(sum);
        assert_eq!((r#type, b.func.dfg.num_blocks() > 0), (types::I64, true));
    }),
    ("a branch that compares", |b, value| {
        let [then, other] = b.blocks();
        let is_less = b.ins().icmp(IntCC::SignedLessThan, value, value);
        b.ins().brif(is_less, then, &[], other, &[]);
        b.switch_to_block(then);
        b.goto(other);
        b.switch_to_block(other);
    }),
];

fn call(builder: &mut FunctionBuilder<'_>, value: Value) {
    builder.look(value);
}

fn double<'f>(ins: impl InstBuilder<'f>, value: Value) -> Value {
    ins.iadd(value, value)
}

trait Observe {
    fn observe(&mut self, value: Value);
}

impl Observe for FunctionBuilder<'_> {
    fn observe(&mut self, value: Value) {
        self.look(value);
    }
}

struct Translator<'b, 'f> {
    builder: &'b mut FunctionBuilder<'f>,
    depth: u32,
}

impl Translator<'_, '_> {
    fn enter(&mut self, value: Value) {
        self.depth += 1;
        self.builder.look(value);
    }
}

/// Builds a function with a snippet between two calls, of which the second needs what the first
/// made.
fn build(snippet: Snippet, builder: &mut FunctionBuilder<'_>) {
    builder.entry();
    let made = builder.make();
    builder.declare_value_needs_stack_map(made);
    snippet(builder, made);
    builder.look(made);
    builder.look(made);
    builder.ins().return_(&[]);
    builder.seal_all_blocks();
}

#[test]
fn snippets() {
    let (mut plain, mut checked) = (FunctionBuilderContext::new(), FunctionBuilderContext::new());
    for (name, snippet) in SNIPPETS {
        let (mut expected, mut made) = (programs::function(), programs::function());
        let mut builder = FunctionBuilder::new(&mut expected, &mut plain);
        build(snippet, &mut builder);
        finalize(builder);
        let mut builder = FunctionBuilder::new(&mut made, &mut checked);
        build(snippet, &mut builder);
        // It panics if a path goes wrong.
        stackmap::finalize_strict(builder, config());
        assert_eq!(made.display().to_string(), expected.display().to_string(), "{name}");
    }
}

/// The function and the context are fields of one struct.
#[test]
fn a_builder_of_two_fields() {
    struct Compiler {
        function: Function,
        context: FunctionBuilderContext,
        params: Vec<AbiParam>,
    }
    let context = FunctionBuilderContext::new();
    let params = vec![AbiParam::new(types::I64)];
    let mut compiler = Compiler { function: programs::function(), context, params };
    let mut builder = FunctionBuilder::new(&mut compiler.function, &mut compiler.context);
    compiler.params.clear();
    build(|b, value| b.look(value), &mut builder);
    stackmap::finalize_strict(builder, config());
    assert!(compiler.function.display().to_string().contains("stack_map="));
    assert!(compiler.params.is_empty());
}
