//! The formats by name.

use super::adapters::{InInput, Quiet, Visible};
use super::github::Github;
use super::human::Human;
use super::json::Json;
use super::junit::Junit;
use super::renderer::Render;
use super::sarif::Sarif;
use super::short::Short;
use crate::levels::Levels;
use crate::run::Run;

/// Returns a renderer that shows findings with source lines, in the manner of rustc; without the
/// texts, it lists the statements about each place by line.
pub fn human(color: bool) -> Box<dyn Render> {
    Box::new(Visible(Human::new(color)))
}

/// Returns a renderer that prints one line for each finding.
pub fn short() -> Box<dyn Render> {
    Box::new(InInput(Visible(Short)))
}

/// Returns a renderer for JSON Lines: one object for each function, and one for the sums, which are
/// those of `run` or of a slice of it.
pub fn json(run: Run) -> Box<dyn Render> {
    Box::new(InInput(Json::new(run)))
}

/// Returns a renderer for a SARIF 2.1.0 document, for code scanning.
pub fn sarif() -> Box<dyn Render> {
    Box::new(InInput(Sarif::default()))
}

/// Returns a renderer for a JUnit document: a suite for each input, and a test case for each
/// function, which fails for a warning that is denied.
pub fn junit(levels: Levels) -> Box<dyn Render> {
    Box::new(InInput(Visible(Junit::new(levels))))
}

/// Returns a renderer for annotations in the log of a GitHub workflow.
pub fn github() -> Box<dyn Render> {
    Box::new(InInput(Visible(Github)))
}

/// Returns a renderer that writes what another one writes of functions, and of the sums only that
/// nothing was checked.
pub fn quiet(renderer: Box<dyn Render>) -> Box<dyn Render> {
    Box::new(Quiet(renderer))
}
