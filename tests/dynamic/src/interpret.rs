//! Runs a function in Cranelift's interpreter, step by step, and performs its calls. At each
//! call, the collector finds the roots in the interpreter's stack memory by the call's stack
//! map.
//!
//! The interpreter does not support `try_call`, so that is performed here as well.

use std::collections::BTreeSet;

use cranelift_codegen::data_value::DataValue;
use cranelift_codegen::ir::{
    Block, BlockArg, BlockCall, ExternalName, FuncRef, Function, GlobalValue, Inst, MemFlagsData,
    Opcode, StackSlot, Type, Value, types,
};
use cranelift_interpreter::address::{Address, AddressRegion, AddressSize};
use cranelift_interpreter::frame::Frame;
use cranelift_interpreter::instruction::DfgInstructionContext;
use cranelift_interpreter::interpreter::{InterpreterState, LibCallHandler};
use cranelift_interpreter::state::{InterpreterFunctionRef, MemoryError, State};
use cranelift_interpreter::step::{ControlFlow, step};

use crate::heap::Seen;
use crate::plan::{Plan, callee, handlers, is_indirect, passed};
use crate::world::{Answer, End, Run, World};

/// The maximum number of steps of a run.
const MOST_STEPS: usize = 20_000;
/// The initial value of each byte in a slot.
const UNWRITTEN: u8 = 0xa5;
/// The address that the function calls for the import without a name.
const CODE: u64 = 0x4000_0000_0000_0000;

/// Runs a function.
pub fn run(function: &Function, plan: &Plan, world: World<'_>) -> Run {
    let Machine { world, operands, path, .. } = go(function, plan, world);
    Run { operands, path, ..world.finish() }
}

/// Runs a function, and returns the final content of `value`, if it was ever defined.
pub fn last(function: &Function, plan: &Plan, world: World<'_>, value: Value) -> Option<Seen> {
    let mut machine = go(function, plan, world);
    let values = machine.inner.current_frame_mut().entries_mut();
    let value = bits(values.get(value.as_u32() as usize)?.as_ref()?);
    Some(machine.world.look(value))
}

fn go<'f, 'w>(function: &'f Function, plan: &Plan, mut world: World<'w>) -> Machine<'f, 'w> {
    let base = Address::from_parts(AddressSize::_64, AddressRegion::Table, 0, 0);
    let base = base.and_then(DataValue::try_from).map_or(0, |base| bits(&base));
    let arguments = world.arguments(u64::try_from(base).unwrap_or(0), CODE);
    let mut inner = InterpreterState::default();
    inner.push_frame(function);
    // The interpreter itself does not align slots.
    let size = place(function, None);
    inner.stack = vec![UNWRITTEN; usize::try_from(size).unwrap_or(0)];
    let mut machine = Machine {
        inner,
        world,
        function,
        operands: Vec::new(),
        entered: BTreeSet::new(),
        path: Vec::new(),
    };
    if let Some(entry) = function.layout.entry_block() {
        let arguments = arguments.iter().zip(&plan.params);
        let arguments = arguments.map(|(&value, param)| data(value, param.ty)).collect();
        machine.run(entry, arguments);
    }
    machine
}

/// Returns the offset of a slot in the stack memory, or the end of the last one if no slot is
/// given.
fn place(function: &Function, slot: Option<StackSlot>) -> u64 {
    let before = function.sized_stack_slots.iter().take_while(|(other, _)| Some(*other) != slot);
    before.map(|(_, data)| u64::from(data.size).next_multiple_of(16)).sum()
}

/// The bits of a value.
fn bits(value: &DataValue) -> u128 {
    let mut bytes = [0; 16];
    value.write_to_slice_le(&mut bytes[..value.ty().bytes() as usize]);
    u128::from_le_bytes(bytes)
}

/// Returns a value of type `ty` with these bits.
fn data(bits: u128, ty: Type) -> DataValue {
    DataValue::read_from_slice_le(&bits.to_le_bytes()[..ty.bytes() as usize], ty)
}

/// The interpreter's state, and the world's memory beside its stack.
struct Machine<'f, 'w> {
    inner: InterpreterState<'f>,
    world: World<'w>,
    function: &'f Function,
    operands: Vec<Seen>,
    entered: BTreeSet<Block>,
    path: Vec<(u32, usize)>,
}

/// The continuation after an instruction.
enum Next {
    /// To the next instruction.
    On,
    /// To the start of a block.
    At(Block),
    /// The run has ended.
    Ended,
}

