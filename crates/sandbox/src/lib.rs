//! Files.com and Boomi MFT on loopback: an independent, stateful witness for tests and trials.
