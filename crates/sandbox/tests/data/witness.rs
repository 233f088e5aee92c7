//! Everything a sandbox holds, as values that can be compared.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use wharf_sandbox::{Blob, Builder, Sandbox};

/// A builder of sandboxes that keep their state below `dir`.
pub(crate) fn kept(dir: &Path) -> Builder {
    Sandbox::builder().data(dir.join("data"))
}

/// What both services hold: each entry as it is told, and its content.
pub(crate) async fn everything(sandbox: &Sandbox) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    for path in sandbox.filescom().paths() {
        let content = sandbox.filescom().content(&path);
        let entity = sandbox.filescom().entity(&path);
        all.insert(format!("filescom {path}"), json!([entity, told(content).await]));
    }
    for path in sandbox.mft().paths() {
        let content = told(sandbox.mft().content(&path)).await;
        let (id, metadata) = (sandbox.mft().id(&path), sandbox.mft().metadata(&path));
        all.insert(format!("mft {path}"), json!([id, metadata, content]));
    }
    for user in sandbox.mft().users() {
        let told = json!([user.id, user.password, user.role.number()]);
        all.insert(format!("user {}", user.name), told);
    }
    all
}

async fn told(content: Option<Blob>) -> Value {
    let Some(content) = content else {
        return Value::Null;
    };
    let bytes = content.bytes().await.unwrap();
    // Read from where it lies, not as it is told.
    let sum = crc32fast::hash(&bytes);
    let sound = sum == content.crc32() && bytes.len() as u64 == content.len();
    json!({"len": content.len(), "crc32": sum, "sound": sound})
}

/// Every file below a folder, with its bytes.
pub(crate) fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => drop(found.insert(path.clone(), std::fs::read(path).unwrap())),
            }
        }
    }
    found
}

pub(crate) fn copy(from: &Path, to: &Path) {
    for (path, bytes) in files(from) {
        let target = to.join(path.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::write(target, bytes).unwrap();
    }
}

/// Bytes that differ from one seed to another.
pub(crate) fn bytes(seed: u64, len: usize) -> Vec<u8> {
    let mut chance = fastrand::Rng::with_seed(seed);
    std::iter::repeat_with(|| chance.u8(..)).take(len).collect()
}
