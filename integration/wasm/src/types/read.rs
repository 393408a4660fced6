//! Validates a module, and keeps what its types show.

use std::collections::BTreeSet;

use wasmparser::types::{Types, TypesRef};
use wasmparser::{
    BinaryReaderError, Catch as Clause, CompositeInnerType, FuncToValidate, FuncValidator,
    FuncValidatorAllocations, FunctionBody, Operator, OperatorsReader, Parser, Payload, TypeRef,
    ValType, ValidPayload, Validator, ValidatorResources, WasmFeatures, WasmModuleResources,
};

use super::names::name;
use super::operators::{
    accesses_object, converts, is_call, is_structure, passes_on, transfers_control,
};
use super::{Catch, Class, FunctionTypes, ModuleTypes, Takes, Yield, YieldKind};

/// A function that waits until all types of the module are known.
type Waiting<'w> = (FuncToValidate<ValidatorResources>, FunctionBody<'w>);

impl ModuleTypes {
    /// Reads the types of a module; `are_declared` says whether its references should be declared
    /// wherever they show one.
    ///
    /// # Errors
    ///
    /// [`BinaryReaderError`] if the module is not valid.
    ///
    /// Cost: that of validating the module.
    pub(crate) fn read(wasm: &[u8], are_declared: bool) -> Result<ModuleTypes, BinaryReaderError> {
        let mut validator = Validator::new_with_features(WasmFeatures::all());
        let (mut waiting, mut imported) = (Vec::new(), 0);
        let mut module = ModuleTypes { are_declared, ..ModuleTypes::default() };
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            if let Payload::ImportSection(section) = &payload {
                for import in section.clone().into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Global(_)));
                }
            }
            match validator.payload(&payload)? {
                ValidPayload::Func(function, body) => waiting.push((function, body)),
                ValidPayload::End(types) => {
                    module.complete(&types, imported, std::mem::take(&mut waiting))?;
                }
                ValidPayload::Ok | ValidPayload::Parser(_) => {}
            }
        }
        Ok(module)
    }

    fn complete(
        &mut self,
        types: &Types,
        imported_globals: u32,
        waiting: Vec<Waiting<'_>>,
    ) -> Result<(), BinaryReaderError> {
        let types = types.as_ref();
        let globals = imported_globals..types.global_count();
        let class = |index| Class::of(types, types.global_at(index).content_type);
        self.globals = globals.map(class).collect();
        let mut allocations = FuncValidatorAllocations::default();
        for (function, body) in waiting {
            let mut reader = FunctionReader {
                types,
                params: params(types, function.index),
                validator: function.into_validator(allocations),
                converted: BTreeSet::new(),
                found: FunctionTypes::default(),
            };
            reader.body(&body)?;
            allocations = reader.validator.into_allocations();
            self.functions.push(reader.found);
        }
        Ok(())
    }
}

/// Returns the types of a function's parameters.
fn params(types: TypesRef<'_>, function: u32) -> Vec<ValType> {
    let id = types.core_function_at(function);
    match &types[id].composite_type.inner {
        CompositeInnerType::Func(function) => function.params().to_vec(),
        CompositeInnerType::Struct(_)
        | CompositeInnerType::Array(_)
        | CompositeInnerType::Cont(_) => Vec::new(),
    }
}

/// Reads the operators of one function.
struct FunctionReader<'t> {
    types: TypesRef<'t>,
    params: Vec<ValType>,
    validator: FuncValidator<ValidatorResources>,
    /// Where the operand stack holds what was converted from an `i31ref` or null, which the type does
    /// not tell any more: positions counted from the bottom.
    converted: BTreeSet<u32>,
    found: FunctionTypes,
}

