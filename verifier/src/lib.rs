//! Proves that GC stack maps, and the spills and reloads around them, are right.

pub mod model;