impl<'f> Machine<'f, '_> {
    /// Runs from the start of a block to the end.
    fn run(&mut self, entry: Block, arguments: Vec<DataValue>) {
        let layout = &self.function.layout;
        self.enter(entry, arguments);
        let mut at = layout.first_inst(entry);
        for _ in 0..MOST_STEPS {
            let Some(inst) = at else {
                self.world.stop(End::Stuck("a block without an end".to_owned()));
                return;
            };
            self.note(inst);
            at = match self.instruction(inst) {
                Next::On => layout.next_inst(inst),
                Next::At(block) => layout.first_inst(block),
                Next::Ended => return,
            };
        }
        self.world.stop(End::OutOfSteps);
    }

    fn enter(&mut self, block: Block, arguments: Vec<DataValue>) {
        if !self.entered.insert(block) {
            self.world.counts.again += 1;
        }
        self.path.push((block.as_u32(), self.world.taken()));
        let params = self.function.dfg.block_params(block);
        self.inner.current_frame_mut().set_all(params, arguments);
    }

    /// Records the operands of an instruction of the function before spilling. Instructions of
    /// the spiller and the arguments of edges are not recorded.
    fn note(&mut self, inst: Inst) {
        let opcode = self.function.dfg.insts[inst].opcode();
        if opcode == Opcode::Jump || opcode == Opcode::StackAddr || self.uses_slot(inst) {
            return;
        }
        let seen = self.values(inst).into_iter().map(|value| self.world.look(value));
        let seen: Vec<Seen> = seen.collect();
        self.operands.extend(seen);
    }

    /// Whether an instruction reads or writes a stack slot.
    fn uses_slot(&self, inst: Inst) -> bool {
        let dfg = &self.function.dfg;
        let is_slot = |value: &Value| {
            let definition = dfg.value_def(dfg.resolve_aliases(*value)).inst();
            definition.is_some_and(|inst| dfg.insts[inst].opcode() == Opcode::StackAddr)
        };
        dfg.insts[inst].load_store_offset().is_some() && dfg.inst_args(inst).iter().any(is_slot)
    }

    fn values(&self, inst: Inst) -> Vec<u128> {
        let operands = self.function.dfg.inst_args(inst);
        operands.iter().map(|&operand| bits(self.inner.current_frame().get(operand))).collect()
    }

    fn instruction(&mut self, inst: Inst) -> Next {
        let opcode = self.function.dfg.insts[inst].opcode();
        if opcode.is_call() {
            return self.call(inst, opcode);
        }
        let context = DfgInstructionContext::new(inst, &self.function.dfg);
        match step(self, context) {
            Ok(ControlFlow::Continue) => Next::On,
            Ok(ControlFlow::Assign(values)) => {
                let results = self.function.dfg.inst_results(inst);
                self.inner.current_frame_mut().set_all(results, values.to_vec());
                Next::On
            }
            Ok(ControlFlow::ContinueAt(block, arguments)) => {
                self.enter(block, arguments.to_vec());
                Next::At(block)
            }
            Ok(ControlFlow::Return(values)) => {
                let values: Vec<u128> = values.iter().map(bits).collect();
                self.world.returned(&values);
                Next::Ended
            }
            Ok(
                other
                @ (ControlFlow::Call(..) | ControlFlow::ReturnCall(..) | ControlFlow::Trap(_)),
            ) => self.stuck(format!("{other:?}")),
            Err(error) => self.stuck(format!("{error}: {error:?}")),
        }
    }

    fn stuck(&mut self, why: String) -> Next {
        self.world.stop(End::Stuck(why));
        Next::Ended
    }

    fn call(&mut self, inst: Inst, opcode: Opcode) -> Next {
        let Some(import) = callee(self.function, inst) else {
            return self.stuck("a call of an unknown function".to_owned());
        };
        let mut arguments = self.values(inst);
        if is_indirect(self.function, inst) {
            arguments.remove(0);
        }
        if opcode.is_return() {
            self.world.tail_call(import, &arguments);
            return Next::Ended;
        }
        let Some(places) = self.places(inst) else {
            return self.stuck("a root outside the stack".to_owned());
        };
        let mut roots: Vec<u128> = places.iter().map(|place| self.root(place.clone())).collect();
        let handlers = handlers(self.function, inst);
        let answer = self.world.call(import, &arguments, &mut roots, handlers.len());
        for (place, root) in places.into_iter().zip(roots) {
            let length = place.len();
            self.inner.stack[place].copy_from_slice(&root.to_le_bytes()[..length]);
        }
        match answer {
            Answer::Return(values) => self.come_back(inst, &values),
            Answer::Throw { handler, payload } => self.take(handlers[handler], &[], payload),
            Answer::Stop => Next::Ended,
        }
    }

    /// The places of the stack memory that the call's stack map lists.
    fn places(&self, inst: Inst) -> Option<Vec<std::ops::Range<usize>>> {
        let entries = self.function.dfg.user_stack_map_entries(inst).unwrap_or_default();
        let places = entries.iter().map(|entry| {
            let offset = u64::from(entry.offset);
            let start = place(self.function, Some(entry.slot)).checked_add(offset)?;
            let start = usize::try_from(start).ok()?;
            let end = start + entry.ty.bytes() as usize;
            (end <= self.inner.stack.len()).then_some(start..end)
        });
        let mut places: Vec<_> = places.collect::<Option<_>>()?;
        places.sort_unstable_by_key(|place| place.start);
        places.dedup();
        Some(places)
    }

    fn root(&self, place: std::ops::Range<usize>) -> u128 {
        let mut bytes = [0; 16];
        bytes[..place.len()].copy_from_slice(&self.inner.stack[place]);
        u128::from_le_bytes(bytes)
    }

    fn come_back(&mut self, inst: Inst, values: &[u128]) -> Next {
        let dfg = &self.function.dfg;
        if let Some(table) = dfg.insts[inst].exception_table() {
            let target = *dfg.exception_tables[table].normal_return();
            return self.take(target, values, [0; 2]);
        }
        let results = dfg.inst_results(inst);
        let values = results.iter().zip(values).map(|(&r, &value)| data(value, dfg.value_type(r)));
        let values = values.collect();
        self.inner.current_frame_mut().set_all(results, values);
        Next::On
    }

    /// Takes an edge of a `try_call`.
    fn take(&mut self, edge: BlockCall, values: &[u128], payload: [u64; 2]) -> Next {
        let dfg = &self.function.dfg;
        let frame = self.inner.current_frame();
        let arguments = passed(self.function, &edge).map(|(param, argument)| match argument {
            BlockArg::Value(value) => frame.get(value).clone(),
            BlockArg::TryCallRet(n) => data(values[n as usize], dfg.value_type(param)),
            BlockArg::TryCallExn(n) => data(payload[n as usize].into(), types::I64),
        });
        let arguments = arguments.collect();
        let block = edge.block(&dfg.value_lists);
        self.enter(block, arguments);
        Next::At(block)
    }

    /// Returns the address in the world's memory for an address, if it is in there.
    fn in_memory(address: &Address) -> Option<u64> {
        (address.region == AddressRegion::Table && address.entry == 0).then_some(address.offset)
    }
}

