//! Tests of the listing parser.
