//! Downloads cut anywhere, the footer included.

use wharf_connector::ConnectorExt;
use wharf_sandbox::{Fault, Route};

use crate::bench::{Bench, path, pattern};

/// Where to cut the answer: anywhere, and some places in and beside the footer.
fn cuts(random: &mut fastrand::Rng) -> Vec<usize> {
    let anywhere = (0..14).map(|_| random.usize(0..SIZE));
    let anywhere: Vec<_> = anywhere.collect();
    let footer = (0..3).map(|_| random.usize(SIZE..SIZE + FOOTER));
    anywhere.into_iter().chain(footer).chain([SIZE - 1, SIZE, SIZE + FOOTER - 1]).collect()
}

#[tokio::test]
async fn a_download_cut_at_any_of_twenty_places_is_whole() {
    let seed = fastrand::u64(..);
    let mut random = fastrand::Rng::with_seed(seed);
    let bytes = pattern(SIZE);
    for footer_header in [true, false] {
        let bench = Bench::new().await;
        bench.sandbox.mft().configure(|options| options.footer_header = footer_header);
        bench.sandbox.mft().put("FOLDERS/COMMON/cut.bin", bytes.clone()).unwrap();
        let places = cuts(&mut random);
        assert_eq!(places.len(), 20);
        for at in places {
            for fault in [Fault::CutAfter(at as u64), Fault::ResetAfter(at as u64)] {
                bench.sandbox.seen().clear();
                bench.sandbox.faults().next(Route::MftDownload, fault.clone());
                let read = bench.mft.read_bytes(&path("/COMMON/cut.bin"), 1 << 20).await;
                let read = read.unwrap_or_else(|error| panic!("seed {seed}, {fault:?}: {error}"));
                assert!(read == bytes, "seed {seed}, {fault:?}");
                // A reset may take with it what came before.
                if matches!(fault, Fault::CutAfter(_)) {
                    let asked = if at < SIZE { 2 } else { 1 };
                    let count = bench.count(Route::MftDownload);
                    assert_eq!(count, asked, "seed {seed}, {fault:?}: the footer is not missed");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_download_cut_twenty_times_on_its_way_is_whole() {
    let seed = fastrand::u64(..);
    let mut random = fastrand::Rng::with_seed(seed);
    let bench = Bench::new().await;
    let size = 21 * 200_000;
    let bytes = pattern(size);
    bench.sandbox.mft().put("FOLDERS/COMMON/cut.bin", bytes.clone()).unwrap();
    for at in 0..20 {
        // The last one may fall into the footer.
        let after = if at == 19 { size as u64 } else { random.u64(70_000..200_000) };
        bench.sandbox.faults().next(Route::MftDownload, Fault::CutAfter(after));
    }
    let read = bench.mft.read_bytes(&path("/COMMON/cut.bin"), 1 << 23).await;
    let read = read.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    assert!(read == bytes, "seed {seed}");
    assert!(bench.count(Route::MftDownload) >= 20, "seed {seed}");
}

const SIZE: usize = 84_700;
const FOOTER: usize = 200;
