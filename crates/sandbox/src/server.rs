//! Listening and answering: one task for each face, one for each connection.

mod connection;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::{fmt, io};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, DATE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use futures_util::StreamExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

pub(crate) use self::connection::Connection;
use self::connection::Wire;
use crate::control::Control;
use crate::faults::{Fault, Met, NoAnswer};
use crate::shared::Shared;

/// Where the faces listen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Addresses {
    pub(crate) tls: bool,
    pub(crate) filescom: SocketAddr,
    pub(crate) storage: SocketAddr,
    pub(crate) mft: SocketAddr,
}

impl Addresses {
    /// How a face is reached, without a slash at the end.
    pub(crate) fn url(&self, face: SocketAddr) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        format!("{scheme}://{face}")
    }
}

/// One face: its name in the log, its routes, and the control addresses beside them.
#[derive(Debug, Clone)]
pub(crate) struct Face {
    pub(crate) name: &'static str,
    pub(crate) router: Router,
    pub(crate) control: Control,
    pub(crate) shared: Arc<Shared>,
    pub(crate) tls: Option<Acceptor>,
}

/// Takes a connection as TLS.
#[derive(Clone)]
pub(crate) struct Acceptor(pub(crate) TlsAcceptor);

/// A request that gets no answer.
#[derive(Debug)]
struct Unanswered;

/// Opens a listener, on loopback only.
pub(crate) async fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    if !address.ip().is_loopback() {
        let message = format!("the sandbox listens on loopback only, not on {address}");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    TcpListener::bind(address).await
}

/// Serves a face until it is told to stop, or the task is aborted; its connections end with it.
pub(crate) fn serve(
    listener: TcpListener,
    face: Face,
    mut stopped: watch::Receiver<bool>,
) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => drop(connections.spawn(converse(stream, face.clone()))),
                    // Out of file descriptors, mostly: let connections end.
                    Err(_) => tokio::task::yield_now().await,
                },
                Some(_) = connections.join_next() => {}
                () = end(&mut stopped) => break,
            }
        }
        connections.shutdown().await;
    })
}

async fn end(stopped: &mut watch::Receiver<bool>) {
    // An error means that the sandbox itself is gone.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}

async fn converse(stream: TcpStream, face: Face) {
    // Without it small answers wait for acknowledgements; a failure costs only time.
    let _ = stream.set_nodelay(true);
    let connection = Connection::default();
    match face.shared.faults.take_connection(face.name) {
        None => {}
        Some(Fault::Stall) => std::future::pending().await,
        Some(_) => return connection.close(stream),
    }
    let wire = Wire::new(stream, connection.clone());
    match face.tls.clone() {
        None => talk(wire, face, connection).await,
        Some(Acceptor(tls)) => {
            // A client that does not trust the certificate leaves: no news either.
            if let Ok(stream) = tls.accept(wire).await {
                talk(stream, face, connection).await;
            }
        }
    }
}

/// Answers what comes, until the client leaves.
async fn talk<S>(stream: S, face: Face, connection: Connection)
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let number = face.shared.seen.next_connection();
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(connection.clone());
        face.clone().answer(request, number, connection.clone())
    });
    // An error here is a client that left or a fault at work: neither is news.
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        // Idle connections are left to the client, and to tests that pause time.
        .header_read_timeout(None)
        .max_buf_size(256 * 1024)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

impl Face {
    async fn answer(
        self,
        request: hyper::Request<Incoming>,
        number: u64,
        connection: Connection,
    ) -> Result<Response, Unanswered> {
        let (parts, body) = request.into_parts();
        if let Some(rest) = parts.uri.path().strip_prefix("/_sandbox/") {
            let rest = rest.to_owned();
            let request = Request::from_parts(parts, Body::new(body));
            let response = self.control.answer(&rest, request).await;
            return Ok(self.kept(response).await);
        }
        self.shared.latency.pass().await;
        let now = self.shared.clock.now();
        let noted = self.shared.seen.note(now, self.name, number, &parts);
        let body = self.watched(noted, &parts, Body::new(body));
        let request = Request::from_parts(parts, body);
        let routes = TowerToHyperService::new(self.router.clone());
        let response = routes.call(request).await.unwrap_or_else(|no: Infallible| match no {});
        let met = response.extensions().get::<Met>().cloned();
        let (route, fault) = met.map_or((None, None), |met| (Some(met.route), met.fault));
        let silent = response.extensions().get::<NoAnswer>().is_some();
        let response = self.kept(response).await;
        let status = (!silent).then(|| response.status().as_u16());
        let settle = |request: &mut crate::seen::Request| request.settle(route, fault, status);
        self.shared.seen.amend(noted, settle);
        if silent {
            connection.reset();
            return Err(Unanswered);
        }
        Ok(dated(response, now))
    }

    /// The answer once what it tells is written down, where state is kept on disk.
    async fn kept(&self, response: Response) -> Response {
        let written = match &self.shared.data {
            Some(data) => data.commit().await,
            None => Ok(()),
        };
        written.map_or_else(|error| unwritten(&error), |()| response)
    }

    /// The body, copied into the log as it is read.
    fn watched(&self, noted: u64, parts: &Parts, body: Body) -> Body {
        let kind = parts.headers.get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let content = self.name == "storage"
            || kind.starts_with("multipart/")
            || kind.starts_with("application/octet-stream");
        let shared = self.shared.clone();
        let chunks = body.into_data_stream().inspect(move |chunk| {
            if let Ok(chunk) = chunk {
                let amend = |request: &mut crate::seen::Request| request.take_body(chunk, !content);
                shared.seen.amend(noted, amend);
            }
        });
        Body::from_stream(chunks)
    }
}

fn unwritten(error: &io::Error) -> Response {
    let text = format!("The sandbox could not write its state: {error}\n");
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}

/// The answer with the time of the sandbox's clock, so that clients may find theirs wrong.
fn dated(mut response: Response, now: DateTime<Utc>) -> Response {
    let date = HeaderValue::from_str(&httpdate::fmt_http_date(now.into()));
    if let Ok(date) = date {
        response.headers_mut().entry(DATE).or_insert(date);
    }
    response
}

impl fmt::Debug for Acceptor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Acceptor").finish_non_exhaustive()
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("left without an answer on purpose")
    }
}

impl std::error::Error for Unanswered {}
