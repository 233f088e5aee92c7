//! Folders with more entries than a page has, compared over real sockets.

#![cfg(feature = "filescom")]
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use wharf::connector::futures_util::StreamExt;
use wharf::transfer::{Compare, Place, Tally, compare};
use wharf::{Connector, RemotePath, Settings};
use wharf_sandbox::{Route, Sandbox};

/// The files of the folder, each on both sides.
const FILES: usize = 12_000;
/// Entries in a page of the source, and of the destination.
const PAGES: (usize, usize) = (1_000, 200);
/// So many entries one side may have told that the other has not.
const HELD: usize = 4_096;

fn account(sandbox: &Sandbox, page_size: usize) -> Arc<dyn Connector> {
    let target = sandbox.filescom_url().replacen("http:", "filescom+http:", 1);
    let settings = Settings::new()
        .with_secret("api_key", sandbox.keys().full.clone())
        .with("page_size", page_size.to_string());
    wharf::registry().open(&target, &settings).unwrap()
}

#[tokio::test]
async fn two_listings_of_one_large_folder_go_abreast() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.clock().freeze();
    for folder in ["left", "right"] {
        sandbox.filescom().put_many(folder, 0, FILES as u32, "x");
    }
    let place = |page_size, folder: &str| {
        Place::new(account(&sandbox, page_size), RemotePath::new(folder).unwrap())
    };
    let mut tally = Tally::default();
    let (from, to) = (place(PAGES.0, "/left"), place(PAGES.1, "/right"));
    let mut found = compare(&from, &to, &Compare::new());
    while let Some(difference) = found.next().await {
        tally.add(&difference);
    }
    assert_eq!((tally.same, tally.troubles), (FILES as u64, 0));

    // Who asks for a page has told all before it; of the other side one more may be on its way.
    let (mut left, mut right) = (0, 0);
    for request in sandbox.seen().of(Route::List) {
        if request.path().ends_with("/right") {
            right += 1;
            continue;
        }
        let (told, others) = (left * PAGES.0, right * PAGES.1);
        assert!(told <= others + HELD, "{told} were told of the one, {others} of the other");
        left += 1;
    }
    assert_eq!((left, right), (FILES / PAGES.0, FILES / PAGES.1));
}
