//! What Files.com and Boomi MFT say: typed wire documents, no network.
