//! Nothing: a package of tests.
