//! Instances, and the contents of locations in terms of them.

use smallvec::SmallVec;

use crate::model::Value;

/// A moment of a run: the number of steps and edges before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(super) u32);

/// The name of an instance: the result of one execution of one definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Instance(u32);

impl Instance {
    /// No instance of any run.
    pub(super) const NONE: Instance = Instance(u32::MAX);
}

/// The content of a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing was written yet.
    Uninitialized,
    /// No instance: an address, bytes of two values, a clobbered register.
    Unknown,
    /// Null, the only instance of all null constants.
    Null,
    /// A copy of an instance.
    Copy {
        /// The instance, as it was defined.
        instance: Instance,
        /// The value that named it when the copy was made.
        name: Value,
        /// The last safepoint that did not update this copy, if it was a
        /// reference then.
        stale: Option<Moment>,
        /// The first safepoint that updated this copy, if the instance is a number: since then
        /// this is a copy of the references only that were made from it before.
        updated: Option<Moment>,
    },
}

impl Content {
    /// Returns the same content; if it is a copy, under this name.
    pub(super) fn named(self, name: Value) -> Self {
        match self {
            Content::Copy { instance, stale, updated, .. } => {
                Content::Copy { instance, name, stale, updated }
            }
            Content::Uninitialized | Content::Unknown | Content::Null => self,
        }
    }
}

/// The data of an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nature {
    /// Null. All null values are the same instance.
    Null,
    /// Something else that never goes stale.
    Number,
    Reference,
}

/// The origin of an instance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made {
    /// The value that was defined.
    pub(super) value: Value,
    pub(super) moment: Moment,
    pub(super) nature: Nature,
    /// The instance it was made from, if it was not defined but converted.
    from: Option<Instance>,
}

/// The instances of a run.
///
/// A declared parameter that receives a number is a reference from there on: a **new
/// instance**, made from the other. Every copy of the other is a copy of both, and fresh
/// for the new one; the other itself is no reference and never stale. A root, once a collector
/// that moves objects has updated it, is a copy of the new one only. Null stays null wherever it
/// is passed.
#[derive(Debug, Default)]
pub(super) struct Instances {
    made: Vec<Made>,
    /// For each instance those made from it, in order.
    converted: Vec<SmallVec<[Instance; 1]>>,
    /// For each instance the values bound to it or to one made from it, in order.
    bound: Vec<Vec<Value>>,
}

impl Instances {
    /// A definition was executed.
    pub(super) fn define(&mut self, value: Value, moment: Moment, nature: Nature) -> Instance {
        self.push(Made { value, moment, nature, from: None })
    }

    /// A declared parameter received a number.
    pub(super) fn convert(&mut self, from: Instance, param: Value, moment: Moment) -> Instance {
        let from = Some(self.origin(from));
        let nature = Nature::Reference;
        let instance = self.push(Made { value: param, moment, nature, from });
        if let Some(origin) = from.and_then(|from| self.converted.get_mut(from.0 as usize)) {
            origin.push(instance);
        }
        instance
    }

    fn push(&mut self, made: Made) -> Instance {
        let instance = Instance(u32::try_from(self.made.len()).unwrap_or(u32::MAX));
        self.made.push(made);
        self.converted.push(SmallVec::new());
        self.bound.push(Vec::new());
        self.bind(made.value, instance);
        instance
    }

    /// A value now means this instance.
    pub(super) fn bind(&mut self, value: Value, instance: Instance) {
        let origin = self.origin(instance);
        if let Some(bound) = self.bound.get_mut(origin.0 as usize) {
            bound.push(value);
        }
    }

    /// The values ever bound to an instance, the latest first.
    pub(super) fn names(&self, instance: Instance) -> impl Iterator<Item = Value> {
        self.bound.get(instance.0 as usize).into_iter().flatten().rev().copied()
    }

    /// Returns the origin of an instance; none of a run has [`Instance::NONE`].
    pub(super) fn made(&self, instance: Instance) -> Option<Made> {
        self.made.get(instance.0 as usize).copied()
    }

    /// The instance that was defined.
    fn origin(&self, instance: Instance) -> Instance {
        self.made(instance).and_then(|made| made.from).unwrap_or(instance)
    }

    /// Whether a content is a copy of an instance, fresh or not.
    pub(super) fn is_copy(&self, content: Content, instance: Instance) -> bool {
        match content {
            Content::Copy { instance: held, updated, .. } => {
                let is_left = |updated| {
                    self.made(instance)
                        .is_some_and(|made| made.from.is_some() && made.moment < updated)
                };
                held == self.origin(instance) && updated.is_none_or(is_left)
            }
            Content::Null => self.is(instance, Nature::Null),
            Content::Uninitialized | Content::Unknown => false,
        }
    }

    /// Whether an instance is of this nature.
    pub(super) fn is(&self, instance: Instance, nature: Nature) -> bool {
        self.made(instance).is_some_and(|made| made.nature == nature)
    }

    /// Whether a content is a copy of an instance and, if that is a reference, a
    /// fresh one.
    pub(super) fn is_fresh(&self, content: Content, instance: Instance) -> bool {
        let (Content::Copy { stale, .. }, Some(made)) = (content, self.made(instance)) else {
            return self.is_copy(content, instance);
        };
        // A copy that a safepoint left behind before the conversion is valid: its contents were
        // not a reference then.
        let good = stale.is_none_or(|stale| made.from.is_some() && stale < made.moment);
        self.is_copy(content, instance) && (made.nature != Nature::Reference || good)
    }

    /// Returns the reference of which a content is a copy, fresh or not: the instance that was
    /// defined, or the last one made from it.
    pub(super) fn reference(&self, content: Content) -> Option<Instance> {
        let Content::Copy { instance, .. } = content else { return None };
        match self.is(instance, Nature::Reference) {
            true => Some(instance),
            false => {
                let mut made = self.converted.get(instance.0 as usize)?.iter().rev();
                made.find(|&&made| self.is_copy(content, made)).copied()
            }
        }
    }

    /// Whether a content is a fresh reference.
    pub(super) fn is_fresh_reference(&self, content: Content) -> bool {
        self.reference(content).is_some_and(|instance| self.is_fresh(content, instance))
    }
}
