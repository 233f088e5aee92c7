//! What a dialect is told of each message: one that counts, and one that allows no more.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use http::Method;
use url::Url;
use wharf_transport::testing::{Reply, Script};
use wharf_transport::{Dialect, Error, ErrorKind, Reached, Request, Result, Transport};

/// Counts, up to a bound.
#[derive(Debug, Clone)]
struct Count {
    made: Arc<AtomicU64>,
    most: u64,
}

#[async_trait]
impl Dialect for Count {
    async fn sign(&self, _: &mut Request, _: &Transport) -> Result<()> {
        Ok(())
    }

    fn count_call(&self) -> Result<()> {
        if self.made.load(Ordering::Relaxed) >= self.most {
            return Err(Error::new(ErrorKind::CallLimit, "no more"));
        }
        self.made.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn uncount_call(&self) {
        self.made.fetch_sub(1, Ordering::Relaxed);
    }
}

/// What a request comes to, how many messages were counted, and how many left.
async fn story(most: u64, request: Request, replies: Vec<Reply>) -> (Result<u16>, u64, usize) {
    let script = replies.into_iter().fold(Script::new(), Script::answer);
    let count = Count { made: Arc::default(), most };
    let transport = Transport::builder("https://h.example/v1")
        .exchange(script.exchange())
        .dialect(count.clone())
        .build()
        .unwrap();
    let result = transport.send(request).await.map(|response| response.status().as_u16());
    (result, count.made.load(Ordering::Relaxed), script.requests().len())
}

fn moved() -> Reply {
    Reply::new(302).header("location", "https://h.example/v1/b")
}

#[tokio::test(start_paused = true)]
async fn every_message_that_leaves_for_the_base_is_counted() {
    let get = || Request::get("/a");
    let gone = Reply::refused_connection;
    for (replies, counted) in [
        (vec![Reply::new(200)], 1),
        (vec![Reply::new(503), Reply::new(503), Reply::new(200)], 3),
        (vec![moved(), Reply::new(200)], 2),
        (vec![Reply::reset(), Reply::new(200)], 2),
        (vec![gone(), gone(), Reply::new(200)], 1),
    ] {
        let name = format!("{replies:?}");
        let (result, made, _) = story(u64::MAX, get(), replies).await;
        assert_eq!((result.unwrap(), made), (200, counted), "{name}");
    }
    let storage = Url::parse("https://storage.example/x?sign=1").unwrap();
    let storage = Request::bare(Method::GET, storage);
    let (result, made, left) = story(0, storage, vec![Reply::new(200)]).await;
    assert_eq!((result.unwrap(), made, left), (200, 0, 1), "content is no call");
}

#[tokio::test(start_paused = true)]
async fn what_is_kept_back_is_never_sent() {
    let (result, made, left) = story(1, Request::get("/a"), vec![Reply::new(503)]).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind(), made, left), (ErrorKind::CallLimit, 1, 1));
    assert!(!error.is_transient());
    let (result, made, left) = story(0, Request::get("/a"), vec![]).await;
    let error = result.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (ErrorKind::CallLimit, Reached::No));
    assert_eq!((made, left), (0, 0));
}
