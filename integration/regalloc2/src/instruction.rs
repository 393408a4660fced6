//! The actions of one instruction, in order.
//!
//! regalloc2's [`OperandPos`]: "the allocator assumes that the instruction (i)
//! performs all reads and writes of 'early' operands, (ii) does its work, and
//! (iii) performs all reads and writes of its 'late' operands". The order inside
//! (i) and (iii) is the instruction's own affair, and an allocation must be right
//! for any. The documentation says so case by case:
//!
//! * an early def "must not conflict with any input to the instruction"
//!   ([`Operand::reg_def_at_start`](regalloc2::Operand::reg_def_at_start)): it
//!   may be written before the inputs are read;
//! * a late use is read "up until the 'after' point, i.e., must not conflict with
//!   any results" ([`reg_use_at_end`](regalloc2::Operand::reg_use_at_end)): the
//!   late defs, and the clobbers, may be written before it is read;
//! * an early def is "live throughout the instruction" and will "avoid conflicts
//!   with all outputs"; two defs of an instruction never share a place;
//! * after the instruction a clobbered register holds something "arbitrary,
//!   separately from the usual outputs" ([`Function::inst_clobbers`]).
//!
//! Written down as one order of actions that is as bad as any, with the collector
//! running in (ii):
//!
//! ```text
//!        overwrite the scratch registers
//! (i)    overwrite the places of early defs      if there is an early use
//!        read the early uses
//!        write the early defs
//!        the safepoint is an instruction of its own    if there is an early def
//! (ii)   overwrite the clobbers and the
//!        registers of late defs                  at a safepoint
//!        the collector runs                      at a safepoint
//! (iii)  overwrite the clobbers and the
//!        places of late defs                     if there is a late use
//!        read the late uses
//!        write the late defs
//!        overwrite the clobbers, and every
//!        place that two defs share
//! ```
//!
//! To the verifier a safepoint makes its results when the collector has run. So one that writes
//! a value early is two operations in both programs: the first reads and writes the early
//! operands, the second is the safepoint ([`roles::is_split`]).
//!
//! So a reference that a call reads late must be fresh after the call has run
//! the collector: its place belongs into the stack map, as does that of a
//! reference that a call writes early.
//!
//! The collector is called by a callee, which by then has used the registers
//! that it need not preserve, those of its results too: as roots they are as
//! worthless as any other clobber. A result in a spill slot is another matter: the
//! callee does not know that slot, and the instruction writes it when the callee
//! has come back. A fixed stack slot counts as a register here, since it is where
//! arguments and results are passed, which is the callee's to write.
//!
//! Within an instruction the compiler may use the machine's scratch registers
//! ([`MachineEnv::scratch_by_class`](regalloc2::MachineEnv::scratch_by_class)), and
//! may write the registers that it names by
//! [`Operand::fixed_nonallocatable`](regalloc2::Operand::fixed_nonallocatable).
//! These count among the clobbers. Scratch registers are overwritten where edits
//! have written them, which is in `after.rs`.
//!
//! A def that reuses an input's register is a late def like any other: the input
//! is read before it, and so are the other early uses. (Ion keeps those apart
//! from the reused register nevertheless; nothing observable depends on that.)

use regalloc2::{Allocation, Function, Inst, OperandPos, PReg, VReg};
use smallvec::SmallVec;
use stackmap_verifier::model::{Action, AfterBuilder, Location, Origin};

use crate::error::Error;
use crate::locations::Locations;
use crate::output::{Frame, Spot};
use crate::roles::{self, Role};

/// An operand: what it is, when it happens, and where.
#[derive(Clone, Copy)]
struct Placed {
    vreg: VReg,
    role: Role,
    pos: OperandPos,
    spot: Spot,
    at: Location,
}

/// Adds instructions' actions. One serves a whole function.
#[derive(Default)]
pub(crate) struct Instructions {
    roles: Vec<Role>,
    operands: Vec<Placed>,
    clobbers: Vec<Location>,
}

