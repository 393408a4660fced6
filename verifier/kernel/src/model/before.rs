//! The before program, which defines the intended behaviour.

use super::blocks::{Blocks, Edge, Exit};
use super::entity::{Block, EdgeIndex, OperationId, Value, count};

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
    values: usize,
    blocks: Blocks<Value>,
    operations: Vec<OperationData>,
    operands: Vec<Value>,
    /// The results of operations of the kind [`OperationKind::Null`].
    nulls: Vec<Value>,
}

impl Before {
    /// Returns the number of values.
    pub fn value_count(&self) -> usize {
        self.values
    }

    /// Returns the number of blocks.
    pub fn block_count(&self) -> usize {
        self.blocks.params.len()
    }

    /// Returns the number of operations.
    pub fn operation_count(&self) -> usize {
        self.operations.len()
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
        }
    }

    /// The results of the operations of the kind [`OperationKind::Null`].
    pub fn nulls(&self) -> &[Value] {
        &self.nulls
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
        self.0.operations.reserve(operations);
        self.0.operands.reserve(values.saturating_add(operations));
    }

    /// Adds a value.
    pub fn value(&mut self) -> Value {
        self.0.values += 1;
        Value::new(self.0.values - 1)
    }

    /// Begins the next block; the first is the entry.
    pub fn block(&mut self, params: &[Value]) -> Block {
        let first = count(self.0.operations.len());
        self.0.blocks.push(params, first);
        Block::new(self.0.block_count() - 1)
    }

    /// Adds an operation to the current block.
    pub fn operation(
        &mut self,
        kind: OperationKind,
        uses: &[Value],
        defs: &[Value],
    ) -> OperationId {
        let start = count(self.0.operands.len());
        self.0.operands.extend_from_slice(uses);
        let data = OperationData { kind, uses: start, defs: count(self.0.operands.len()) };
        self.0.operands.extend_from_slice(defs);
        self.0.operations.push(data);
        self.0.blocks.count_item();
        if kind == OperationKind::Null {
            self.0.nulls.extend_from_slice(defs);
        }
        OperationId::new(self.0.operations.len() - 1)
    }

    /// Says how control leaves the current block: along these edges, or out of
    /// the function if there are none.
    pub fn leave<'e>(&mut self, edges: impl IntoIterator<Item = (Block, &'e [Value])>) {
        self.0.blocks.leave(edges);
    }

    /// The finished program.
    pub fn finish(mut self) -> Before {
        self.0.operands.shrink_to_fit();
        self.0.blocks.operands.shrink_to_fit();
        self.0
    }
}
