//! Functions alone: what real spillers wrote, without the function before.

mod recorded;
