//! The promise of a wharf backend, executable: one suite for every backend.
