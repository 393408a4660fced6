//! A function that is being generated.

use cranelift_codegen::ir::types::I64;
use cranelift_codegen::ir::{
    AbiParam, Block, BlockArg, ExtFuncData, ExternalName, FuncRef, Function, InstBuilder,
    MemFlagsData, Signature, UserExternalName, UserFuncName, Value,
};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use target_lexicon::PointerWidth;

/// The target of the generated functions.
pub(crate) const TARGET: TargetFrontendConfig = TargetFrontendConfig {
    default_call_conv: CallConv::SystemV,
    pointer_width: PointerWidth::U64,
    page_size_align_log2: 12,
};

/// A function that is being generated: takes an address and a number, returns a
/// number. Its references are declared, but not spilled yet.
#[expect(missing_debug_implementations, reason = "Cranelift's builder cannot be printed")]
pub struct Program<'f> {
    builder: FunctionBuilder<'f>,
    allocate: FuncRef,
    poll: FuncRef,
    declared: Vec<Value>,
    /// The address the function gets.
    base: Value,
}

impl Program<'_> {
    /// Generates a function. `generate` gets the number the function was given, leaves
    /// the program in a block that is not terminated, and returns what to return.
    pub fn generate(
        generate: impl FnOnce(&mut Program<'_>, Value) -> Value,
    ) -> (Function, Vec<Value>) {
        let mut function =
            Function::with_name_signature(UserFuncName::user(0, 0), signature(&[I64, I64], &[I64]));
        let mut context = FunctionBuilderContext::new();
        let mut builder = FunctionBuilder::new(&mut function, &mut context);
        let allocate = import(&mut builder, 1, signature(&[I64], &[I64]));
        let poll = import(&mut builder, 2, signature(&[], &[]));
        let entry = builder.create_block();
        builder.append_block_params_for_function_params(entry);
        builder.switch_to_block(entry);
        let [base, number] = *builder.block_params(entry) else { unreachable!("two parameters") };
        let mut program = Program { builder, allocate, poll, declared: Vec::new(), base };
        let result = generate(&mut program, number);
        let Program { mut builder, declared, .. } = program;
        builder.ins().return_(&[result]);
        builder.seal_all_blocks();
        builder.finalize(TARGET);
        (function, declared)
    }

    /// Returns the number of instructions.
    pub fn len(&self) -> usize {
        self.builder.func.dfg.num_insts()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A new object: a safepoint that returns a reference.
    pub fn allocate(&mut self) -> Value {
        let call = self.builder.ins().call(self.allocate, &[self.base]);
        let reference = self.builder.inst_results(call)[0];
        self.declare(reference)
    }

    /// A reference from memory.
    pub fn load_reference(&mut self, offset: i32) -> Value {
        let reference = self.builder.ins().load(I64, MemFlagsData::trusted(), self.base, offset);
        self.declare(reference)
    }

    /// Loads `count` references from memory.
    pub fn load_references(&mut self, count: usize) -> Vec<Value> {
        (0i32..)
            .map(|i| i % 4096 * 8)
            .take(count)
            .map(|offset| self.load_reference(offset))
            .collect()
    }

    /// A safepoint.
    pub fn poll(&mut self) {
        self.builder.ins().call(self.poll, &[]);
    }

    /// Reads an object's field and adds it to a number: two instructions.
    pub fn read(&mut self, reference: Value, number: Value) -> Value {
        let field = self.builder.ins().load(I64, MemFlagsData::trusted(), reference, 8);
        self.builder.ins().iadd(number, field)
    }

    /// Computes with a number, in the given number of instructions.
    pub fn compute(&mut self, mut number: Value, instructions: usize) -> Value {
        let start = number;
        for i in 0..instructions {
            number = match i % 3 {
                0 => self.builder.ins().iadd(number, start),
                1 => self.builder.ins().bxor(number, start),
                _ => self.builder.ins().isub(number, start),
            };
        }
        number
    }

    /// Creates a block with this number of numeric parameters, followed by this number of
    /// reference parameters.
    pub fn block(&mut self, numbers: usize, references: usize) -> (Block, Vec<Value>) {
        let block = self.builder.create_block();
        let params = numbers + references;
        let values: Vec<Value> =
            (0..params).map(|_| self.builder.append_block_param(block, I64)).collect();
        for &reference in &values[numbers..] {
            self.declare(reference);
        }
        (block, values)
    }

    /// Goes on in a block.
    pub fn enter(&mut self, block: Block) {
        self.builder.switch_to_block(block);
    }

    /// Jumps.
    pub fn jump(&mut self, target: Block, arguments: &[Value]) {
        self.builder.ins().jump(target, &passed(arguments));
    }

    /// Goes to one of two blocks.
    pub fn branch(&mut self, number: Value, then: (Block, &[Value]), other: (Block, &[Value])) {
        let (then_args, other_args) = (passed(then.1), passed(other.1));
        self.builder.ins().brif(number, then.0, &then_args, other.0, &other_args);
    }

    /// Ends the block with a branch to one of many blocks, the first of which is the default.
    pub fn switch(&mut self, number: Value, targets: &[Block]) {
        use cranelift_codegen::ir::{BlockCall, JumpTableData};
        let lists = &mut self.builder.func.dfg.value_lists;
        let calls: Vec<BlockCall> =
            targets.iter().map(|&target| BlockCall::new(target, [], lists)).collect();
        let table = self.builder.create_jump_table(JumpTableData::new(calls[0], &calls[1..]));
        let index = self.builder.ins().ireduce(cranelift_codegen::ir::types::I32, number);
        self.builder.ins().br_table(index, table);
    }

    fn declare(&mut self, reference: Value) -> Value {
        self.declared.push(reference);
        reference
    }
}

fn passed(arguments: &[Value]) -> Vec<BlockArg> {
    arguments.iter().map(|&value| BlockArg::Value(value)).collect()
}

fn signature(
    params: &[cranelift_codegen::ir::Type],
    returns: &[cranelift_codegen::ir::Type],
) -> Signature {
    let mut signature = Signature::new(CallConv::SystemV);
    signature.params.extend(params.iter().map(|&param| AbiParam::new(param)));
    signature.returns.extend(returns.iter().map(|&result| AbiParam::new(result)));
    signature
}

fn import(builder: &mut FunctionBuilder<'_>, index: u32, signature: Signature) -> FuncRef {
    let signature = builder.import_signature(signature);
    let name =
        builder.func.declare_imported_user_function(UserExternalName { namespace: 0, index });
    let name = ExternalName::user(name);
    builder.import_function(ExtFuncData { name, signature, colocated: false, patchable: false })
}
