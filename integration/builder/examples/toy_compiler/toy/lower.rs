//! Tree to CLIF.

use std::collections::BTreeMap;

use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{
    AbiParam, ExtFuncData, ExternalName, FuncRef, Function, InstBuilder, Signature, UserFuncName,
    Value, types,
};
use cranelift_codegen::isa::TargetFrontendConfig;
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext, Variable};

use super::parse::{self, Expression};
use super::{sabotage, stackmap};

/// Lowers one function.
pub(super) fn function(
    source: &parse::Function,
    config: TargetFrontendConfig,
    sabotage: bool,
) -> Function {
    let signature = signature(source.parameters.len(), config);
    let name = UserFuncName::testcase(source.name.as_bytes());
    let mut function = Function::with_name_signature(name, signature);
    let mut context = FunctionBuilderContext::new();
    let builder = FunctionBuilder::new(&mut function, &mut context);
    let mut lowering = Lowering { builder, config, names: BTreeMap::new() };

    let entry = lowering.builder.create_block();
    lowering.builder.append_block_params_for_function_params(entry);
    lowering.builder.switch_to_block(entry);
    lowering.builder.seal_block(entry);
    for (index, parameter) in source.parameters.iter().enumerate() {
        let value = lowering.builder.block_params(entry)[index];
        lowering.bind(parameter, value);
    }
    let result = lowering.expression(&source.body);
    lowering.builder.ins().return_(&[result]);
    match sabotage {
        true => sabotage::finalize(lowering.builder, config),
        // It was `lowering.builder.finalize(config)`.
        false => stackmap::finalize(lowering.builder, config),
    }
    function
}

/// So many objects in, one out.
fn signature(parameters: usize, config: TargetFrontendConfig) -> Signature {
    let mut signature = Signature::new(config.default_call_conv);
    signature.params.resize(parameters, AbiParam::new(types::I64));
    signature.returns.push(AbiParam::new(types::I64));
    signature
}

/// The function being lowered.
struct Lowering<'a> {
    builder: FunctionBuilder<'a>,
    config: TargetFrontendConfig,
    names: BTreeMap<String, Variable>,
}

impl Lowering<'_> {
    /// Makes a name mean a new variable that holds a reference.
    fn bind(&mut self, name: &str, value: Value) -> Variable {
        let variable = self.builder.declare_var(types::I64);
        self.builder.declare_var_needs_stack_map(variable);
        self.builder.def_var(variable, value);
        self.names.insert(name.to_owned(), variable);
        variable
    }

    fn callee(&mut self, name: &str, parameters: usize) -> FuncRef {
        let signature = signature(parameters, self.config);
        let signature = self.builder.import_signature(signature);
        let name = ExternalName::testcase(name.as_bytes());
        let data = ExtFuncData { name, signature, colocated: false, patchable: false };
        self.builder.import_function(data)
    }

    /// A call, of the program's or of the runtime: the collector may run in it.
    fn call(&mut self, name: &str, arguments: &[Value]) -> Value {
        let callee = self.callee(name, arguments.len());
        let call = self.builder.ins().call(callee, arguments);
        let result = self.builder.inst_results(call)[0];
        self.builder.declare_value_needs_stack_map(result);
        result
    }

    fn expression(&mut self, expression: &Expression) -> Value {
        match expression {
            Expression::Number(number) => {
                let number = self.builder.ins().iconst(types::I64, *number);
                self.call("box", &[number])
            }
            Expression::Name(name) => self.builder.use_var(self.names[name]),
            Expression::Cons(parts) => {
                let parts = [self.expression(&parts[0]), self.expression(&parts[1])];
                self.call("cons", &parts)
            }
            Expression::Let { name, value, body } => {
                let value = self.expression(value);
                self.bind(name, value);
                self.expression(body)
            }
            Expression::Loop { times, name, initial, next } => {
                let initial = self.expression(initial);
                let variable = self.bind(name, initial);
                self.repeat(*times, variable, next)
            }
            Expression::Call { function, arguments } => {
                let arguments: Vec<Value> = arguments.iter().map(|a| self.expression(a)).collect();
                self.call(function, &arguments)
            }
        }
    }

    /// Sets the variable to `next` so many times. The loop's header is sealed after
    /// the loop, so SSA construction makes its parameters.
    fn repeat(&mut self, times: i64, variable: Variable, next: &Expression) -> Value {
        let counter = self.builder.declare_var(types::I64);
        let start = self.builder.ins().iconst(types::I64, times);
        self.builder.def_var(counter, start);
        let (header, body, done) =
            (self.builder.create_block(), self.builder.create_block(), self.builder.create_block());
        self.builder.ins().jump(header, &[]);

        self.builder.switch_to_block(header);
        let left = self.builder.use_var(counter);
        let more = self.builder.ins().icmp_imm_s(IntCC::NotEqual, left, 0);
        self.builder.ins().brif(more, body, &[], done, &[]);

        self.builder.switch_to_block(body);
        self.builder.seal_block(body);
        let next = self.expression(next);
        self.builder.def_var(variable, next);
        let left = self.builder.use_var(counter);
        let left = self.builder.ins().iadd_imm_s(left, -1);
        self.builder.def_var(counter, left);
        self.builder.ins().jump(header, &[]);

        self.builder.seal_block(header);
        self.builder.switch_to_block(done);
        self.builder.seal_block(done);
        self.builder.use_var(variable)
    }
}
