//! The formats by name.

use super::adapters::{InInput, Visible};
use super::github::Github;
use super::human::Human;
use super::json::Json;
use super::junit::Junit;
use super::renderer::Render;
use super::sarif::Sarif;
use super::short::Short;
use crate::run::Run;

/// Findings with the lines they are about, in the manner of rustc; without the texts,
/// what is said of each place, by its line.
pub fn human(color: bool) -> Box<dyn Render> {
    Box::new(Visible(Human::new(color)))
}

/// One line for each finding.
pub fn short() -> Box<dyn Render> {
    Box::new(InInput(Visible(Short)))
}

/// JSON Lines: one object for each function, and one for the sums, which are those of
/// `run` or of a slice of it.
pub fn json(run: Run) -> Box<dyn Render> {
    Box::new(InInput(Json::new(run)))
}

/// A SARIF 2.1.0 document, for code scanning.
pub fn sarif() -> Box<dyn Render> {
    Box::new(InInput(Sarif::default()))
}

/// A JUnit document: a suite for each input, a test case for each function, which fails
/// for a warning if those are denied.
pub fn junit(deny_warnings: bool) -> Box<dyn Render> {
    Box::new(InInput(Visible(Junit::new(deny_warnings))))
}

/// Annotations, for the log of a GitHub workflow.
pub fn github() -> Box<dyn Render> {
    Box::new(InInput(Visible(Github)))
}
