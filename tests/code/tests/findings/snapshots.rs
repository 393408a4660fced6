//! What a user reads of each finding.

use stackmap_code::{CodeReport, StackMap};
use stackmap_report::{Render, Run, Summary, human, json, short};
use stackmap_verifier::findings::Code;

use crate::copies;
use crate::instructions::Lowered;
use crate::subject::Subject;

/// The reports on the function of the fixture with a fault, one for each code.
fn reports() -> [(Code, CodeReport); 8] {
    let subject = Subject::calls();
    let addresses = subject.addresses();
    let missing = subject.with(|emitted| drop(emitted.maps.remove(0)));
    let stray = subject.with(|emitted| {
        let entries = vec![emitted.maps[0].entries[1]];
        let return_address = addresses[1];
        emitted.maps.push(StackMap { return_address, frame_size: None, entries });
    });
    let wrong = subject.with(|emitted| emitted.maps[0].entries[0].offset += 32);
    let handler = subject.with(|emitted| {
        let tables = emitted.handlers.as_mut().expect("they are recorded");
        tables[0].handlers.remove(0);
    });
    let (folded, pops) = (Lowered::of("folded"), Lowered::of("pops"));
    let access = folded.with(&folded.lost_store());
    let foreign = folded.with(&folded.saved_over_slot());
    let copy = copies::Subject::of("uses").using("return v4", 4, 0);
    let moved = pops.with(&pops.lost_pop());
    [
        (Code::MissingMap, missing),
        (Code::StrayMap, stray),
        (Code::WrongMapEntry, wrong),
        (Code::MissingAccess, access),
        (Code::ForeignAccess, foreign),
        (Code::StaleCopy, copy),
        (Code::WrongHandler, handler),
        (Code::MovedFrame, moved),
    ]
}

fn rendered(report: &CodeReport, mut renderer: Box<dyn Render>) -> String {
    let result = report.result();
    let mut summary = Summary { inputs: 1, ..Summary::default() };
    summary.count(&result);
    let mut text = Vec::new();
    let record = result.print(usize::MAX).fingerprinted("x86_64");
    assert_eq!(record.contradiction(), None);
    renderer.function(&mut text, &record).expect("it can be written to");
    renderer.summary(&mut text, &summary).expect("it can be written to");
    String::from_utf8(text).expect("UTF-8")
}

#[test]
fn of_each_code() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../../../snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let reports = reports();
    let codes: Vec<Code> = reports.iter().map(|(code, _)| *code).collect();
    let all = Code::ALL.iter().copied().filter(|code| code.is_of_machine_code());
    assert_eq!(codes, all.collect::<Vec<_>>());
    for (code, report) in reports {
        assert_eq!(report.findings.iter().map(|f| f.code).collect::<Vec<_>>(), [code]);
        let run = Run::new([""].into_iter(), String::new());
        let formats = [("human", human(false)), ("short", short()), ("json", json(run))];
        for (format, renderer) in formats {
            let name = format!("{code}_{}.{format}", code.name());
            let text = rendered(&report, renderer);
            settings.bind(|| insta::assert_snapshot!(name, text));
        }
    }
}
