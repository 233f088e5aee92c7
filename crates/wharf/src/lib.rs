//! One connector for managed file transfer: Files.com and Boomi MFT behind one trait.
