//! Moving files between any two wharf backends, and proving that they arrived.
