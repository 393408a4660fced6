//! The command as users run it, and its output.

mod after_only;
mod bad_input;
mod baseline;
mod cases;
mod directories;
mod explain;
mod explore;
mod findings;
mod formats;
mod historical;
mod hostile;
mod html;
mod logs;
mod merge;
mod mutated;
mod options;
mod output;
mod page;
mod pairs;
mod partition;
mod reduce;
mod snapshot;
mod temporary;
mod wasm;
