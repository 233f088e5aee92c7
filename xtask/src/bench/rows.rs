//! The rows: what is measured, one function each.

mod calls;
mod download;
mod instructions;
mod listing;
mod memory;
mod million;
mod small_files;
mod start;
mod sync;
mod upload;
mod walk;

use super::report::Report;
use super::workbench::Bench;
use crate::outcome::Failure;

/// A row of the document.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) run: fn(&mut Bench) -> Result<Report, Failure>,
}

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "download",
        title: "Download of 1 GiB to nowhere, plain HTTP",
        run: download::to_nowhere,
    },
    Row {
        name: "download-disk",
        title: "Download of 1 GiB to disk, CRC-32 verified",
        run: download::to_disk,
    },
    Row {
        name: "download-tls",
        title: "Download of 1 GiB to nowhere by TLS",
        run: download::by_tls,
    },
    Row {
        name: "upload",
        title: "Upload of 1 GiB in parts of 8 MiB, CRC-32 on",
        run: upload::plain,
    },
    Row { name: "upload-tls", title: "Upload of 1 GiB by TLS", run: upload::by_tls },
    Row { name: "memory", title: "Memory of 8 GiB, each way", run: memory::run },
    Row { name: "small-files", title: "Upload of 500 files of 4 KiB", run: small_files::run },
    Row {
        name: "list",
        title: "Listing of 100,000 entries, 1,000 a page",
        run: listing::of_filescom,
    },
    Row {
        name: "mft-listing",
        title: "Boomi MFT listing of 1,100,000 entries",
        run: listing::of_mft,
    },
    Row { name: "gzip", title: "A listing page with and without gzip", run: listing::compressed },
    Row { name: "walk", title: "Walk of 10,000 folders", run: walk::run },
    Row { name: "start", title: "Start of the program and one listing", run: start::run },
    Row { name: "sync", title: "Sync of two equal trees of 100,000 files", run: sync::run },
    Row {
        name: "sync-million",
        title: "Comparison of two equal trees of 1,000,000 files",
        run: million::run,
    },
    Row { name: "calls", title: "Small calls, 32 at a time", run: calls::run },
    Row {
        name: "instructions",
        title: "Instructions of a parse and of a call, counted",
        run: instructions::run,
    },
    Row { name: "dates", title: "Dates, each by itself", run: instructions::dates },
];
