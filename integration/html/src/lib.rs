//! A report in one HTML file, to be read without a network and without scripts.
//!
//! For each function with findings the report shows the findings, the source lines they are about,
//! the control-flow graph with the witness path, and the **slot timeline**: a row for each stack
//! slot, program points across, and a bar for the content of the slot.
//!
//! Results arrive one by one as a [`Record`](stackmap_report::Record); [`Report`] writes each out
//! and discards it, so that a report needs memory for its largest function only, and for the names
//! of its inputs. [`pictures`] draws the findings of a pair, while the pair is available. The bytes
//! of the report depend only on the results.
//!
//! All external strings are passed to the templates as text, which escape them. The file does not
//! refer to anything outside of itself.

mod about;
mod contents;
mod drawing;
mod explore;
mod page;
mod report;
mod shown;
mod svg;

pub use about::About;
pub use drawing::{Picture, View, pictures, view, view_alone};
pub use explore::Exploration;
pub use report::{Report, Spool};
