//! The content behind both services, looked at and changed without asking them.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::json;

use super::{Control, ok, refused};
use crate::blob::Blob;

/// One of the two trees.
#[derive(Debug, Clone, Copy)]
enum Tree {
    FilesCom,
    Mft,
}

impl Control {
    /// Answers `content/TREE/PATH`; `None` if there is no such tree.
    pub(super) async fn content(&self, rest: &str, request: Request) -> Option<Response> {
        let (tree, path) = rest.split_once('/').unwrap_or((rest, ""));
        let tree = match tree {
            "filescom" => Tree::FilesCom,
            "mft" => Tree::Mft,
            _ => return None,
        };
        let path = percent_decode_str(path).decode_utf8_lossy().into_owned();
        Some(match *request.method() {
            Method::GET if path.is_empty() => ok(json!(self.paths(tree))),
            Method::GET => match self.blob(tree, &path) {
                Some(blob) => bytes(&blob),
                None => refused(StatusCode::NOT_FOUND, "there is no such file"),
            },
            Method::PUT => self.plant(tree, &path, request).await,
            Method::POST if path.is_empty() || path.ends_with('/') => {
                self.plant_many(tree, &path, request).await
            }
            Method::DELETE => match self.remove(tree, &path) {
                true => StatusCode::NO_CONTENT.into_response(),
                false => refused(StatusCode::NOT_FOUND, "there is nothing"),
            },
            _ => refused(StatusCode::METHOD_NOT_ALLOWED, "this address knows other methods"),
        })
    }

    fn paths(&self, tree: Tree) -> Vec<String> {
        match tree {
            Tree::FilesCom => self.filescom.paths(),
            Tree::Mft => {
                let folder = |path: &String| self.mft.content(path).is_none();
                let paths = self.mft.paths().into_iter();
                paths.map(|path| if folder(&path) { path + "/" } else { path }).collect()
            }
        }
    }

    fn blob(&self, tree: Tree, path: &str) -> Option<Blob> {
        match tree {
            Tree::FilesCom => self.filescom.content(path),
            Tree::Mft => self.mft.content(path),
        }
    }

    fn remove(&self, tree: Tree, path: &str) -> bool {
        match tree {
            Tree::FilesCom => self.filescom.remove(path),
            Tree::Mft => self.mft.remove(path),
        }
    }

    /// Makes a folder of a path that ends in a slash, a file of any other.
    async fn plant(&self, tree: Tree, path: &str, request: Request) -> Response {
        let Ok(content) = to_bytes(request.into_body(), LARGEST).await else {
            return refused(StatusCode::PAYLOAD_TOO_LARGE, "the content cannot be read");
        };
        let folder = path.strip_suffix('/');
        let planted = match (tree, folder) {
            (Tree::FilesCom, None) => {
                self.filescom.put(path, content);
                true
            }
            (Tree::FilesCom, Some(folder)) => {
                self.filescom.put_folder(folder);
                true
            }
            (Tree::Mft, None) => self.mft.put(path, content).is_some(),
            (Tree::Mft, Some(folder)) => self.mft.make_folder(folder).is_some(),
        };
        match planted {
            true => StatusCode::NO_CONTENT.into_response(),
            false => refused(StatusCode::CONFLICT, "nothing can stand there"),
        }
    }
}

/// How many files to make, in how many folders, of how many bytes each.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Many {
    #[serde(default)]
    folders: u32,
    files: u32,
    #[serde(default)]
    size: usize,
}

impl Control {
    async fn plant_many(&self, tree: Tree, path: &str, request: Request) -> Response {
        let body = to_bytes(request.into_body(), LARGEST).await.unwrap_or_default();
        let Ok(Many { folders, files, size }) = serde_json::from_slice(&body) else {
            let expected = "expected {\"folders\": NUMBER, \"files\": NUMBER, \"size\": BYTES}";
            return refused(StatusCode::UNPROCESSABLE_ENTITY, expected);
        };
        if size > LARGEST || u64::from(folders.max(1)) * u64::from(files) > MOST {
            return refused(StatusCode::UNPROCESSABLE_ENTITY, "that is too much");
        }
        let content = vec![b'x'; size];
        let planted = match tree {
            Tree::FilesCom => {
                self.filescom.put_many(path, folders, files, content);
                true
            }
            Tree::Mft => self.mft.put_many(path, folders, files, content),
        };
        match planted {
            true => StatusCode::NO_CONTENT.into_response(),
            false => refused(StatusCode::CONFLICT, "nothing can stand there"),
        }
    }
}

fn bytes(blob: &Blob) -> Response {
    let mut response = Response::new(Body::from_stream(blob.read(0..blob.len())));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(blob.len()));
    response
}

const LARGEST: usize = 256 * 1024 * 1024;
/// Files made at once.
const MOST: u64 = 10_000_000;
