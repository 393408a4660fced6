//! A function without its *before* program, as a pair of which a timeline can be made.

use crate::model::{
    Action, After, AfterBuilder, Before, BeforeBuilder, Block, InstructionId, Location,
    LocationKind, OperationKind, SlotData, SlotOwner, Value,
};

/// A function alone as a pair with itself: each SSA value is a value of the program, a store to a
/// slot moves it there, and a reload makes another value. Nothing is observed.
///
/// What such a pair shows of slots is which value was stored to them. It says nothing about whether
/// that is right: see [`verify_after_only`](crate::verify_after_only).
#[derive(Clone, Debug)]
pub struct Alone {
    /// The values, and what makes them.
    pub before: Before,
    /// The values that are declared to be references, in id order.
    pub declared: Vec<Value>,
    /// The function, with the locations, blocks and instructions that it has.
    pub after: After,
}

impl Alone {
    /// Returns the pair of a function, of which these locations are declared to be references;
    /// `None` if blocks have parameters, or edges arguments, that are no SSA values.
    ///
    /// Cost: linear in the function.
    pub fn new(function: &After, declared: &[Location]) -> Option<Alone> {
        let mut alone = Builder {
            function,
            values: Vec::new(),
            before: BeforeBuilder::new(),
            after: AfterBuilder::new(),
        };
        alone.locations();
        for block in (0..function.block_count()).map(Block::new) {
            alone.block(block)?;
        }
        let known = |at: &Location| alone.values.get(at.index()).copied().flatten();
        let mut declared: Vec<Value> = declared.iter().filter_map(known).collect();
        declared.sort_unstable();
        declared.dedup();
        Some(Alone { before: alone.before.finish(), declared, after: alone.after.finish() })
    }
}

struct Builder<'f> {
    function: &'f After,
    /// By location, the value that it is; `None` for storage.
    values: Vec<Option<Value>>,
    before: BeforeBuilder,
    after: AfterBuilder,
}

impl Builder<'_> {
    /// Adds all slots and locations, which keep their ids.
    fn locations(&mut self) {
        for slot in self.function.slots() {
            self.after.slot(SlotData { owner: SlotOwner::Spiller, ..slot.clone() });
        }
        for at in self.function.locations() {
            let kind = self.function.location(at);
            self.values.push(match &kind {
                LocationKind::Value(name) => Some(self.before.value(name.clone())),
                LocationKind::Cell(_) | LocationKind::Register(_) => None,
            });
            self.after.location(kind);
        }
    }

    fn value(&self, at: Location) -> Option<Value> {
        self.values.get(at.index()).copied().flatten()
    }

    fn values(&self, all: &[Location]) -> Option<Vec<Value>> {
        all.iter().map(|&at| self.value(at)).collect()
    }

    fn block(&mut self, block: Block) -> Option<()> {
        let function = self.function;
        let (name, origin) = (function.block_name(block), function.block_origin(block));
        let params = function.params(block);
        self.before.block(name.clone(), origin, &self.values(params)?);
        self.after.block(name, origin, Some(block), params);
        for id in function.instructions(block) {
            self.instruction(id);
        }
        let edges: Option<Vec<(Block, Vec<Value>)>> = function
            .edges(block)
            .map(|edge| Some((edge.target, self.values(edge.arguments)?)))
            .collect();
        self.before.leave(edges?.iter().map(|(target, values)| (*target, values.as_slice())));
        self.after.leave(function.edges(block).map(|edge| (edge.target, edge.arguments)));
        Some(())
    }

    fn instruction(&mut self, id: InstructionId) {
        let function = self.function;
        let origin = function.instruction_origin(id);
        self.after.instruction(true, origin);
        let (mut kind, mut made) = (OperationKind::Plain, Vec::new());
        for &action in function.instruction(id).actions {
            let written = match action {
                Action::Use { .. } => continue,
                Action::Safepoint { roots } => {
                    kind = OperationKind::Safepoint;
                    self.after.safepoint(function.roots(roots));
                    continue;
                }
                Action::Define { at, .. } | Action::Null { at } | Action::Clobber { at } => at,
                Action::Move { to, .. } => to,
            };
            let kept = match (self.value(written), action) {
                (Some(value), _) => {
                    let result = u32::try_from(made.len()).unwrap_or(u32::MAX);
                    made.push(value);
                    Action::Define { result, at: written }
                }
                (None, Action::Move { .. } | Action::Null { .. }) => action,
                (None, _) => Action::Clobber { at: written },
            };
            self.after.action(kept);
        }
        self.before.operation(kind, &[], &made, origin);
    }
}