impl Instructions {
    /// Adds what `inst` does to the builder's current instruction, and to another if it
    /// [is split](roles::is_split). Returns whether it is.
    ///
    /// Cost: linear in operands and clobbers; `n log n` in defs.
    pub(crate) fn emit<F: Function>(
        &mut self,
        frame: &Frame<'_, F>,
        locations: &mut Locations,
        builder: &mut AfterBuilder,
        (function, inst): (&F, Inst),
        allocations: &[Allocation],
        roots: Option<&[Location]>,
    ) -> Result<bool, Error> {
        let is_split = roles::is_split(function, inst, roots.is_some());
        roles::of(function, inst, is_split, &mut self.roles);
        self.place(frame, locations, (function, inst), allocations)?;
        let early = |placed: &&Placed| placed.pos == OperandPos::Early;
        let late = |placed: &&Placed| placed.pos == OperandPos::Late;
        let in_register = |placed: &&Placed| matches!(placed.spot, Spot::Register(_));

        if self.reads(OperandPos::Early) {
            overwrite(self.operands.iter().filter(early), builder);
        }
        read(self.operands.iter().filter(early), builder);
        write(self.operands.iter().filter(early), builder);
        if is_split {
            builder.instruction(true, Origin::default());
        }
        if let Some(roots) = roots {
            clobber(&self.clobbers, builder);
            overwrite(self.operands.iter().filter(late).filter(in_register), builder);
            builder.safepoint(roots);
        }
        if self.reads(OperandPos::Late) {
            clobber(&self.clobbers, builder);
            overwrite(self.operands.iter().filter(late), builder);
        }
        read(self.operands.iter().filter(late), builder);
        write(self.operands.iter().filter(late), builder);
        clobber(&self.clobbers, builder);
        clobber(&self.shared(), builder);
        Ok(is_split)
    }

    /// Whether the instruction reads anything then.
    fn reads(&self, pos: OperandPos) -> bool {
        self.operands.iter().any(|placed| match placed.role {
            Role::Use(_) => placed.pos == pos,
            Role::Define(_) | Role::Overwrite | Role::Untracked(_) => false,
        })
    }

    /// Works out where each operand is.
    fn place<F: Function>(
        &mut self,
        frame: &Frame<'_, F>,
        locations: &mut Locations,
        (function, inst): (&F, Inst),
        allocations: &[Allocation],
    ) -> Result<(), Error> {
        self.operands.clear();
        let mut clobbers = function.inst_clobbers(inst);
        let operands = function.inst_operands(inst).iter().zip(allocations);
        for (i, ((operand, &allocation), &role)) in operands.zip(&self.roles).enumerate() {
            if let Role::Untracked(register) = role {
                clobbers.add(register);
                continue;
            }
            let spot = frame
                .operand(allocation, operand.class())
                .map_err(|problem| Error::Operand { inst, operand: i, problem })?;
            let at = locations.of(spot);
            self.operands.push(Placed { vreg: operand.vreg(), role, pos: operand.pos(), spot, at });
        }
        let clobbers = clobbers.into_iter().map(PReg::index);
        self.clobbers.clear();
        self.clobbers.extend(clobbers.map(|register| locations.of(Spot::Register(register))));
        Ok(())
    }

    /// The places that defs of two vregs share, whole or in part.
    fn shared(&self) -> SmallVec<[Location; 4]> {
        let mut written: SmallVec<[&Placed; 4]> = self
            .operands
            .iter()
            .filter(|placed| match placed.role {
                Role::Define(_) | Role::Overwrite => true,
                Role::Use(_) | Role::Untracked(_) => false,
            })
            .collect();
        written.sort_unstable_by_key(|placed| placed.spot);
        let mut shared = SmallVec::new();
        // The one seen so far that reaches furthest.
        let mut before: Option<&Placed> = None;
        for placed in written {
            match before {
                Some(earlier) if earlier.spot.overlaps(placed.spot) => {
                    if earlier.vreg != placed.vreg {
                        shared.extend([earlier.at, placed.at]);
                    }
                    if placed.spot.end() > earlier.spot.end() {
                        before = Some(placed);
                    }
                }
                Some(_) | None => before = Some(placed),
            }
        }
        shared
    }
}

fn read<'p>(operands: impl Iterator<Item = &'p Placed>, builder: &mut AfterBuilder) {
    for placed in operands {
        match placed.role {
            Role::Use(operand) => builder.action(Action::Use { operand, at: placed.at }),
            Role::Define(_) | Role::Overwrite | Role::Untracked(_) => {}
        }
    }
}

/// In operand order, in which a vreg's last def comes after its others.
fn write<'p>(operands: impl Iterator<Item = &'p Placed>, builder: &mut AfterBuilder) {
    for placed in operands {
        match placed.role {
            Role::Define(result) => builder.action(Action::Define { result, at: placed.at }),
            Role::Overwrite => builder.action(Action::Clobber { at: placed.at }),
            Role::Use(_) | Role::Untracked(_) => {}
        }
    }
}

fn overwrite<'p>(operands: impl Iterator<Item = &'p Placed>, builder: &mut AfterBuilder) {
    for placed in operands {
        match placed.role {
            Role::Define(_) | Role::Overwrite => {
                builder.action(Action::Clobber { at: placed.at });
            }
            Role::Use(_) | Role::Untracked(_) => {}
        }
    }
}

fn clobber(places: &[Location], builder: &mut AfterBuilder) {
    for &at in places {
        builder.action(Action::Clobber { at });
    }
}
