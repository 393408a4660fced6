//! The contents of locations in a run.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_verifier::after_only::Making;
use stackmap_verifier::model::Location;

/// The identity of a run-time value: copies have the same number.
pub(super) type Instance = u32;

/// The number for values that no location holds any more. They cannot be told apart.
pub(super) const GONE: Instance = 0;

/// The way in which an observation may fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A root, or a value that is stored, passed, returned or dereferenced, is a copy
    /// that a safepoint left behind.
    Stale,
    /// The dereferenced value is an address derived from such a copy.
    StaleAddress,
    /// The value that a declared one receives is a copy that a safepoint left behind before it
    /// was claimed to be a reference.
    Undeclared,
    /// A root was not written.
    Uninitialized,
    /// A root holds bytes of several values.
    Mixed,
    /// A root holds an address in the frame, or of code.
    NoObject,
    /// A root holds a value of a floating-point or vector type.
    Float,
    /// A root holds an address in an object, in the frame or of code, or a value computed from
    /// a tagged number. It cannot be determined which.
    Computed,
    /// A root holds the bits of a value of a floating-point or vector type. It cannot be
    /// determined whether they are a boxed reference.
    Boxed,
}

/// The basis for the claim that a value is a reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Claim {
    Spilled,
    Declared,
}

/// A value, with the values it depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Object {
    pub(super) instance: Instance,
    making: Making,
    claim: Option<Claim>,
    /// The claim at the time when another value was derived from this one.
    claim_then: Option<Claim>,
    /// The claim under which a safepoint has left this copy behind.
    stale: Option<Claim>,
    /// The value of `stale` at the time when another value was derived from this one.
    stale_then: Option<Claim>,
    /// The objects that it is an address in, or computed from.
    made_from: BTreeSet<Object>,
    /// If it was loaded from memory that never changes, and objects do not move: the objects
    /// through which it was loaded.
    memory: Option<BTreeSet<Object>>,
}

impl Object {
    pub(super) fn new(instance: Instance, making: Making) -> Self {
        Object {
            instance,
            making,
            claim: None,
            claim_then: None,
            stale: None,
            stale_then: None,
            made_from: BTreeSet::new(),
            memory: None,
        }
    }

    /// Returns the object as a base from which another value is derived.
    pub(super) fn as_base(&self) -> Object {
        Object { claim_then: self.claim, stale_then: self.stale, ..self.clone() }
    }

    pub(super) fn is_stale(&self, dereferenced: bool) -> bool {
        self.is_wrong(self.stale, dereferenced)
    }

    fn is_wrong(&self, stale: Option<Claim>, dereferenced: bool) -> bool {
        match (self.making, stale) {
            (_, None) | (Making::Constant | Making::Address, _) => false,
            (Making::Unknown, Some(_)) | (Making::Computed, Some(Claim::Declared)) => true,
            (Making::Computed, Some(Claim::Spilled)) => dereferenced,
        }
    }

    /// Whether a value that it is derived from, and that is dereferenced with it, is stale.
    pub(super) fn is_made_from_stale(&self) -> bool {
        let mut bases = self.made_from.iter();
        bases.any(|base| base.is_stale(true) || base.is_made_from_stale())
    }

    /// Whether a value that it is derived from was stale at the time of the derivation.
    pub(super) fn was_made_from_stale(&self) -> bool {
        let mut bases = self.made_from.iter();
        bases.any(|base| base.is_wrong(base.stale_then, true) || base.was_made_from_stale())
    }

    /// Whether it is computed from a reference, or from an address in the frame or of code.
    fn is_made_from_address(&self) -> bool {
        let is_address = |base: &Object| match (base.making, base.claim_then) {
            (Making::Address, _) => true,
            (_, None) | (Making::Constant, _) => false,
            (Making::Unknown, Some(_)) | (Making::Computed, Some(Claim::Declared)) => true,
            (Making::Computed, Some(Claim::Spilled)) => false,
        };
        self.made_from.iter().any(|base| is_address(base) || base.is_made_from_address())
    }

