//! The before program, which defines the intended behaviour.

use super::blocks::{Blocks, Edge, Exit, Mentioned};
use super::compact::{Names, Origins};
use super::entity::{Block, EdgeIndex, OperationId, Value, count};
use super::name::{Name, Origin};

/// The kind of an operation, as far as the verifier distinguishes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationKind {
    /// Anything that neither runs the collector nor passes a reference on.
    Plain,
    /// An operation whose result is, bit for bit, one of its operands from number
    /// `first` on, and so a reference if one of these is: `select`, whose operand 0 is
    /// only looked at, or a `bitcast` between types of one size.
    Forwards {
        /// The first operand that the result may be.
        first: u8,
    },
    /// A point where the collector may run: a call that comes back.
    Safepoint,
    /// An operation whose results are all null, whatever it observes: a constant zero, or
    /// a zero made wider. Null is one instance, however often and wherever it is made.
    Null,
}

/// One operation of the before program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation<'a> {
    /// The operation's kind.
    pub kind: OperationKind,
    /// The values it observes, in operand order. Edge arguments are not among
    /// them: those are copies.
    pub uses: &'a [Value],
    /// The values it defines. What a call defines on one of its edges (the
    /// results of a `try_call`) is defined here and passed as edge argument.
    pub defs: &'a [Value],
    /// The operation's position in the input.
    pub origin: Origin,
}

impl<'a> Operation<'a> {
    /// The values whose references the results receive.
    pub fn forwarded(&self) -> &'a [Value] {
        match self.kind {
            OperationKind::Forwards { first } => self.uses.get(usize::from(first)..).unwrap_or(&[]),
            OperationKind::Plain | OperationKind::Safepoint | OperationKind::Null => &[],
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OperationData {
    kind: OperationKind,
    /// The index of the operation's first use among all operands.
    uses: u32,
    /// The index of the operation's first definition among all operands, which is also the end
    /// of its uses. Its definitions end where the uses of the next operation begin.
    defs: u32,
}

/// The before program, in SSA form. Block 0 is the entry; its parameters are
/// the function's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    values: Names,
    blocks: Blocks<Value>,
    operations: Vec<OperationData>,
    origins: Origins,
    operands: Vec<Value>,
    /// The positions of the forwarding operations. There are few of them, and they are queried
    /// separately.
    forwarding: Vec<(Block, OperationId)>,
    /// The results of operations of the kind [`OperationKind::Null`].
    nulls: Vec<Value>,
    mentioned: Mentioned,
}

impl Before {
    /// Returns the number of values.
    pub fn value_count(&self) -> usize {
        self.values.len()
    }

    /// Returns the number of blocks.
    pub fn block_count(&self) -> usize {
        self.blocks.names.len()
    }

    /// Returns the number of operations.
    pub fn operation_count(&self) -> usize {
        self.operations.len()
    }

    /// Returns the name of a value in the input.
    pub fn value_name(&self, value: Value) -> Name {
        self.values.get(value.index())
    }

    /// Returns the name of a block in the input.
    pub fn block_name(&self, block: Block) -> Name {
        self.blocks.names.get(block.index())
    }

    /// Returns the position of a block's header in the input.
    pub fn block_origin(&self, block: Block) -> Origin {
        self.blocks.origins.get(block.index())
    }

    /// The block's parameters.
    pub fn params(&self, block: Block) -> &[Value] {
        self.blocks.operands.get(self.blocks.params[block.index()])
    }

    /// The ids of the block's operations, in order. The last one is the
    /// terminator's own operation: it observes the branch condition, say.
    pub fn operations(
        &self,
        block: Block,
    ) -> impl DoubleEndedIterator<Item = OperationId> + ExactSizeIterator + use<> {
        let (first, len) = self.blocks.items[block.index()];
        (first as usize..(first + len) as usize).map(OperationId::new)
    }

