//! Each finding fires, and what is almost the same is no finding.

use cranelift_codegen::ir::{ExceptionTag, types};
use stackmap_code::{Handler, Handlers, MapEntry, StackMap};
use stackmap_verifier::findings::Code;

use crate::subject::Subject;

const NONE: [Code; 0] = [];

/// A change of exception tables.
type Change<'c> = &'c dyn Fn(&mut Vec<Handlers>);

fn map(return_address: u32, entries: &[MapEntry]) -> StackMap {
    StackMap { return_address, frame_size: None, entries: entries.to_vec() }
}

#[test]
fn a_map_that_is_lost_is_missing() {
    let subject = Subject::calls();
    assert_eq!(subject.codes(|emitted| drop(emitted.maps.remove(0))), [Code::MissingMap]);
    let emptied = subject.codes(|emitted| emitted.maps[0].entries.clear());
    assert_eq!(emptied, [Code::MissingMap]);
    let all = subject.codes(|emitted| emitted.maps.clear());
    assert_eq!(all, [Code::MissingMap, Code::MissingMap]);
    // The order does not matter.
    assert_eq!(subject.codes(|emitted| emitted.maps.reverse()), NONE);
}

/// One fault, one finding.
#[test]
fn a_map_that_was_moved_is_missing_and_the_finding_says_where_it_is() {
    let subject = Subject::calls();
    let [first, second, _] = subject.addresses()[..] else { panic!("three calls") };
    for to in [first + 1, first - 1, second, 100_000] {
        let report = subject.with(|emitted| emitted.maps[0].return_address = to);
        let [finding] = &report.findings[..] else { panic!("{:?}", report.findings) };
        assert_eq!(finding.code, Code::MissingMap);
        assert!(finding.notes[0].text.contains(&format!("{to:#x}")), "{finding:?}");
    }
}

