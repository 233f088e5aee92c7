//! Each verdict is given when it is earned, and only then.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use wharf_connector::{Capabilities, ErrorKind};
use wharf_transfer::{Algorithm, CopyFile, Evidence, Method, Verdict, Verify};

use crate::twisted::{Counted, Twisted, carry, crc, file, moment, path, source};

fn verified(algorithm: Algorithm, evidence: Evidence) -> Verdict {
    // The fields are public; the enum alone cannot be named in full from outside.
    let text = format!(
        r#"{{"verdict":"verified","algorithm":"{algorithm}","evidence":"{}"}}"#,
        evidence.as_str().replace(' ', "_")
    );
    serde_json::from_str(&text).unwrap()
}

#[tokio::test]
async fn without_checksums_the_size_is_all_there_is() {
    let (from, to) = (Arc::new(source()), Arc::new(Twisted::new()));
    let receipt = carry(&from, &to, CopyFile::new()).await.unwrap();
    assert_eq!(receipt.verdict, Verdict::SizeOnly);
    assert_eq!(to.held("/to.bin").unwrap(), file());
    assert_eq!((receipt.bytes, receipt.checksums.crc32), (10_500, Some(crc())));
    assert_eq!((receipt.method, receipt.tries), (Method::Streamed, 1));
    assert_eq!((receipt.from.path, receipt.to.path), (path("/from.bin"), path("/to.bin")));
    assert_eq!(
        (receipt.from.state.modified, receipt.to.state.modified),
        (Some(moment()), Some(moment()))
    );
    assert!(receipt.started <= receipt.finished);
}

#[tokio::test]
async fn a_reported_checksum_that_agrees_is_a_proof() {
    for verify in [Verify::WhenPossible, Verify::Required] {
        let (from, to) = (Arc::new(source()), Arc::new(Twisted::new().summing()));
        let receipt = carry(&from, &to, CopyFile::new().with_verify(verify)).await.unwrap();
        assert_eq!(receipt.verdict, verified(Algorithm::Crc32, Evidence::Reported), "{verify:?}");
        assert_eq!(receipt.to.state.checksums.crc32, Some(crc()));
    }
}

#[tokio::test]
async fn two_services_that_agree_are_a_proof_too() {
    let md5 = [7; 16];
    let claim = move |mut entry: wharf_connector::Entry| {
        entry.checksums.md5 = Some(md5);
        entry
    };
    let to = Arc::new(Twisted::new().with(Capabilities::CHECKSUMS).on_entry(claim));
    let from = Arc::new(source().on_entry(claim));
    let receipt = carry(&from, &to, CopyFile::new()).await.unwrap();
    assert_eq!(receipt.verdict, verified(Algorithm::Md5, Evidence::Reported));
    let told = to.seen.options.lock().unwrap().clone().unwrap();
    assert_eq!(told.expected.md5, Some(md5), "the destination is told what to expect");
}

#[tokio::test]
async fn a_destination_that_tells_nothing_is_unverifiable() {
    let silent = Twisted::new().on_entry(|mut entry| {
        entry.size = None;
        entry
    });
    let receipt = carry(&Arc::new(source()), &Arc::new(silent), CopyFile::new()).await.unwrap();
    assert_eq!(receipt.verdict, Verdict::Unverifiable);
}

#[tokio::test]
async fn reading_back_is_a_proof() {
    let (from, to) = (Arc::new(source()), Arc::new(Twisted::new()));
    let counted = Counted::default();
    let receipt = wharf_transfer::copy_file(
        &wharf_transfer::Place::new(from, path("/from.bin")),
        &wharf_transfer::Place::new(to, path("/to.bin")),
        &CopyFile::new().with_verify(Verify::ReadBack),
        &counted,
    )
    .await
    .unwrap();
    assert_eq!(receipt.verdict, verified(Algorithm::Crc32, Evidence::ReadBack));
    assert_eq!(counted.numbers(), (10_500, 0, 10_500));
}

