//! Compares the emitted stack maps with the entries of the linked calls.

use std::collections::{BTreeMap, BTreeSet};

use stackmap_verifier::findings::Finding;

use crate::calls::Calls;
use crate::checked::{Checked, Linked};
use crate::emitted::{MapEntry, StackMap};
use crate::findings::sm201::missing_map;
use crate::findings::sm202::{Stray, stray_map};
use crate::findings::sm203::{Wrong, wrong_map_entry};
use crate::frame::{Frame, Place};
use crate::replay::{Owner, Replay};

/// A call whose map is missing, and what it should list.
struct Missing(Linked, Vec<Place>);

/// Returns the findings about stack maps: each call with entries has one map, which lists the
/// places of its entries, and there is no other map.
pub(crate) fn check(
    checked: &Checked<'_>,
    calls: &Calls,
    replay: &Replay,
    emitted: &[StackMap],
) -> Vec<Finding> {
    let mut maps: BTreeMap<u32, Vec<&StackMap>> = BTreeMap::new();
    for map in emitted.iter().filter(|map| !map.entries.is_empty()) {
        maps.entry(map.return_address).or_default().push(map);
    }
    let (mut findings, mut missing) = (Vec::new(), Vec::new());
    let mut strays: BTreeMap<u32, Vec<(&StackMap, Stray)>> = BTreeMap::new();
    for call in calls.list.iter().flat_map(Linked::of) {
        let places = checked.frame.places(call.instruction);
        if places.is_empty() {
            continue;
        }
        let mut here = maps.remove(&call.return_address).unwrap_or_default();
        let differs = |map: &StackMap| difference(checked.frame, &places, map);
        let best = here.iter().position(|map| differs(map).is_nothing()).unwrap_or(0);
        if here.is_empty() {
            missing.push(Missing(call, places));
            continue;
        }
        let wrong = differs(here.remove(best));
        if !wrong.is_nothing() {
            findings.push(wrong_map_entry(checked, call, &wrong));
        }
        let second = here.into_iter().map(|map| (map, Stray::Second(call)));
        strays.entry(call.return_address).or_default().extend(second);
    }
    let sites: BTreeSet<u32> = replay.code.buffer.call_sites().map(|site| site.ret_addr).collect();
    for (address, here) in maps {
        let stray = match sites.contains(&address) {
            true => stray(checked, replay, address),
            false => Stray::NoCall,
        };
        strays.insert(address, here.into_iter().map(|map| (map, stray)).collect());
    }
    findings.extend(of_missing(checked, missing, &mut strays));
    let strays = strays.into_values().flatten();
    findings.extend(strays.map(|(map, at)| stray_map(checked, map, at)));
    findings
}

/// Returns a finding for each missing map. A stray map that lists the same is one that was moved:
/// the nearest is taken from the list, so that one fault gives one finding.
///
/// Cost: linear in the entries of both, and a logarithmic factor.
fn of_missing(
    checked: &Checked<'_>,
    missing: Vec<Missing>,
    strays: &mut BTreeMap<u32, Vec<(&StackMap, Stray)>>,
) -> Vec<Finding> {
    // The addresses of stray maps by the offsets that they list.
    let mut moved: BTreeMap<Vec<u32>, BTreeSet<u32>> = BTreeMap::new();
    for (&address, here) in &*strays {
        for (map, _) in here {
            let offsets = offsets(map.entries.iter().map(|entry| entry.offset));
            moved.entry(offsets).or_default().insert(address);
        }
    }
    let mut findings = Vec::new();
    for Missing(call, places) in missing {
        let same = moved.get_mut(&offsets(places.iter().map(|place| place.offset)));
        let moved_to = same.and_then(|addresses| {
            let before = addresses.range(..call.return_address).next_back();
            let behind = addresses.range(call.return_address..).next();
            let distance = |&&address: &&u32| address.abs_diff(call.return_address);
            let nearest = *before.into_iter().chain(behind).min_by_key(distance)?;
            addresses.remove(&nearest);
            let here = strays.get_mut(&nearest)?;
            let is_same = |(map, _): &(&StackMap, Stray)| {
                difference(checked.frame, &places, map).is_nothing()
            };
            let at = here.iter().position(is_same)?;
            here.remove(at);
            Some(nearest)
        });
        findings.push(missing_map(checked, call, &places, moved_to));
    }
    findings
}

/// Returns offsets in order, each once.
fn offsets(offsets: impl Iterator<Item = u32>) -> Vec<u32> {
    offsets.collect::<BTreeSet<u32>>().into_iter().collect()
}

/// Returns where a stray map is that is at the return address of a call without entries.
fn stray(checked: &Checked<'_>, replay: &Replay, return_address: u32) -> Stray {
    match replay.owner(return_address) {
        Owner::Instruction(instruction) => {
            let block = checked.frame.function.layout.inst_block(instruction);
            Stray::WithoutEntries(Linked { return_address, instruction, block })
        }
        Owner::Generator | Owner::Unknown => Stray::OfGenerator,
    }
}

/// Returns how a map differs from the one that lists these places.
///
/// Cost: linear in both, and a logarithmic factor.
fn difference(frame: Frame<'_>, places: &[Place], map: &StackMap) -> Wrong {
    let mut wrong = Wrong {
        frame_size: map.frame_size.filter(|&size| size != frame.size()),
        ..Wrong::default()
    };
    let mut listed: BTreeMap<u32, Vec<&MapEntry>> = BTreeMap::new();
    for entry in &map.entries {
        let same = listed.entry(entry.offset).or_default();
        if !same.contains(&entry) {
            same.push(entry);
        }
    }
    for here in places.chunk_by(|a, b| a.offset == b.offset) {
        let mut unmatched = listed.remove(&here[0].offset).unwrap_or_default();
        let fits = |place: &Place, entry: &MapEntry| {
            entry.r#type.is_none_or(|r#type| r#type == place.r#type)
        };
        let is_listed = |place: &&Place| unmatched.iter().any(|entry| fits(place, entry));
        let (_, lost): (Vec<&Place>, Vec<&Place>) = here.iter().partition(is_listed);
        unmatched.retain(|entry| !here.iter().any(|place| fits(place, entry)));
        let mut unmatched = unmatched.into_iter();
        for place in lost {
            match unmatched.next() {
                Some(entry) => wrong.retyped.push((place.clone(), *entry)),
                None => wrong.missing.push(place.clone()),
            }
        }
        wrong.extra.extend(unmatched);
    }
    wrong.extra.extend(listed.into_values().flatten());
    wrong
}