#[test]
fn a_map_where_none_should_be_is_stray() {
    let subject = Subject::calls();
    let addresses = subject.addresses();
    let entries = [MapEntry { offset: 0, r#type: Some(types::I64) }];
    // At a call without entries, at no call, and outside of the code.
    for at in [addresses[1], addresses[0] + 1, 0, 100_000] {
        let codes = subject.codes(|emitted| emitted.maps.push(map(at, &entries)));
        assert_eq!(codes, [Code::StrayMap], "{at:#x}");
        assert_eq!(subject.codes(|emitted| emitted.maps.push(map(at, &[]))), NONE, "{at:#x}");
    }
}

#[test]
fn a_second_map_is_stray_wherever_it_is_listed() {
    let subject = Subject::calls();
    let entries = [MapEntry { offset: 0, r#type: Some(types::I64) }];
    let second = map(subject.addresses()[0], &entries);
    let codes = subject.codes(|emitted| emitted.maps.push(second.clone()));
    assert_eq!(codes, [Code::StrayMap]);
    let codes = subject.codes(|emitted| emitted.maps.insert(0, second));
    assert_eq!(codes, [Code::StrayMap]);
}

#[test]
fn an_entry_that_is_not_that_of_its_slot_is_wrong() {
    let subject = Subject::calls();
    let wrong = |change: fn(&mut StackMap)| subject.codes(|emitted| change(&mut emitted.maps[0]));
    let changes: [fn(&mut StackMap); 7] = [
        |map| map.entries[0].offset += 4,
        |map| map.entries[1].offset += 800,
        |map| map.entries[0].r#type = Some(types::I32),
        |map| map.entries.truncate(1),
        |map| map.entries.push(MapEntry { offset: 4096, r#type: Some(types::I64) }),
        |map| map.entries.push(MapEntry { r#type: Some(types::I32), ..map.entries[0] }),
        |map| map.frame_size = map.frame_size.map(|size| size + 16),
    ];
    for change in changes {
        assert_eq!(wrong(change), [Code::WrongMapEntry]);
    }
    let same: [fn(&mut StackMap); 4] = [
        |map| map.entries.reverse(),
        |map| map.entries.push(map.entries[0]),
        |map| map.entries.iter_mut().for_each(|entry| entry.r#type = None),
        |map| map.frame_size = None,
    ];
    for change in same {
        assert_eq!(wrong(change), NONE);
    }
}

/// Two maps that list the same have another address if they are exchanged, and mean the same.
#[test]
fn maps_that_are_exchanged_are_wrong_unless_they_list_the_same() {
    let exchanged = |subject: &Subject| {
        subject.codes(|emitted| {
            let [a, .., b] = &mut emitted.maps[..] else { panic!("two maps") };
            std::mem::swap(&mut a.return_address, &mut b.return_address);
        })
    };
    assert_eq!(exchanged(&Subject::calls()), [Code::WrongMapEntry; 2]);
    assert_eq!(exchanged(&Subject::of("same.clif", "x86_64")), NONE);
}

#[test]
fn handlers_that_are_not_those_of_the_call_are_wrong() {
    let subject = Subject::calls();
    let first = subject.addresses()[0];
    let wrong = |change: Change<'_>| {
        subject.codes(|emitted| change(emitted.handlers.as_mut().expect("they are recorded")))
    };
    let changes: [Change<'_>; 8] = [
        &|tables| tables.clear(),
        &|tables| tables[0].handlers.clear(),
        &|tables| tables[0].handlers.truncate(1),
        &|tables| tables[0].handlers.reverse(),
        &|tables| tables[0].handlers[0].target += 1,
        &|tables| tables[0].handlers[0].tag = Some(ExceptionTag::from_u32(7)),
        &|tables| tables[0].frame_size = Some(1),
        &|tables| tables.push(tables[0].clone()),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        assert_eq!(wrong(change), [Code::WrongHandler], "change {number}");
    }
    // One fault, one finding.
    for at in [first, 100_000] {
        let moved = wrong(&|tables| tables[0].return_address = at);
        assert_eq!(moved, [Code::WrongHandler], "{at:#x}");
        let added = wrong(&|tables| {
            tables.insert(0, Handlers { return_address: at, ..tables[0].clone() });
        });
        assert_eq!(added, [Code::WrongHandler], "{at:#x}");
    }
    let same: [Change<'_>; 3] = [
        &|tables| tables[0].frame_size = None,
        &|tables| {
            let handlers = Vec::new();
            tables.push(Handlers { return_address: first, frame_size: None, handlers });
        },
        &|tables| tables.reverse(),
    ];
    for change in same {
        assert_eq!(wrong(change), NONE);
    }
    // Whoever records no handlers has none to be checked.
    assert_eq!(subject.codes(|emitted| emitted.handlers = None), NONE);
}

#[test]
fn handlers_of_a_function_without_references_are_compared() {
    let subject = Subject::of("handlers.clif", "x86_64");
    assert_eq!(subject.emitted().maps, []);
    let codes = subject.codes(|emitted| {
        let tables = emitted.handlers.as_mut().expect("they are recorded");
        tables[0].handlers.reverse();
    });
    assert_eq!(codes, [Code::WrongHandler]);
}

#[test]
fn a_context_is_part_of_a_handler() {
    let subject = Subject::of("context.clif", "x86_64");
    let codes = subject.codes(|emitted| {
        let tables = emitted.handlers.as_mut().expect("they are recorded");
        tables[0].handlers[0].context = None;
    });
    assert_eq!(codes, [Code::WrongHandler]);
}

/// A call that is no call of the CLIF needs no map and must have none.
#[test]
fn calls_that_the_code_generator_makes_have_no_maps() {
    let subject = Subject::with_settings(
        "generator.clif",
        "x86_64",
        &[("enable_probestack", "true"), ("probestack_strategy", "outline")],
    );
    let addresses = subject.addresses();
    assert_eq!(addresses.len(), 3, "a probe, a library call and a call");
    let report = subject.with(|_| {});
    assert!(report.is_verified());
    assert_eq!((report.stats.calls, report.stats.maps), (1, 1));
    let entries = [MapEntry { offset: 0, r#type: Some(types::I64) }];
    for &at in &addresses[..2] {
        let codes = subject.codes(|emitted| emitted.maps.push(map(at, &entries)));
        assert_eq!(codes, [Code::StrayMap], "{at:#x}");
    }
    let handlers = subject.codes(|emitted| {
        let handler = Handler { tag: None, context: None, target: 0 };
        let table = |&return_address: &u32| {
            let handlers = vec![handler];
            Handlers { return_address, frame_size: None, handlers }
        };
        emitted.handlers = Some(addresses.iter().map(table).collect());
    });
    assert_eq!(handlers, [Code::WrongHandler; 3]);
}