#[tokio::test]
async fn what_cannot_be_proved_is_refused_before_the_first_byte() {
    let (from, to) = (Arc::new(source()), Arc::new(Twisted::new()));
    let options = CopyFile::new().with_verify(Verify::Required);
    let error = carry(&from, &to, options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(from.seen.reads.load(Ordering::Relaxed), 0);
    assert_eq!(to.seen.writes.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_required_checksum_that_does_not_come_is_pending() {
    let to = Arc::new(Twisted::new().with(Capabilities::CHECKSUMS));
    let options = CopyFile::new().with_verify(Verify::Required);
    let error = carry(&Arc::new(source()), &to, options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pending, "{error}");
    assert_eq!(to.held("/to.bin").unwrap(), file(), "nothing is known to be wrong with it");
    assert!(to.seen.options.lock().unwrap().as_ref().unwrap().verify);
}

#[tokio::test]
async fn only_who_computes_on_his_own_is_asked_for_a_checksum() {
    for (host, verify, asked) in [
        (None, Verify::WhenPossible, false),
        (Some("far.example"), Verify::WhenPossible, true),
        (None, Verify::Required, true),
        (Some("far.example"), Verify::ReadBack, false),
    ] {
        let at =
            |info: wharf_connector::Info| host.map_or(info.clone(), |host| info.with_host(host));
        let to = Arc::new(Twisted::new().info(at).summing());
        carry(&Arc::new(source()), &to, CopyFile::new().with_verify(verify)).await.unwrap();
        let told = to.seen.options.lock().unwrap().clone().unwrap();
        assert_eq!(told.verify, asked, "{host:?} {verify:?}");
    }
}

#[tokio::test]
async fn md5_is_a_proof_when_it_is_asked_for() {
    let md5 = [
        0x90, 0x01, 0x50, 0x98, 0x3c, 0xd2, 0x4f, 0xb0, 0xd6, 0x96, 0x3f, 0x7d, 0x28, 0xe1, 0x7f,
        0x72,
    ];
    for (wanted, want) in
        [(true, verified(Algorithm::Md5, Evidence::Reported)), (false, Verdict::SizeOnly)]
    {
        let from = Arc::new(Twisted::new().put("/from.bin", "abc"));
        let to = Twisted::new().with(Capabilities::CHECKSUMS).on_entry(move |mut entry| {
            entry.checksums.md5 = Some(md5);
            entry
        });
        let receipt = carry(&from, &Arc::new(to), CopyFile::new().with_md5(wanted)).await.unwrap();
        assert_eq!(receipt.verdict, want);
        assert_eq!(receipt.checksums.md5, wanted.then_some(md5));
    }
}

#[tokio::test]
async fn a_receipt_comes_back_from_its_line() {
    let (from, to) = (Arc::new(source()), Arc::new(Twisted::new().summing()));
    let receipt = carry(&from, &to, CopyFile::new()).await.unwrap();
    let line = serde_json::to_string(&receipt).unwrap();
    let document: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(document["verdict"], "verified");
    assert_eq!(document["evidence"], "reported");
    assert_eq!(document["method"], "streamed");
    assert_eq!(document["to"]["path"], "/to.bin");
    assert_eq!(document["checksums"]["crc32"], format!("{:08x}", crc()));
    assert_eq!(serde_json::from_str::<wharf_transfer::Receipt>(&line).unwrap(), receipt);
}

#[tokio::test]
async fn what_only_we_summed_up_is_no_proof() {
    let far = |info: wharf_connector::Info| info.with_host("far.example");
    let here = || Arc::new(Twisted::new().summing());
    let silent = Arc::new(source().info(far));
    let receipt = carry(&silent, &here(), CopyFile::new()).await.unwrap();
    assert_eq!(receipt.verdict, Verdict::SizeOnly);

    let to = here();
    let required = CopyFile::new().with_verify(Verify::Required);
    let error = carry(&silent, &to, required).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported, "{error}");
    assert_eq!(to.seen.writes.load(Ordering::Relaxed), 0);

    let telling = Arc::new(source().info(far).summing());
    let receipt = carry(&telling, &here(), CopyFile::new()).await.unwrap();
    assert!(receipt.verdict.is_verified());
}