    /// Records that a location with this claim holds it.
    fn claimed(&mut self, claim: Option<Claim>) {
        self.claim = self.claim.max(claim);
        self.made_from = std::mem::take(&mut self.made_from)
            .into_iter()
            .map(|mut base| {
                base.claimed(claim);
                base
            })
            .collect();
    }

    /// A safepoint leaves the copy behind, unless the safepoint's roots keep it.
    fn leave_behind(&mut self, kept: &BTreeSet<Instance>) {
        if kept.contains(&self.instance) {
            return;
        }
        if self.memory.as_ref().is_none_or(|memory| memory.iter().any(|from| from.is_lost(kept))) {
            self.stale = self.stale.max(self.claim);
        }
        self.change_bases(|base| base.leave_behind(kept));
    }

    /// Whether a safepoint loses the contents of its memory, together with the object.
    fn is_lost(&self, kept: &BTreeSet<Instance>) -> bool {
        if kept.contains(&self.instance) {
            return false;
        }
        let is_lost = match (self.making, &self.memory) {
            (Making::Constant | Making::Address, _) => false,
            (Making::Computed, _) | (Making::Unknown, None) => self.claim.is_some(),
            (Making::Unknown, Some(memory)) => {
                self.claim.is_some() && memory.iter().any(|from| from.is_lost(kept))
            }
        };
        is_lost || self.made_from.iter().any(|base| base.is_lost(kept))
    }

    /// A safepoint updates the copy in a root.
    fn update(&mut self) {
        self.stale = None;
        self.stale_then = None;
        self.change_bases(Object::update);
    }

    fn change_bases(&mut self, change: impl Fn(&mut Object)) {
        let bases = std::mem::take(&mut self.made_from).into_iter();
        self.made_from = bases
            .map(|mut base| {
                change(&mut base);
                base
            })
            .collect();
    }

    /// Renumbers all instances. Bases of values that are gone are flattened: a root cannot keep
    /// such a value, so only the values it is derived from matter.
    fn renumber(&mut self, numbers: &BTreeMap<Instance, Instance>) {
        self.instance = numbers.get(&self.instance).copied().unwrap_or(GONE);
        self.made_from = flat(std::mem::take(&mut self.made_from), numbers, false);
        self.memory = self.memory.take().map(|memory| flat(memory, numbers, true));
    }

    pub(super) fn with_bases(mut self, bases: &BTreeSet<Object>) -> Self {
        self.made_from.extend(bases.iter().cloned());
        self
    }

    pub(super) fn loaded_from(mut self, memory: BTreeSet<Object>) -> Self {
        self.memory = Some(memory);
        self
    }
}

/// Renumbers the objects that others depend on.
fn flat(
    objects: BTreeSet<Object>,
    numbers: &BTreeMap<Instance, Instance>,
    in_memory: bool,
) -> BTreeSet<Object> {
    let mut all = BTreeSet::new();
    for mut object in objects {
        object.renumber(numbers);
        if object.instance == GONE {
            all.extend(std::mem::take(&mut object.made_from));
            // Nothing can claim it any more, so it is lost if and only if its memory is.
            if in_memory && let Some(memory) = object.memory.take() {
                if object.claim.is_some() && object.making == Making::Unknown {
                    all.extend(memory);
                }
                continue;
            }
        }
        all.insert(object);
    }
    all
}

/// The contents of a location.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Content {
    /// No written value, or bytes of several values.
    Nothing(Instance, Kind, Seen),
    /// A value.
    Holds(Box<Held>),
}

/// A value, with the properties of the moves that brought it here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Held {
    pub(super) object: Object,
    /// The value that was moved here, and whether it is of a floating-point type.
    pub(super) by: Option<(Location, bool)>,
    /// Whether some location on the path of moves is declared to be a reference.
    pub(super) is_declared: bool,
    /// Whether some location on the path of moves, after the last declared one, is of a
    /// floating-point type.
    pub(super) was_float: bool,
    /// Whether some location on the path of moves is claimed to be a reference.
    pub(super) is_claimed: bool,
    /// Whether it is none of these, and a safepoint has left it behind on the path of moves.
    pub(super) was_left: bool,
    pub(super) seen: Seen,
}

