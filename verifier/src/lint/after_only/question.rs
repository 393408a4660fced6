//! The requirements that the search checks of a location, and the ways they can fail.

use super::accesses::Tick;
use crate::model::{Block, EdgeIndex, Location};

/// A requirement on the contents of a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Want {
    /// The location is a valid root: initialized, one whole value, a reference, and not stale.
    Root,
    /// The value that was moved to a root is a reference and not stale.
    Spilled,
    /// The contents of a root that the stack map treats as an integer are an integer.
    Integer,
    /// The contents of such a root did not get their bits from a floating-point value.
    Unboxed,
    /// The contents of a root are not an address inside an object.
    Object,
    /// The value from which an address is computed is neither a reference nor an address in the
    /// frame or of code.
    Number,
    /// The value is not a stale copy.
    Fresh,
    /// The dereferenced value is not a stale copy.
    Address,
    /// The dereferenced value was not derived, after a safepoint, from a stale copy.
    Remade,
    /// The dereferenced value is neither a stale copy nor derived from one at any point.
    Derived,
    /// The value that a declared one receives was not left behind by a safepoint before anything
    /// claimed it to be a reference.
    Received,
}

impl Want {
    /// Returns the requirement on the source of a copy, given the requirement on its
    /// destination and whether the destination is declared to be a reference; `None` if the
    /// source is not constrained. A declared parameter counts as a reference from its
    /// definition on, whatever it receives.
    pub(super) fn of_source(self, declared: bool) -> Option<Want> {
        match self {
            Want::Root | Want::Spilled if declared => Some(Want::Fresh),
            Want::Root | Want::Spilled => Some(Want::Spilled),
            // The requirement concerns the last write only.
            Want::Integer => None,
            Want::Object | Want::Unboxed if declared => None,
            Want::Object
            | Want::Unboxed
            | Want::Number
            | Want::Fresh
            | Want::Address
            | Want::Remade
            | Want::Derived
            | Want::Received => Some(self),
        }
    }

    /// Whether a safepoint between the location and the observation is relevant.
    pub(super) fn is_about_safepoints(self) -> bool {
        match self {
            Want::Integer | Want::Unboxed | Want::Object | Want::Number => false,
            Want::Root
            | Want::Spilled
            | Want::Fresh
            | Want::Address
            | Want::Remade
            | Want::Derived
            | Want::Received => true,
        }
    }

    /// Whether the requirement concerns types. A stack map has types of its own.
    pub(super) fn is_about_types(self) -> bool {
        match self {
            Want::Integer | Want::Unboxed => true,
            Want::Root
            | Want::Spilled
            | Want::Object
            | Want::Number
            | Want::Fresh
            | Want::Address
            | Want::Remade
            | Want::Derived
            | Want::Received => false,
        }
    }

    /// Whether the requirement applies to a value that is dereferenced.
    pub(super) fn is_dereference(self) -> bool {
        match self {
            Want::Address | Want::Remade | Want::Derived => true,
            Want::Root
            | Want::Spilled
            | Want::Integer
            | Want::Unboxed
            | Want::Object
            | Want::Number
            | Want::Fresh
            | Want::Received => false,
        }
    }

    /// Whether the requirement also applies to the values an address is computed from.
    pub(super) fn goes_through_offsets(self) -> bool {
        match self {
            Want::Remade | Want::Derived | Want::Number => true,
            Want::Root
            | Want::Spilled
            | Want::Integer
            | Want::Unboxed
            | Want::Object
            | Want::Fresh
            | Want::Address
            | Want::Received => false,
        }
    }
}

/// The effect on a copy of the safepoints between the location and the observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Moved {
    /// No safepoint has left the copy behind.
    No,
    /// A safepoint has left this copy behind: it is stale, if it is a reference.
    Crossed,
    /// As `Crossed`, and the spill of this value claims that the copy is a reference.
    Spilled(Location),
    /// As `Crossed`, and the copy is declared to be a reference under this name.
    Declared(Location),
}

impl Moved {
    /// Returns the location that claims the copy to be a reference.
    pub(super) fn claim(self) -> Option<Location> {
        match self {
            Moved::Spilled(claim) | Moved::Declared(claim) => Some(claim),
            Moved::No | Moved::Crossed => None,
        }
    }
}

/// The way in which an observation fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wrong {
    /// It observes a copy, made before a safepoint, of the value that `claim` identifies as a
    /// reference.
    Stale { claim: Location },
    /// A safepoint left it behind, and nothing claimed it to be a reference until then.
    Undeclared,
    /// It observes the initial contents of the stack frame.
    Uninitialized,
    /// It observes bytes that do not form one whole value.
    Mixed,
    /// It observes an address of something that is not an object.
    NoObject,
    /// It observes this value, which is of a floating-point or vector type.
    Float(Location),
    /// It observes an integer with the bits of a floating-point or vector value: either such a
    /// value, or a boxed reference or number.
    Boxed,
    /// It observes a value computed from an address in the frame or of code: either such an
    /// address, or a tagged number.
    InFrame,
    /// It observes a value computed from the reference `claim`: either an address inside the
    /// object, or a tagged number.
    InObject { claim: Location },
    /// It observes an SSA value on a path that does not define it: the program is malformed.
    Undefined,
}

/// A path on which an observation fails.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// The kind of failure.
    pub(super) wrong: Wrong,
    /// The location whose contents are wrong.
    pub(super) at: Location,
    /// The tick at which these contents were made.
    pub(super) since: Tick,
    /// The edges taken from that tick to the observation.
    pub(super) hops: Vec<(Block, EdgeIndex)>,
    /// The safepoint that left the copy behind, if any.
    pub(super) crossed: Option<Crossed>,
    /// The copies by moves and edges on the path, with the one nearest to the observation last:
    /// the number of edges before each, its tick, and its destination.
    pub(super) copies: Vec<(usize, Tick, Location)>,
}

/// The safepoint that left a copy behind.
#[derive(Clone, Copy, Debug)]
pub(super) struct Crossed {
    /// The number of edges before it on the path.
    pub(super) hop: usize,
    pub(super) safepoint: Tick,
    /// The location of the copy.
    pub(super) at: Location,
}
