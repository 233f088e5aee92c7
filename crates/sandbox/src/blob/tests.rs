//! Content of every kind reads back as it was written.

use super::*;

async fn written(store: &Store, bytes: &[u8], chunk: usize) -> Blob {
    let mut writer = BlobWriter::new(store);
    for chunk in bytes.chunks(chunk) {
        writer.append(Bytes::copy_from_slice(chunk)).await.unwrap();
    }
    writer.finish().await.unwrap()
}

fn sample(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at * 7 + at / 251) as u8).collect()
}

#[tokio::test]
async fn content_reads_back_whole_and_in_ranges() {
    let store = Store::default();
    for len in [0, 1, 1000, 256 * 1024, 256 * 1024 + 1, 1_000_000] {
        let bytes = sample(len);
        let blob = written(&store, &bytes, 60_000).await;
        assert_eq!(blob.len(), len as u64);
        assert_eq!(blob.bytes().await.unwrap(), bytes, "{len} bytes");
        assert_eq!(blob.crc32(), crc32fast::hash(&bytes));
        let md5: [u8; 16] = Md5::digest(&bytes).into();
        assert_eq!(blob.md5(), Some(md5));
        let (from, to) = (len / 3, len / 3 + len / 2);
        let part: Vec<Bytes> = blob.read(from as u64..to as u64).try_collect().await.unwrap();
        assert_eq!(part.concat(), bytes[from..to], "{len} bytes, {from}..{to}");
    }
}

#[tokio::test]
async fn large_content_of_interleaved_writers_stays_apart() {
    let store = Store::default();
    let (left, right) = (sample(700_000), sample(900_000));
    let (one, two) = tokio::join!(written(&store, &left, 10_000), written(&store, &right, 30_000));
    assert_eq!(one.bytes().await.unwrap(), left);
    assert_eq!(two.bytes().await.unwrap(), right);
}

#[tokio::test]
async fn parts_become_one_content() {
    let store = Store::default();
    let bytes = sample(900_001);
    let mut parts = Vec::new();
    for part in bytes.chunks(300_000) {
        parts.push(written(&store, part, 100_000).await);
    }
    let whole = Blob::concat(&parts);
    assert_eq!(whole.crc32(), crc32fast::hash(&bytes));
    assert_eq!(whole.md5(), None);
    let md5: [u8; 16] = Md5::digest(&bytes).into();
    assert_eq!(whole.hash().await.unwrap(), md5);
    assert_eq!(whole.md5(), Some(md5));
    assert_eq!(whole.bytes().await.unwrap(), bytes);
    assert_eq!(Blob::concat(&[Blob::empty()]).md5(), Blob::empty().md5());
    assert_eq!(Blob::concat(&parts[..1]).md5(), parts[0].md5());
}

#[tokio::test]
async fn a_flipped_byte_leaves_the_checksums() {
    let store = Store::default();
    for len in [10, 400_000] {
        let bytes = sample(len);
        let blob = written(&store, &bytes, 100_000).await;
        let damaged = blob.flipped(7).await.unwrap();
        assert_eq!(damaged.md5(), blob.md5());
        assert_eq!(damaged.crc32(), blob.crc32());
        let mut wrong = bytes.clone();
        wrong[7] = !wrong[7];
        assert_eq!(damaged.bytes().await.unwrap(), wrong);
    }
}