impl Held {
    /// Whether it may be a reference that a safepoint left behind before anything claimed it to be
    /// one. What was loaded from memory that never changes could be loaded again.
    pub(super) fn is_undeclared(&self) -> bool {
        self.was_left && self.object.memory.is_none()
    }

    fn wrong_as_root(&self, is_float_root: bool) -> BTreeMap<Kind, bool> {
        let Held { object, by, is_declared, was_float, seen, .. } = self;
        let is_address = object.making == Making::Address && by.is_some() && !*is_declared;
        let is_float = by.is_some_and(|(_, is_float)| is_float) && !is_float_root;
        let is_computed = object.making == Making::Computed && !*is_declared;
        let kinds = [
            (is_address, Kind::NoObject, !seen.listed),
            (is_float, Kind::Float, !seen.listed),
            (object.is_stale(false), Kind::Stale, true),
            (is_computed && object.is_made_from_address(), Kind::Computed, !seen.ever),
            (*was_float && !is_float_root, Kind::Boxed, !seen.ever),
        ];
        let wrong = kinds.iter().filter(|(is_wrong, ..)| *is_wrong);
        wrong.map(|&(_, kind, is_news)| (kind, is_news)).collect()
    }
}

/// The safepoints that have seen a content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Seen {
    /// Whether a safepoint has listed it and none has left it behind since. A failure has then
    /// been reported already.
    listed: bool,
    /// Whether some safepoint has listed it.
    ever: bool,
}

impl Seen {
    const LISTED: Seen = Seen { listed: true, ever: true };
}

impl Content {
    pub(super) fn holds(object: Object) -> Self {
        Content::Holds(Box::new(Held {
            object,
            by: None,
            is_declared: false,
            was_float: false,
            is_claimed: false,
            was_left: false,
            seen: Seen::default(),
        }))
    }

    pub(super) fn instance(&self) -> Instance {
        match self {
            Content::Nothing(instance, ..) => *instance,
            Content::Holds(held) => held.object.instance,
        }
    }

    /// Returns the content as held by a location with this claim, which is or is not of a
    /// floating-point type.
    pub(super) fn named(mut self, claim: Option<Claim>, is_float: bool) -> Self {
        if let Content::Holds(held) = &mut self {
            held.object.claimed(claim);
            let is_declared = claim == Some(Claim::Declared);
            held.is_declared |= is_declared;
            held.was_float = !is_declared && (held.was_float || is_float);
            held.is_claimed |= claim.is_some();
            held.was_left &= !held.is_claimed;
        }
        self
    }

    pub(super) fn leave_behind(&mut self, kept: &BTreeSet<Instance>) {
        if kept.contains(&self.instance()) {
            return;
        }
        match self {
            Content::Nothing(_, _, seen) => seen.listed = false,
            Content::Holds(held) => {
                held.object.leave_behind(kept);
                held.was_left = !held.is_claimed && held.object.making == Making::Unknown;
                held.seen.listed = false;
            }
        }
    }

    /// Records that a safepoint lists the content as a root, of a floating-point type or not.
    /// Returns the failures, each with whether it is new: it is not if an earlier safepoint
    /// listed the same content and no safepoint left it behind since.
    pub(super) fn list(&mut self, is_float_root: bool) -> BTreeMap<Kind, bool> {
        match self {
            Content::Nothing(_, kind, seen) => {
                let wrong = BTreeMap::from([(*kind, !seen.listed)]);
                *seen = Seen::LISTED;
                wrong
            }
            Content::Holds(held) => {
                let wrong = held.wrong_as_root(is_float_root);
                held.object.update();
                held.seen = Seen::LISTED;
                wrong
            }
        }
    }

    pub(super) fn renumber(&mut self, numbers: &BTreeMap<Instance, Instance>) {
        match self {
            Content::Nothing(instance, ..) => {
                *instance = numbers.get(instance).copied().unwrap_or(GONE);
            }
            Content::Holds(held) => held.object.renumber(numbers),
        }
    }
}
