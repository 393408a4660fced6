//! What is asked of a location, and how it may go wrong.

use super::events::Tick;
use crate::model::{Block, EdgeIndex, Location};

/// What is asked of a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Want {
    /// To be a root: initialised, one whole value, a reference, not stale.
    Root,
    /// To be what was moved to a root: a reference, not stale.
    Spilled,
    /// What is in a root that is an integer, to the stack map: to be one.
    Integer,
    /// The same: not to have got its bits from a floating-point value.
    Unboxed,
    /// What is in a root: not to be an address in an object.
    Object,
    /// What an address is made from: not to be a reference, nor an address in the frame
    /// or of code.
    Number,
    /// Not to be a stale copy.
    Fresh,
    /// Not to be a stale copy that is dereferenced.
    Address,
    /// Not to be an address that is made, behind a safepoint, from a copy that is stale.
    Remade,
    /// Not to be a stale copy, nor an address that is made from one, wherever.
    Derived,
}

impl Want {
    /// What is asked of a location that a copy came from, of what a location got that
    /// is declared to be a reference or not. A declared parameter is one from there on,
    /// whatever it receives.
    pub(super) fn of_source(self, declared: bool) -> Option<Want> {
        match self {
            Want::Root | Want::Spilled if declared => Some(Want::Fresh),
            Want::Root | Want::Spilled => Some(Want::Spilled),
            // It is a question about the last write.
            Want::Integer => None,
            Want::Object | Want::Unboxed if declared => None,
            Want::Object
            | Want::Unboxed
            | Want::Number
            | Want::Fresh
            | Want::Address
            | Want::Remade
            | Want::Derived => Some(self),
        }
    }

    /// Whether a safepoint in between matters.
    pub(super) fn is_about_safepoints(self) -> bool {
        match self {
            Want::Integer | Want::Unboxed | Want::Object | Want::Number => false,
            Want::Root
            | Want::Spilled
            | Want::Fresh
            | Want::Address
            | Want::Remade
            | Want::Derived => true,
        }
    }

    /// Whether it is about types, of which stack maps have their own.
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
            | Want::Derived => false,
        }
    }

    /// Whether it is asked about something that is dereferenced.
    pub(super) fn is_dereference(self) -> bool {
        match self {
            Want::Address | Want::Remade | Want::Derived => true,
            Want::Root
            | Want::Spilled
            | Want::Integer
            | Want::Unboxed
            | Want::Object
            | Want::Number
            | Want::Fresh => false,
        }
    }

    /// Whether it is asked of what an address is made from, too.
    pub(super) fn goes_through_offsets(self) -> bool {
        match self {
            Want::Remade | Want::Derived | Want::Number => true,
            Want::Root
            | Want::Spilled
            | Want::Integer
            | Want::Unboxed
            | Want::Object
            | Want::Fresh
            | Want::Address => false,
        }
    }
}

/// What is known of the way from a location to the observation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Moved {
    /// Nothing has moved.
    No,
    /// A safepoint has left this copy behind: it is stale, if it is a reference.
    Crossed,
    /// And it is claimed to be one, by this value's spill.
    Spilled(Location),
    /// And it is declared to be one, under this name.
    Declared(Location),
}

impl Moved {
    /// Who claims the copy to be a reference.
    pub(super) fn claim(self) -> Option<Location> {
        match self {
            Moved::Spilled(claim) | Moved::Declared(claim) => Some(claim),
            Moved::No | Moved::Crossed => None,
        }
    }
}

/// How an observation goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wrong {
    /// It sees a copy of what `claim` says is a reference, from before a safepoint.
    Stale { claim: Location },
    /// It sees what was on the stack when the function started.
    Uninitialized,
    /// It sees bytes that are not of one value.
    Mixed,
    /// It sees an address of something that is no object.
    NoObject,
    /// It sees this value, of a floating-point or vector type.
    Float(Location),
    /// It sees an integer with the bits of a floating-point or vector value: that, or a
    /// reference or number in such a box.
    Boxed,
    /// It sees an address that is computed from one in the frame or of code, or what is
    /// computed from a tagged number.
    InFrame,
    /// It sees an address in the object of `claim`, or what is computed from a tagged
    /// number.
    InObject { claim: Location },
    /// It sees an SSA value on a path that does not define it: the program is
    /// malformed.
    Undefined,
}

/// A path on which an observation goes wrong.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    /// What went wrong,
    pub(super) wrong: Wrong,
    /// with what,
    pub(super) at: Location,
    /// where it was made.
    pub(super) since: Tick,
    /// The edges taken from there to the observation.
    pub(super) hops: Vec<(Block, EdgeIndex)>,
    /// The safepoint that left the copy behind, and how many edges come before it.
    pub(super) crossed: Option<(usize, Tick)>,
    /// The moves and edges on the way, the one nearest to the observation last:
    /// how many edges come before it, and the location that got the copy.
    pub(super) copies: Vec<(usize, Tick, Location)>,
}
