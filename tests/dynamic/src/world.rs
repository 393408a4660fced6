//! The environment in which a function is run. It allocates, reads, decides, and records the
//! visible effects.
//!
//! Records contain no addresses, so two runs with the same decisions have the same records,
//! wherever the objects are.

use crate::heap::{DECISIONS, GLOBALS, Heap, LOG, NO_DECISION, Seen, TAKEN, TAPE};
use crate::plan::{Import, Kind, Plan};

/// Whether objects move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collector {
    /// Nothing happens at safepoints.
    None,
    /// Every object moves at every safepoint.
    Moving,
}

/// A visible effect of the function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It called an import.
    Call {
        /// The number of the import.
        import: u32,
        /// The arguments.
        arguments: Vec<Seen>,
    },
    /// It wrote to memory that the world reads.
    Wrote {
        /// The address.
        address: u32,
        /// The new value.
        word: Seen,
    },
}

/// The way in which a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The function returned these.
    Returned(Vec<Seen>),
    /// It ended in a tail call, whose arguments are the last visible effect.
    TailCall,
    /// It made more calls than a run may make.
    Cut,
    /// It took more steps than a run may take. Only the interpreter counts them.
    OutOfSteps,
    /// The stack map lists a root with this value, which is not a reference.
    BadRoot(Seen),
    /// It did something after which the run cannot continue.
    Stuck(String),
}

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The visible effects, in order.
    pub trace: Vec<Effect>,
    /// The way in which it ended.
    pub end: End,
    /// The counts of events during the run.
    pub counts: Counts,
    /// The operands that every instruction of the function itself read. Only the interpreter
    /// records them.
    pub operands: Vec<Seen>,
    /// The blocks that were entered, in order, each with the number of decisions taken before.
    /// Only the interpreter records them.
    pub path: Vec<(u32, usize)>,
}

/// The counts of events in a run, or in several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Runs.
    pub runs: u64,
    /// Safepoints that were reached.
    pub safepoints: u64,
    /// Roots that were updated.
    pub roots: u64,
    /// Moves of one object.
    pub moved: u64,
    /// Exceptions thrown into the function.
    pub thrown: u64,
    /// The number of times that a block was entered again. Only the interpreter counts them.
    pub again: u64,
    /// Decisions that were taken.
    pub decisions: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.runs += other.runs;
        self.safepoints += other.safepoints;
        self.roots += other.roots;
        self.moved += other.moved;
        self.thrown += other.thrown;
        self.again += other.again;
        self.decisions += other.decisions;
    }
}

/// The behaviour of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It returns these.
    Return(Vec<u128>),
    /// It throws to one of the call's handlers.
    Throw {
        /// The index of the handler.
        handler: usize,
        /// The payload.
        payload: [u64; 2],
    },
    /// The run is over.
    Stop,
}

/// The decisions of a run.
pub type Tape = [u8];

/// The maximum number of calls in a run.
pub const MOST_CALLS: usize = 40;

/// The environment in which a function is run.
#[derive(Debug)]
pub struct World<'p> {
    plan: &'p Plan,
    /// The memory.
    pub heap: Heap,
    collector: Collector,
    base: u64,
    calls: usize,
    last: Vec<Seen>,
    trace: Vec<Effect>,
    stopped: Option<End>,
    /// The counts so far.
    pub counts: Counts,
}

/// The number of the import that is called through its address.
pub const INDIRECT: u32 = 31;

impl<'p> World<'p> {
    /// Creates a world before the function starts. Objects are `skew` places further on than
    /// necessary.
    pub fn new(plan: &'p Plan, collector: Collector, tape: &Tape, skew: u32) -> Self {
        let mut heap = Heap::new(skew);
        for cell in GLOBALS.step_by(8) {
            let reference = heap.allocate().unwrap_or(0);
            heap.set_word(cell, reference);
        }
        for &(cell, kind) in &plan.cells {
            let word = match kind {
                Kind::Reference => heap.allocate().unwrap_or(0),
                Kind::Number => 1,
                Kind::Null | Kind::Memory(_) | Kind::Code => 0,
            };
            heap.set_word(cell, word);
        }
        let mut decisions = [NO_DECISION; DECISIONS + 1];
        let given = tape.len().min(DECISIONS);
        decisions[..given].copy_from_slice(&tape[..given]);
        let written = heap.write(TAPE.into(), &decisions);
        debug_assert!(written.is_some(), "the tape is in the memory");
        let mut world = World {
            plan,
            heap,
            collector,
            base: 0,
            calls: 0,
            last: Vec::new(),
            trace: Vec::new(),
            stopped: None,
            counts: Counts { runs: 1, ..Counts::default() },
        };
        world.last = world.log();
        world
    }

    fn log(&self) -> Vec<Seen> {
        LOG.step_by(8).map(|address| self.look(self.heap.word(address).into())).collect()
    }

    /// Classifies a value, without addresses.
    pub fn look(&self, value: u128) -> Seen {
        let address = u64::try_from(value).ok().and_then(|value| value.checked_sub(self.base));
        match address.and_then(|address| u32::try_from(address).ok()) {
            Some(address) if self.base != 0 && address < crate::heap::SIZE => {
                Seen::Address(address)
            }
            Some(_) | None => self.heap.look(value),
        }
    }