impl FunctionReader<'_> {
    fn body(&mut self, body: &FunctionBody<'_>) -> Result<(), BinaryReaderError> {
        self.found.params = self.params.iter().map(|&param| Class::of(self.types, param)).collect();
        let mut reader = body.get_binary_reader();
        self.validator.read_locals(&mut reader)?;
        let mut operators = OperatorsReader::new(reader);
        while !operators.eof() {
            let at = operators.original_position();
            let operator = operators.read()?;
            self.operator(at, &operator)?;
        }
        operators.finish()
    }

    fn operator(&mut self, at: usize, operator: &Operator<'_>) -> Result<(), BinaryReaderError> {
        let was_reachable = self.is_reachable();
        let arity = operator.operator_arity(&self.validator);
        let references = arity.and_then(|(count, _)| self.taken_references(count));
        let is_number = converts(operator) && self.class(0).is_number();
        let height = self.validator.operand_stack_height();
        self.validator.op(at, operator)?;
        let left = arity.map_or(0, |(count, _)| height.saturating_sub(count));
        self.converted.retain(|&position| position < left);
        self.converted.extend(is_number.then_some(left));
        // An offset beyond 4 GiB is no source location.
        let Some(offset) = u32::try_from(at).ok().filter(|_| was_reachable) else { return Ok(()) };
        if transfers_control(operator) {
            self.found.control.push(offset);
        }
        self.found.takes.extend(references.map(|references| Takes { offset, references }));
        if accesses_object(operator) {
            self.found.accesses.push(offset);
        }
        let kind = if let Operator::TryTable { try_table } = operator {
            self.catches(&try_table.catches)
        } else if is_structure(operator) || passes_on(operator) || !self.is_reachable() {
            None
        } else {
            self.results(operator, arity)
        };
        let named = |kind| Yield { offset, operator: name(operator), kind };
        self.found.yields.extend(kind.map(named));
        Ok(())
    }

    fn is_reachable(&self) -> bool {
        self.validator.get_control_frame(0).is_some_and(|frame| !frame.unreachable)
    }

    /// Returns the class of a value on the operand stack, counted from its top.
    fn class(&self, depth: u32) -> Class {
        let position = self.validator.operand_stack_height().checked_sub(depth + 1);
        if position.is_some_and(|position| self.converted.contains(&position)) {
            return Class::Integer;
        }
        let r#type = self.validator.get_operand_type(depth as usize).flatten();
        r#type.map_or(Class::Other, |of| Class::of(self.types, of))
    }

    /// Returns how many references are among so many values on top of the operand stack; `None` if no
    /// other looks like one.
    fn taken_references(&self, count: u32) -> Option<usize> {
        let classes = (0..count).map(|depth| self.class(depth));
        let references = classes.clone().filter(|&class| class == Class::Reference).count();
        classes.clone().any(Class::is_number).then_some(references)
    }

    /// Returns what an operator yields that has just been validated.
    fn results(&self, operator: &Operator<'_>, arity: Option<(u32, u32)>) -> Option<YieldKind> {
        let (_, count) = arity?;
        let results: Vec<Class> = (0..count).rev().map(|depth| self.class(depth)).collect();
        if !results.iter().any(|class| class.looks_like_reference()) {
            return None;
        }
        match (is_call(operator), &results[..]) {
            (true, _) => Some(YieldKind::Call(results)),
            (false, &[class]) => Some(YieldKind::One(class)),
            (false, several) => several.contains(&Class::Reference).then_some(YieldKind::Several),
        }
    }

    fn catches(&self, clauses: &[Clause]) -> Option<YieldKind> {
        let catch = |clause: &Clause| {
            let tag = match *clause {
                Clause::One { tag, .. } | Clause::OneRef { tag, .. } => Some(tag),
                Clause::All { .. } | Clause::AllRef { .. } => None,
            };
            let tag = tag.and_then(|tag| self.validator.resources().tag_at(tag));
            let params = tag.map(|function| function.params()).unwrap_or_default();
            let payload = params.iter().map(|&param| Class::of(self.types, param));
            Catch { payload: payload.collect() }
        };
        let catches: Vec<Catch> = clauses.iter().map(catch).collect();
        (!catches.is_empty()).then_some(YieldKind::Catches(catches))
    }
}
