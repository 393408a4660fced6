//! An execution, at one moment.

use stackmap_verifier::Collector;
use stackmap_verifier::model::{After, Location, Value};

/// One execution of one definition, as long as something still refers to it.
type Instance = u16;

/// What a location holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Content {
    /// Nothing was written to it.
    Uninitialized,
    /// Something that is no instance.
    Unknown,
    /// A copy of an instance.
    Copy {
        /// Of this one.
        instance: u16,
        /// Whether the object has moved since.
        stale: bool,
    },
}

/// What a value of the before program means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Meaning {
    instance: Instance,
    /// Whether the program takes it for a reference under this name.
    reference: bool,
}

/// What is wrong at an observation or a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wrong {
    /// An observation sees no instance, or another one than it should.
    OtherInstance,
    /// An observation sees a copy that went stale.
    StaleCopy,
    /// A root was not written.
    UninitializedRoot,
    /// A root is no reference.
    NoReference,
    /// A root is a copy that went stale.
    StaleRoot,
    /// A root is not a place for a reference.
    Malformed,
}

/// Both programs' memory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct State {
    /// By value.
    names: Vec<Option<Meaning>>,
    /// By location.
    contents: Vec<Content>,
    /// By instance: whether it is a reference.
    references: Vec<bool>,
}

impl State {
    pub(super) fn new(values: usize, locations: usize) -> Self {
        State {
            names: vec![None; values],
            contents: vec![Content::Uninitialized; locations],
            references: Vec::new(),
        }
    }

    /// A definition makes a new instance.
    pub(super) fn define(&mut self, value: Value, at: Location, reference: bool, after: &After) {
        let instance = Instance::try_from(self.references.len()).unwrap_or(Instance::MAX);
        self.references.push(reference);
        self.names[value.index()] = Some(Meaning { instance, reference });
        self.write(at, Content::Copy { instance, stale: false }, after);
    }

    /// A write to a cell spoils whatever else shares a byte with it.
    pub(super) fn write(&mut self, at: Location, content: Content, after: &After) {
        if let Some(cell) = after.cell(at) {
            for (other, _) in after.locations() {
                if after.cell(other).is_some_and(|other| other.overlaps(cell)) {
                    self.contents[other.index()] = Content::Unknown;
                }
            }
        }
        self.contents[at.index()] = content;
    }

    pub(super) fn content(&self, at: Location) -> Content {
        self.contents[at.index()]
    }

    /// An observation must see the instance the value means, and a fresh one if
    /// the value is a reference.
    pub(super) fn observe(&self, value: Value, at: Location) -> Option<Wrong> {
        let meaning = self.names[value.index()];
        match (self.content(at), meaning) {
            (Content::Copy { instance, stale }, Some(meaning)) if instance == meaning.instance => {
                (stale && meaning.reference).then_some(Wrong::StaleCopy)
            }
            (Content::Copy { .. } | Content::Uninitialized | Content::Unknown, _) => {
                Some(Wrong::OtherInstance)
            }
        }
    }

    /// A root must be a fresh reference.
    pub(super) fn root(&self, at: Location) -> Option<Wrong> {
        match self.content(at) {
            Content::Uninitialized => Some(Wrong::UninitializedRoot),
            Content::Unknown => Some(Wrong::NoReference),
            Content::Copy { stale: true, .. } => Some(Wrong::StaleRoot),
            Content::Copy { instance, stale: false } => {
                (!self.references[usize::from(instance)]).then_some(Wrong::NoReference)
            }
        }
    }

    /// Every object moves; the collector updates the roots and nothing else. One
    /// that moves nothing keeps what its roots hold.
    pub(super) fn safepoint(&mut self, roots: &[Location], collector: Collector) {
        let held: Vec<Content> = roots.iter().map(|&root| self.content(root)).collect();
        for (i, content) in self.contents.iter_mut().enumerate() {
            let Content::Copy { instance, stale } = content else { continue };
            let updated = roots.iter().any(|root| root.index() == i);
            let kept = match collector {
                Collector::Moving => false,
                Collector::NonMoving => {
                    held.contains(&Content::Copy { instance: *instance, stale: false })
                }
            };
            if self.references[usize::from(*instance)] && !updated && !kept {
                *stale = true;
            }
        }
    }

    /// The locations of an edge, assigned in parallel.
    pub(super) fn assign(&mut self, params: &[Location], args: &[Location], after: &After) {
        let passed: Vec<Content> = args.iter().map(|&at| self.content(at)).collect();
        for (&param, content) in params.iter().zip(passed) {
            self.write(param, content, after);
        }
    }

    /// The names of an edge, bound in parallel. A declared parameter makes a
    /// reference of what it receives, wherever there is a copy of it.
    pub(super) fn bind(
        &mut self,
        params: &[Value],
        args: &[Value],
        is_declared: impl Fn(Value) -> bool,
    ) {
        let passed: Vec<Option<Meaning>> = args.iter().map(|arg| self.names[arg.index()]).collect();
        for (&param, meaning) in params.iter().zip(passed) {
            self.names[param.index()] = meaning.map(|meaning| {
                let reference = meaning.reference || is_declared(param);
                self.references[usize::from(meaning.instance)] |= reference;
                Meaning { reference, ..meaning }
            });
        }
    }

    /// Forgets these names.
    pub(super) fn forget(&mut self, is_dead: impl Fn(Value) -> bool) {
        for (i, meaning) in self.names.iter_mut().enumerate() {
            if is_dead(Value::new(i)) {
                *meaning = None;
            }
        }
    }

    /// Numbers the instances in the order in which they are found. Two states
    /// that differ in nothing but these numbers then are equal; and since no
    /// instance is kept that nothing refers to, there are finitely many.
    pub(super) fn canonical(mut self) -> State {
        let mut number: Vec<Option<Instance>> = vec![None; self.references.len()];
        let mut references = Vec::new();
        let old = &self.references;
        let mut renumber = |instance: &mut Instance| {
            let index = usize::from(*instance);
            *instance = *number[index].get_or_insert_with(|| {
                references.push(old[index]);
                Instance::try_from(references.len() - 1).unwrap_or(Instance::MAX)
            });
        };
        for meaning in self.names.iter_mut().flatten() {
            renumber(&mut meaning.instance);
        }
        for content in &mut self.contents {
            match content {
                Content::Copy { instance, .. } => renumber(instance),
                Content::Uninitialized | Content::Unknown => {}
            }
        }
        self.references = references;
        self
    }
}
