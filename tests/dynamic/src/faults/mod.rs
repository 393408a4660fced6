//! Faults in machine code, executed.
//!
//! Into code that is verified, a fault is put, and the level `code` says whether it finds it. Then
//! the code is run under the moving collector, in a process of its own, since it may do anything.
//!
//! | module | what |
//! |---|---|
//! | `kind` | the kinds of faults, which are those of `tests/code` |
//! | `subject` | the code of one function, and its faults |
//! | `child` | runs the faults of one function, and says what happens |
//! | `parent` | starts children, and counts |
//! | `score`, `page` | the counts, and the part of the documentation with them |

mod child;
mod kind;
mod page;
mod parent;
mod score;
mod subject;

pub use child::child;
pub use kind::{Kind, kinds};
pub use page::page;
pub use parent::{Faults, faults};
pub use score::{Same, Score};
pub use subject::Which;