/// All operations except those on memory are forwarded to the interpreter.
impl<'f> State<'f> for Machine<'f, '_> {
    fn get_function(&self, callee: FuncRef) -> Option<&'f Function> {
        self.inner.get_function(callee)
    }

    fn get_current_function(&self) -> &'f Function {
        self.inner.get_current_function()
    }

    fn get_libcall_handler(&self) -> LibCallHandler {
        self.inner.get_libcall_handler()
    }

    fn push_frame(&mut self, function: &'f Function) {
        self.inner.push_frame(function);
    }

    fn pop_frame(&mut self) {
        self.inner.pop_frame();
    }

    fn current_frame_mut(&mut self) -> &mut Frame<'f> {
        self.inner.current_frame_mut()
    }

    fn current_frame(&self) -> &Frame<'f> {
        self.inner.current_frame()
    }

    fn stack_address(
        &self,
        size: AddressSize,
        slot: StackSlot,
        offset: u64,
    ) -> Result<Address, MemoryError> {
        Address::from_parts(
            size,
            AddressRegion::Stack,
            0,
            place(self.function, Some(slot)) + offset,
        )
    }

    fn checked_load(
        &self,
        address: Address,
        ty: Type,
        flags: MemFlagsData,
    ) -> Result<DataValue, MemoryError> {
        let Some(place) = Self::in_memory(&address) else {
            return self.inner.checked_load(address, ty, flags);
        };
        let mut bytes = [0; 16];
        let bytes = &mut bytes[..ty.bytes() as usize];
        let load_size = bytes.len();
        match self.world.heap.read(place, bytes) {
            Some(()) => Ok(DataValue::read_from_slice_le(bytes, ty)),
            None => {
                Err(MemoryError::OutOfBoundsLoad { addr: address, load_size, mem_flags: flags })
            }
        }
    }

    fn checked_store(
        &mut self,
        address: Address,
        value: DataValue,
        flags: MemFlagsData,
    ) -> Result<(), MemoryError> {
        let Some(place) = Self::in_memory(&address) else {
            return self.inner.checked_store(address, value, flags);
        };
        let store_size = value.ty().bytes() as usize;
        let bytes = &bits(&value).to_le_bytes()[..store_size];
        self.world.heap.write(place, bytes).ok_or(MemoryError::OutOfBoundsStore {
            addr: address,
            store_size,
            mem_flags: flags,
        })
    }

    fn function_address(
        &self,
        size: AddressSize,
        name: &ExternalName,
    ) -> Result<Address, MemoryError> {
        self.inner.function_address(size, name)
    }

    fn get_function_from_address(&self, address: Address) -> Option<InterpreterFunctionRef<'f>> {
        self.inner.get_function_from_address(address)
    }

    fn resolve_global_value(&self, global: GlobalValue) -> Result<DataValue, MemoryError> {
        self.inner.resolve_global_value(global)
    }

    fn get_pinned_reg(&self) -> DataValue {
        self.inner.get_pinned_reg()
    }

    fn set_pinned_reg(&mut self, value: DataValue) {
        self.inner.set_pinned_reg(value);
    }
}
