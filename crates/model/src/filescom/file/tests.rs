//! Tests of the file entity.
