//! Tests of error bodies.