    /// The next decision; 0 after the last.
    fn decide(&mut self) -> u8 {
        let taken = self.taken();
        self.heap.set_word(TAKEN, taken.saturating_add(1).min(DECISIONS) as u64);
        let mut decision = [0];
        let read = self.heap.read(u64::from(TAPE) + taken as u64, &mut decision);
        debug_assert!(read.is_some(), "the tape is in the memory");
        if decision[0] == NO_DECISION { 0 } else { decision[0] }
    }

    /// Returns the number of decisions taken.
    pub fn taken(&self) -> usize {
        usize::try_from(self.heap.word(TAKEN)).map_or(DECISIONS, |taken| taken.min(DECISIONS))
    }

    /// Returns the function's arguments. `base` is the address of the memory, and `code` is the
    /// address by which the function calls an import.
    pub fn arguments(&mut self, base: u64, code: u64) -> Vec<u128> {
        self.base = base;
        let plan = self.plan;
        plan.params.iter().map(|param| self.make(param.kind, base, code)).collect()
    }

    fn make(&mut self, kind: Kind, base: u64, code: u64) -> u128 {
        match kind {
            Kind::Reference => match self.heap.allocate() {
                Some(reference) => reference.into(),
                None => {
                    self.stopped = Some(End::Cut);
                    0
                }
            },
            Kind::Number => self.decide().into(),
            Kind::Null => 0,
            Kind::Memory(address) => u128::from(base) + u128::from(address),
            Kind::Code => code.into(),
        }
    }

    fn observe(&mut self, import: u32, arguments: &[u128]) {
        self.observe_memory();
        let arguments = arguments.iter().map(|&value| self.look(value)).collect();
        self.trace.push(Effect::Call { import, arguments });
    }

    fn observe_memory(&mut self) {
        let now = self.log();
        for ((address, word), before) in LOG.step_by(8).zip(&now).zip(&self.last) {
            if word != before {
                self.trace.push(Effect::Wrote { address, word: *word });
            }
        }
        self.last = now;
    }

    /// Ends the run.
    pub fn stop(&mut self, end: End) -> Answer {
        self.stopped = Some(end);
        Answer::Stop
    }

    /// Performs a call of an import. `roots` are the contents of the places that the stack map
    /// lists, each once; `handlers` is the number of ways in which the call can continue
    /// without returning.
    pub fn call(
        &mut self,
        import: u32,
        arguments: &[u128],
        roots: &mut [u128],
        handlers: usize,
    ) -> Answer {
        self.observe(import, arguments);
        self.calls += 1;
        if self.calls > MOST_CALLS {
            return self.stop(End::Cut);
        }
        let Some(called) = self.plan.imports.get(&import) else {
            return self.stop(End::Stuck(format!("no import has the number {import}")));
        };
        self.link(arguments);
        self.counts.safepoints += 1;
        if self.collector == Collector::Moving {
            if let Some(bad) = self.bad_root(roots) {
                return self.stop(End::BadRoot(bad));
            }
            if self.heap.collect(roots).is_none() {
                return self.stop(End::Cut);
            }
            self.counts.roots += roots.len() as u64;
        }
        self.answer(called, handlers)
    }

    /// Returns the value of a root that is neither a valid reference nor null, if there is one.
    fn bad_root(&self, roots: &[u128]) -> Option<Seen> {
        roots.iter().map(|&root| self.look(root)).find(|seen| match seen {
            Seen::Object(_) | Seen::Number(0) => false,
            Seen::Stale(_) | Seen::Address(_) | Seen::Number(_) => true,
        })
    }

    /// An import that receives two objects makes the first refer to the second.
    fn link(&mut self, arguments: &[u128]) {
        let mut objects = arguments.iter().filter_map(|&value| match self.look(value) {
            Seen::Object(object) => Some(object),
            Seen::Stale(_) | Seen::Address(_) | Seen::Number(_) => None,
        });
        if let (Some(from), Some(to)) = (objects.next(), objects.next()) {
            self.heap.link(from, to);
        }
    }

    fn answer(&mut self, called: &Import, handlers: usize) -> Answer {
        if handlers > 0 {
            let decision = usize::from(self.decide());
            if (1..=handlers).contains(&decision) {
                self.counts.thrown += 1;
                let payload = [u64::from(self.decide()) + 1, u64::from(self.decide()) + 1];
                return Answer::Throw { handler: decision - 1, payload };
            }
        }
        let results = called.results.iter().map(|r| self.make(r.kind, 0, 0)).collect();
        if self.stopped.is_some() { Answer::Stop } else { Answer::Return(results) }
    }

    /// The function ends in a tail call, whose arguments are visible.
    pub fn tail_call(&mut self, import: u32, arguments: &[u128]) {
        self.observe(import, arguments);
        self.stopped = Some(End::TailCall);
    }

    /// The function returns.
    pub fn returned(&mut self, values: &[u128]) {
        self.observe_memory();
        let values = values.iter().map(|&value| self.look(value)).collect();
        self.stopped = Some(End::Returned(values));
    }

    /// Returns the result of the run.
    pub fn finish(mut self) -> Run {
        self.counts.moved = self.heap.moved;
        self.counts.decisions = self.taken();
        let end = self.stopped.unwrap_or_else(|| End::Stuck("it did not end".to_owned()));
        Run { trace: self.trace, end, counts: self.counts, operands: Vec::new(), path: Vec::new() }
    }
}
