//! The contract between callers and file-transfer backends: trait, nouns, errors, and an in-memory reference backend.
