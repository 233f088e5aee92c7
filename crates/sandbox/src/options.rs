//! How the sandbox behaves where the services leave room.

use std::time::Duration;

use crate::mft::MftOptions;

/// The choices a [`crate::Builder`] makes.
#[derive(Debug, Clone)]
pub(crate) struct Options {
    /// Entries of a listing page when the client does not say.
    pub(crate) page_size: usize,
    /// No page is larger than this, whatever the client says.
    pub(crate) page_limit: usize,
    /// Polls until a migration has ended.
    pub(crate) migration_polls: u32,
    /// Whether copies and moves of single files run as migrations too.
    pub(crate) all_actions_pending: bool,
    /// Looks at a new file until its checksums appear.
    pub(crate) late_checksums: u32,
    /// Whether checksums appear at all.
    pub(crate) checksums: bool,
    /// Whether MD5 is one of them.
    pub(crate) md5: bool,
    /// The size suggested for parts; without it, as the service suggests it: growing from 5 MiB.
    pub(crate) part_size: Option<u64>,
    /// Whether download identities are given.
    pub(crate) download_identity: bool,
    /// Whether the interface compresses longer answers for clients that accept it.
    pub(crate) gzip: bool,
    /// Whether errors are told as the service told them years ago.
    pub(crate) older_errors: bool,
    /// Whether part addresses allow parallel use.
    pub(crate) parallel_parts: bool,
    /// Whether storage refuses requests that bring credentials.
    pub(crate) strict_storage: bool,
    /// Whether parents are made even when not asked for.
    pub(crate) always_create_parents: bool,
    /// Whether the sample tree is there at the start.
    pub(crate) seed_tree: bool,
    /// How long each request is on its way.
    pub(crate) latency: Duration,
    /// Where numbers and texts made up come from.
    pub(crate) seed: u64,
    /// The choices of the Boomi MFT face.
    pub(crate) mft: MftOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            page_size: 1000,
            page_limit: 10_000,
            migration_polls: 2,
            all_actions_pending: false,
            late_checksums: 0,
            checksums: true,
            md5: true,
            part_size: None,
            download_identity: true,
            gzip: true,
            older_errors: false,
            parallel_parts: true,
            strict_storage: true,
            always_create_parents: false,
            seed_tree: true,
            latency: Duration::ZERO,
            seed: 1,
            mft: MftOptions::default(),
        }
    }
}
