//! This machine's file system as a wharf backend.
