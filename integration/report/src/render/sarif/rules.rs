//! The codes as rules, with their explanations.

use serde_json::json;
use serde_sarif::sarif::{
    MultiformatMessageString, PropertyBag, ReportingConfiguration, ReportingDescriptor,
};
use stackmap_verifier::findings::Code;

use crate::verdict::Verdict;

/// Returns all rules. The rule of a result is the one at the index of its code in `Code::ALL`.
pub(super) fn rules() -> Vec<ReportingDescriptor> {
    Code::ALL.iter().map(|&code| rule(code)).collect()
}

/// Returns the index of a code's rule.
pub(super) fn index(code: Code) -> Option<i64> {
    let index = Code::ALL.iter().position(|&other| other == code)?;
    i64::try_from(index).ok()
}

fn rule(code: Code) -> ReportingDescriptor {
    let explanation = code.explain();
    let summary = explanation.lines().next().unwrap_or_default();
    let precision = json!("very-high");
    let properties = PropertyBag::builder()
        .tags(vec!["correctness".to_owned(), "stack-maps".to_owned()])
        .additional_properties([("precision".to_owned(), precision)])
        .build();
    ReportingDescriptor::builder()
        .id(code.code())
        .name(code.name())
        .short_description(string(summary))
        .full_description(string(summary))
        .help(MultiformatMessageString::builder().text(explanation).markdown(explanation).build())
        .default_configuration(
            ReportingConfiguration::builder().level(json!(code.severity().to_string())).build(),
        )
        .properties(properties)
        .build()
}

/// Returns the descriptors of notifications for functions and inputs without a verdict.
pub(super) fn notifications() -> Vec<ReportingDescriptor> {
    let what = [
        (Verdict::Unsupported, "A function that could not be judged"),
        (Verdict::Error, "An input that could not be read"),
    ];
    let descriptor = |(verdict, text): (Verdict, &str)| {
        ReportingDescriptor::builder().id(verdict.name()).short_description(string(text)).build()
    };
    what.into_iter().map(descriptor).collect()
}

fn string(text: &str) -> MultiformatMessageString {
    MultiformatMessageString::builder().text(text).build()
}