    /// One operation.
    pub fn operation(&self, id: OperationId) -> Operation<'_> {
        let data = self.operations[id.index()];
        let end = self.operations.get(id.index() + 1).map(|next| next.uses as usize);
        let end = end.unwrap_or(self.operands.len());
        let (uses, defs) = (data.uses as usize, data.defs as usize);
        Operation {
            kind: data.kind,
            uses: self.operands.get(uses..defs).unwrap_or(&[]),
            defs: self.operands.get(defs..end).unwrap_or(&[]),
            origin: self.origins.get(id.index()),
        }
    }

    /// The operations of the kind [`OperationKind::Forwards`], and their blocks.
    pub fn forwarding(&self) -> &[(Block, OperationId)] {
        &self.forwarding
    }

    /// The results of the operations of the kind [`OperationKind::Null`].
    pub fn nulls(&self) -> &[Value] {
        &self.nulls
    }

    /// Whether every value that is mentioned exists.
    pub fn mentions_only_values(&self) -> bool {
        self.mentioned.are_below(self.values.len())
    }

    /// Whether the block says how control leaves it.
    pub fn is_terminated(&self, block: Block) -> bool {
        self.blocks.exits[block.index()] != Exit::Missing
    }

    /// The block's outgoing edges, in the terminator's order.
    pub fn edges(&self, block: Block) -> impl ExactSizeIterator<Item = Edge<'_, Value>> + Clone {
        self.blocks.edges(block)
    }

    /// One outgoing edge.
    pub fn edge(&self, block: Block, edge: EdgeIndex) -> Option<Edge<'_, Value>> {
        self.blocks.edge(block, edge)
    }
}

/// Builds a [`Before`]: values first or as they come, then block after block,
/// each with its operations and its exit.
#[derive(Clone, Debug, Default)]
pub struct BeforeBuilder(Before);

impl BeforeBuilder {
    /// An empty program.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes room for about as many values and operations.
    pub fn reserve(&mut self, values: usize, operations: usize) {
        self.0.values.reserve(values);
        self.0.operations.reserve(operations);
        self.0.operands.reserve(values.saturating_add(operations));
    }

    /// Adds a value.
    pub fn value(&mut self, name: Name) -> Value {
        self.0.values.push(name);
        Value::new(self.0.values.len() - 1)
    }

    /// Begins the next block; the first is the entry.
    pub fn block(&mut self, name: Name, origin: Origin, params: &[Value]) -> Block {
        let first = count(self.0.operations.len());
        self.0.mentioned.note(params.iter().map(|value| value.index()));
        self.0.blocks.push(name, origin, params, first);
        Block::new(self.0.block_count() - 1)
    }

    /// Adds an operation to the current block.
    pub fn operation(
        &mut self,
        kind: OperationKind,
        uses: &[Value],
        defs: &[Value],
        origin: Origin,
    ) -> OperationId {
        self.0.mentioned.note(uses.iter().chain(defs).map(|value| value.index()));
        let id = OperationId::new(self.0.operations.len());
        self.0.origins.push(id.index(), origin);
        let start = count(self.0.operands.len());
        self.0.operands.extend_from_slice(uses);
        let data = OperationData { kind, uses: start, defs: count(self.0.operands.len()) };
        self.0.operands.extend_from_slice(defs);
        self.0.operations.push(data);
        self.0.blocks.count_item();
        match kind {
            OperationKind::Forwards { .. } => {
                self.0.forwarding.push((Block::new(self.0.block_count().saturating_sub(1)), id));
            }
            OperationKind::Null => self.0.nulls.extend_from_slice(defs),
            OperationKind::Plain | OperationKind::Safepoint => {}
        }
        id
    }

    /// Says how control leaves the current block: along these edges, or out of
    /// the function if there are none.
    pub fn leave<'e>(&mut self, edges: impl IntoIterator<Item = (Block, &'e [Value])>) {
        let mentioned = &mut self.0.mentioned;
        self.0.blocks.leave(edges.into_iter().inspect(|(_, arguments)| {
            mentioned.note(arguments.iter().map(|value| value.index()));
        }));
    }

    /// The finished program.
    pub fn finish(mut self) -> Before {
        self.0.operands.shrink_to_fit();
        self.0.blocks.operands.shrink_to_fit();
        self.0
    }
}
