//! Random outputs are judged or rejected, without a panic.

use regalloc2::{Allocation, Edit, Inst, PReg, ProgPoint, RegClass, SpillSlot, VReg};
use stackmap_regalloc2::Root;
use stackmap_regalloc2_tests::case::{ALGORITHMS, Case, allocate};
use stackmap_regalloc2_tests::machine;
use stackmap_regalloc2_tests::program::Program;
use stackmap_regalloc2_tests::random::Random;
use stackmap_regalloc2_tests::shapes::{self, Shape, Shaped};
use stackmap_verifier::{Collector, Options, Outcome};

fn allocation(random: &mut Random) -> Allocation {
    match random.below(5) {
        0 => Allocation::none(),
        1 => Allocation::from_bits(u32::MAX),
        2 => Allocation::stack(SpillSlot::new(random.below(40))),
        3 => Allocation::reg(PReg::from_index(random.below(256))),
        _ => Allocation::reg(PReg::new(random.below(8), RegClass::Int)),
    }
}

fn root(random: &mut Random) -> Root {
    match random.below(3) {
        0 => Root::Register(PReg::from_index(random.below(256))),
        1 => Root::Stack(SpillSlot::invalid(), RegClass::Vector),
        _ => Root::Stack(SpillSlot::new(random.below(40)), RegClass::Int),
    }
}

fn disturb(case: &mut Case<'_, Program>, random: &mut Random) {
    let output = &mut case.output;
    let pick = random.below(12);
    match pick {
        0 | 1 => {
            let at = random.below(output.allocs.len());
            if let Some(place) = output.allocs.get_mut(at) {
                *place = allocation(random);
            }
        }
        2 | 3 => {
            let at = random.below(output.edits.len());
            if let Some((_, Edit::Move { from, to })) = output.edits.get_mut(at) {
                *(if random.chance(50) { from } else { to }) = allocation(random);
            }
        }
        4 => output.allocs.truncate(random.below(output.allocs.len() + 1)),
        5 => {
            let at = random.below(output.inst_alloc_offsets.len());
            if let Some(offset) = output.inst_alloc_offsets.get_mut(at) {
                *offset = random.pick(&[0, 3, u32::MAX]).unwrap_or(0);
            }
        }
        6 => output.inst_alloc_offsets.truncate(random.below(5)),
        7 => output.edits.reverse(),
        8 => {
            let point = ProgPoint::after(Inst::new(random.below(1 << 30)));
            let (from, to) = (allocation(random), allocation(random));
            output.edits.push((point, Edit::Move { from, to }));
        }
        9 => output.num_spillslots = random.pick(&[0, 1, usize::MAX]).unwrap_or(0),
        10 => {
            let at = random.below(case.safepoints.len());
            if let Some(safepoint) = case.safepoints.get_mut(at) {
                safepoint.roots.push(root(random));
            }
        }
        _ => case.references.push(VReg::new(random.below(200), RegClass::Float)),
    }
}

#[test]
fn no_output_makes_it_panic() {
    let (mut refused, mut violated, mut verified) = (0, 0, 0);
    for seed in 0..150 {
        let shape = Shape { instructions: 16, ..Shape::SMALL };
        let Shaped { program, references, safepoints, .. } = shapes::function(seed, shape);
        for algorithm in ALGORITHMS {
            let env = machine::env(false);
            let output = allocate(&program, &env, algorithm)
                .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
            let case = Case::new(&program, env, output, references.clone(), &safepoints);
            let mut random = Random::new(seed);
            for _ in 0..10 {
                let mut disturbed = case.clone();
                for _ in 0..1 + random.below(3) {
                    disturb(&mut disturbed, &mut random);
                }
                let Ok(model) = disturbed.model() else {
                    refused += 1;
                    continue;
                };
                for collector in [Collector::Moving, Collector::NonMoving] {
                    let report = model.verify(&Options { collector, ..Options::default() });
                    assert!(!model.render(&report).to_string().is_empty());
                    match report.outcome {
                        Outcome::Verified => verified += 1,
                        Outcome::Violated => violated += 1,
                        Outcome::Unsupported(_) => {}
                        Outcome::Internal(error) => panic!("seed {seed}: {error}"),
                    }
                }
            }
        }
    }
    assert!(refused > 500 && violated > 300 && verified > 100, "{refused} {violated} {verified}");
}
