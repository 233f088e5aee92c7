//! The file system of this machine keeps the promise.
#![allow(clippy::expect_used)]

use std::sync::Arc;

use tempfile::TempDir;
use wharf_conformance::Harness;
use wharf_connector::{Connector, async_trait};
use wharf_local::Local;

struct Folder {
    folder: TempDir,
    configure: fn(Local) -> Local,
}

#[async_trait]
impl Harness for Folder {
    async fn connector(&self) -> Arc<dyn Connector> {
        Arc::new((self.configure)(Local::new(self.folder.path())))
    }
}

fn folder(configure: fn(Local) -> Local) -> Folder {
    Folder { folder: tempfile::tempdir().expect("a folder for the test"), configure }
}

wharf_conformance::suite!(folder(|local| local));

mod with_links_followed {
    use super::folder;

    wharf_conformance::suite!(folder(|local| local.with_follow_symlinks(true)));
}

mod with_fsync {
    use super::folder;

    wharf_conformance::suite!(folder(|local| local.with_fsync(true)));
}
