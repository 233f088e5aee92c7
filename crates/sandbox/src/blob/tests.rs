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

#[tokio::test]
async fn content_in_a_folder_is_found_again_as_long_as_it_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let folder = Arc::new(Folder::open(dir.path()).unwrap());
    let store = Store::in_folder(folder.clone());
    let (short, long) = (sample(1000), sample(700_000));
    let (one, two) = (written(&store, &short, 300).await, written(&store, &long, 60_000).await);
    let kept = store.keep(Blob::from(Bytes::from(long.clone())));
    let whole = Blob::concat([&one, &two, &kept]);
    let flipped = whole.flipped(1500).await.unwrap();
    let files = std::fs::read_dir(dir.path()).unwrap().count();
    assert_eq!(files, 2, "each long content has one file, the short one has none");

    let texts =
        [&one, &two, &kept, &whole, &flipped].map(|blob| serde_json::to_string(blob).unwrap());
    let mut adoption = Adoption::new(folder.clone());
    for (text, blob) in texts.iter().zip([&one, &two, &kept, &whole, &flipped]) {
        let mut read: Blob = serde_json::from_str(text).unwrap();
        adoption.adopt(&mut read).unwrap();
        assert_eq!((read.crc32(), read.md5()), (blob.crc32(), blob.md5()));
        assert_eq!(read.bytes().await.unwrap(), blob.bytes().await.unwrap());
    }
    drop((one, two, kept, whole, flipped, adoption));
    let left = folder.take_left();
    folder.remove(&left);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    let mut gone: Blob = serde_json::from_str(&texts[1]).unwrap();
    assert!(Adoption::new(folder).adopt(&mut gone).is_err());
}

#[test]
fn content_described_wrongly_is_refused() {
    for text in [
        r#"{"len":3,"crc32":0,"md5":null,"pieces":[]}"#,
        r#"{"len":3,"crc32":0,"md5":"AA==","pieces":[{"base64":"YWJj"}]}"#,
        r#"{"len":3,"crc32":0,"md5":null,"pieces":[{"file":"../x","from":0,"to":3}]}"#,
        r#"{"len":0,"crc32":0,"md5":null,"pieces":[{"file":"0000000000000001.blob","from":3,"to":3}]}"#,
        r#"{"len":3,"crc32":0,"md5":null,"pieces":[{"base64":"***"}]}"#,
    ] {
        assert!(serde_json::from_str::<Blob>(text).is_err(), "{text}");
    }
}
