//! What a user reads of each finding.

use stackmap_code::{CodeReport, MapEntry, StackMap};
use stackmap_report::{Render, Run, Summary, human, json, short};
use stackmap_verifier::findings::Code;

use crate::subject::Subject;

/// The report on the function of the fixture with a fault for which this is reported.
fn report(code: Code) -> CodeReport {
    let subject = Subject::calls();
    let addresses = subject.addresses();
    subject.with(|emitted| match code {
        Code::MissingMap => drop(emitted.maps.remove(0)),
        Code::StrayMap => {
            let entries = vec![MapEntry { ..emitted.maps[0].entries[1] }];
            let return_address = addresses[1];
            emitted.maps.push(StackMap { return_address, frame_size: None, entries });
        }
        Code::WrongMapEntry => emitted.maps[0].entries[0].offset += 32,
        Code::WrongHandler => {
            let tables = emitted.handlers.as_mut().expect("they are recorded");
            tables[0].handlers.remove(0);
        }
        other => panic!("{other} is not about machine code"),
    })
}

fn rendered(report: &CodeReport, mut renderer: Box<dyn Render>) -> String {
    let result = report.result();
    let mut summary = Summary { inputs: 1, ..Summary::default() };
    summary.count(&result);
    let mut text = Vec::new();
    let record = result.print(usize::MAX);
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
    let codes = Code::ALL.iter().filter(|code| code.is_of_machine_code());
    for &code in codes {
        let report = report(code);
        let run = Run::new([""].into_iter(), String::new());
        let formats = [("human", human(false)), ("short", short()), ("json", json(run))];
        for (format, renderer) in formats {
            let name = format!("{code}_{}.{format}", code.name());
            let text = rendered(&report, renderer);
            settings.bind(|| insta::assert_snapshot!(name, text));
        }
    }
}
