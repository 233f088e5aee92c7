//! Another origin, which must not be told anything: it keeps every byte that it is sent.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::outcome::Failure;

/// Listens on a port of its own as long as this program runs.
#[derive(Debug)]
pub(super) struct Trap {
    address: SocketAddr,
    caught: Arc<Mutex<Vec<u8>>>,
}

impl Trap {
    pub(super) fn set() -> Result<Self, Failure> {
        let failed = |error| Failure::new(format!("no port can be listened on: {error}"));
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let caught = Arc::new(Mutex::new(Vec::new()));
        let keep = caught.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let bytes = converse(stream);
                keep.lock().unwrap_or_else(PoisonError::into_inner).extend(bytes);
            }
        });
        Ok(Self { address, caught })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// What came since the last time.
    pub(super) fn empty(&self) -> Vec<u8> {
        std::mem::take(&mut self.caught.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Reads one request and answers as though all were well.
fn converse(mut stream: TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut block = [0; 16 * 1024];
    // A client that says nothing more is answered all the same.
    let _ = stream.set_read_timeout(Some(Duration::from_millis(200)));
    while let Ok(count) = stream.read(&mut block) {
        bytes.extend(block.iter().take(count));
        if count == 0 || bytes.windows(4).any(|four| four == b"\r\n\r\n") {
            break;
        }
    }
    let _ = stream.write_all(ANSWER);
    bytes
}

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\
                        Content-Length: 2\r\nConnection: close\r\n\r\n{}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_kept_once() {
        let trap = Trap::set().unwrap();
        let mut stream = TcpStream::connect(trap.address()).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nX-Key: planted\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.ends_with("{}"), "{answer}");
        let mut caught = Vec::new();
        while caught.is_empty() {
            caught = trap.empty();
        }
        assert!(String::from_utf8(caught).unwrap().contains("planted"));
        assert!(trap.empty().is_empty());
    }
}
