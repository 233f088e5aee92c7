//! Contents cut into chunks: every byte once, whatever a content says of itself.

use std::ops::RangeInclusive;

use futures_util::{TryStreamExt, stream};
use proptest::prelude::*;

use super::*;

async fn blocks(pieces: &[usize], size: u64) -> Vec<(usize, bool)> {
    let pieces: Vec<_> = pieces.iter().map(|n| Ok(Bytes::from(vec![7; *n]))).collect();
    let budget = Budget::new(1 << 20);
    let mut blocks = Blocks::new(stream::iter(pieces).boxed(), budget.clone());
    let mut cut = Vec::new();
    loop {
        let (block, is_last, _share) = blocks.next(size).await.unwrap();
        cut.push((block.len(), is_last));
        if is_last {
            drop(_share);
            assert_eq!(budget.free(), 1 << 20, "everything was given back");
            return cut;
        }
    }
}

#[tokio::test]
async fn every_block_knows_whether_it_is_the_last() {
    for (pieces, size, want) in [
        (&[][..], 4, vec![(0, true)]),
        (&[0, 0], 4, vec![(0, true)]),
        (&[4], 4, vec![(4, true)]),
        (&[4, 0], 4, vec![(4, true)]),
        (&[5], 4, vec![(4, false), (1, true)]),
        (&[1, 1, 1], 4, vec![(3, true)]),
        (&[3, 9], 4, vec![(4, false), (4, false), (4, true)]),
    ] {
        assert_eq!(blocks(pieces, size).await, want, "{pieces:?}");
    }
}

#[tokio::test]
async fn an_ending_is_the_end() {
    for (pieces, length, fits) in [
        (&[2, 2][..], 4, true),
        (&[4, 0], 4, true),
        (&[0, 3], 4, true),
        (&[4, 1], 4, false),
        (&[5], 4, false),
    ] {
        let blocks: Vec<_> = pieces.iter().map(|n| Ok(Bytes::from(vec![7; *n]))).collect();
        let ending = ending(stream::iter(blocks).boxed(), length);
        let read: Vec<_> = ending.collect().await;
        assert_eq!(read.iter().all(Result::is_ok), fits, "{pieces:?}");
        let read: usize = read.iter().flatten().map(Bytes::len).sum();
        assert!(fits || (read as u64) < length, "the last block is held back: {pieces:?}");
    }
}

#[tokio::test]
async fn an_error_of_the_content_comes_back_as_it_was() {
    let failure = Failure::default();
    let broken = stream::iter([Err(io::Error::other("planned"))]).boxed();
    let mut watched = failure.watch(broken);
    assert!(!watched.next().await.unwrap().unwrap_err().to_string().contains("planned"));
    assert_eq!(failure.take().unwrap().to_string(), "planned");
    assert!(failure.take().is_none());
}

/// A content of these bytes in pieces of this length, which calls itself `told` bytes long.
fn content(bytes: &Bytes, piece: usize, told: Option<u64>, again: bool) -> Content {
    let pieces = move |bytes: Bytes| {
        let pieces = (0..bytes.len()).step_by(piece);
        let pieces = pieces.map(move |at| Ok(bytes.slice(at..bytes.len().min(at + piece))));
        stream::iter(pieces.collect::<Vec<io::Result<Bytes>>>()).boxed()
    };
    if !again {
        return Content::stream(pieces(bytes.clone()), told);
    }
    let bytes = bytes.clone();
    // Not cut at its end, as a file that has grown is not.
    Content::reopenable(
        move |offset| {
            let from = bytes.len().min(usize::try_from(offset).unwrap());
            let stream = pieces(bytes.slice(from..));
            async move { Ok(stream) }
        },
        told,
    )
}

fn parts(content: Content, chunk: u64, budget: &Budget) -> Parts {
    let source = match (content.size(), Rereadable::of(&content)) {
        (Some(size), Some(content)) => Source::Windows { content, at: 0, size },
        _ => Source::Blocks(Blocks::new(content.into_stream(), budget.clone())),
    };
    Parts { source, chunk, failure: Failure::default(), sums: false }
}

/// What a server would have of it: of every chunk what arrives, the same each time it is sent.
async fn sent(mut parts: Parts, chunk: u64) -> std::result::Result<Vec<u8>, String> {
    let mut stored = Vec::new();
    loop {
        let part = parts.next().await.map_err(|error| error.to_string())?;
        let (body, known) = part.split();
        let again = body.replay();
        let bytes = arrived(body).await?;
        if let Some(again) = again {
            assert_eq!(arrived(again).await?, bytes);
        }
        assert!(bytes.len() as u64 <= known.length());
        if bytes.len() as u64 != known.length() {
            return Err("shorter than announced".to_owned());
        }
        let allowed: RangeInclusive<u64> = match known.is_last {
            true => 0..=chunk,
            false => chunk..=chunk,
        };
        assert!(allowed.contains(&known.length()), "{} of {chunk}", known.length());
        stored.extend(bytes);
        if known.is_last {
            assert!(known.length() > 0 || stored.is_empty(), "a chunk of nothing at the end");
            return Ok(stored);
        }
    }
}

async fn arrived(body: Body) -> std::result::Result<Vec<u8>, String> {
    let blocks: Vec<Bytes> =
        body.into_stream().try_collect().await.map_err(|error| error.to_string())?;
    Ok(blocks.concat())
}

proptest! {
    /// Every byte once and in order, or an error: also of a content that is not as long as it
    /// says.
    #[test]
    fn any_content_is_cut_without_gap_or_overlap(
        length in 0..900_usize,
        chunk in 1..400_u64,
        piece in 1..500_usize,
        again in any::<bool>(),
        told in prop_oneof![
            3 => Just(Some(0_i64)),
            2 => Just(None),
            1 => (-300..300_i64).prop_map(Some),
        ],
    ) {
        let bytes: Bytes = (0..length).map(|at| (at % 251) as u8).collect();
        let told = told.map(|off| (length as i64 + off).max(0) as u64);
        let budget = Budget::new(4096);
        let parts = parts(content(&bytes, piece, told, again), chunk, &budget);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let stored = runtime.block_on(sent(parts, chunk));
        prop_assert_eq!(budget.free(), 4096, "everything was given back");
        let honest = told.is_none_or(|told| told == length as u64);
        match stored {
            Ok(stored) => prop_assert_eq!(Bytes::from(stored), bytes),
            Err(error) => prop_assert!(!honest, "{}", error),
        }
    }
}
