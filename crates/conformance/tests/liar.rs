//! A backend that lies about what it can do, or does what it should not, is found out.

use std::sync::Arc;

use wharf_conformance::{Harness, check};
use wharf_connector::futures_util::{StreamExt, TryStreamExt, stream};
use wharf_connector::*;

/// How the backend lies.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Lie {
    /// Declares an ability that it lacks.
    Declares(Capabilities),
    /// Has an ability that it does not declare.
    Conceals(Capabilities),
    /// Stores all bytes but the last, and reports success.
    CutsFiles,
    /// Lists the first entry twice.
    ListsTwice,
    /// Reports success for a delete without deleting.
    KeepsDeleted,
    /// Ignores an option that it cannot honour.
    IgnoresRange,
}

#[derive(Debug)]
struct Liar {
    lie: Lie,
    memory: Memory,
}

#[async_trait]
impl Connector for Liar {
    fn info(&self) -> &Info {
        self.memory.info()
    }
    fn capabilities(&self) -> Capabilities {
        let honest = self.memory.capabilities();
        match self.lie {
            Lie::Declares(ability) => honest | ability,
            Lie::Conceals(ability) => honest - ability,
            Lie::IgnoresRange => honest - Capabilities::READ_RANGE,
            _ => honest,
        }
    }
    async fn test_connection(&self) -> Result<ConnectionReport> {
        self.memory.test_connection().await
    }
    async fn stat(&self, path: &RemotePath) -> Result<Entry> {
        self.memory.stat(path).await
    }
    fn list(&self, folder: &RemotePath, options: ListOptions) -> EntryStream {
        let listing = self.memory.list(folder, options);
        if self.lie != Lie::ListsTwice {
            return listing;
        }
        let doubled = listing.map_ok(|entry| stream::iter([Ok(entry.clone()), Ok(entry)]));
        doubled.try_flatten().boxed()
    }
    async fn read(&self, file: &RemotePath, mut options: ReadOptions) -> Result<Download> {
        if self.lie == Lie::IgnoresRange {
            options.range = ByteRange::whole();
        }
        self.memory.read(file, options).await
    }
    async fn write(
        &self,
        file: &RemotePath,
        content: Content,
        options: WriteOptions,
    ) -> Result<Entry> {
        let mut entry = self.memory.write(file, content, options).await?;
        if self.lie == Lie::CutsFiles {
            let bytes = self.memory.read_bytes(file, u64::MAX).await?;
            let shorter = bytes.slice(..bytes.len().saturating_sub(1));
            let size = entry.size;
            entry = self.memory.write_bytes(file, shorter).await?;
            entry.size = size;
        }
        Ok(entry)
    }
    async fn create_folder(
        &self,
        folder: &RemotePath,
        options: CreateFolderOptions,
    ) -> Result<Entry> {
        self.memory.create_folder(folder, options).await
    }
    async fn delete(&self, path: &RemotePath, options: DeleteOptions) -> Result<()> {
        if self.lie == Lie::KeepsDeleted {
            return self.stat(path).await.map(drop);
        }
        self.memory.delete(path, options).await
    }
    async fn copy(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: CopyOptions,
    ) -> Result<Entry> {
        self.memory.copy(from, to, options).await
    }
    async fn rename(
        &self,
        from: &RemotePath,
        to: &RemotePath,
        options: RenameOptions,
    ) -> Result<Entry> {
        self.memory.rename(from, to, options).await
    }
    async fn update(&self, path: &RemotePath, changes: Changes) -> Result<Entry> {
        self.memory.update(path, changes).await
    }
}

struct Lying(Lie);

#[async_trait]
impl Harness for Lying {
    async fn connector(&self) -> Arc<dyn Connector> {
        let lacking = match self.0 {
            Lie::Declares(ability) => ability,
            _ => Capabilities::empty(),
        };
        let memory = Memory::new().with_capabilities(Capabilities::all() - lacking);
        Arc::new(Liar { lie: self.0, memory })
    }
}

async fn found_out(lie: Lie) -> Vec<&'static str> {
    let outcomes = check(|| Lying(lie)).await;
    outcomes.iter().filter(|o| o.verdict.is_err()).map(|o| o.case).collect()
}

#[tokio::test]
async fn every_declared_ability_that_is_lacking_is_found() {
    // Permissions are told per entry, and no entry need carry any.
    for ability in (Capabilities::all() - Capabilities::PERMISSIONS).iter() {
        let cases = found_out(Lie::Declares(ability)).await;
        assert!(!cases.is_empty(), "{ability:?} is declared, lacking, and not missed");
    }
}

#[tokio::test]
async fn every_concealed_ability_is_found() {
    let all = Memory::new().capabilities();
    for ability in all.iter() {
        let cases = found_out(Lie::Conceals(ability)).await;
        assert!(
            cases
                .iter()
                .any(|case| case.starts_with("undeclared") || case.contains("whole_or_nothing")),
            "{ability:?} is concealed, and {cases:?}"
        );
    }
}

#[tokio::test]
async fn damage_is_found() {
    for (lie, case) in [
        (Lie::CutsFiles, "content_comes_back_whole"),
        (Lie::ListsTwice, "children_are_listed_once_and_only_they"),
        (Lie::KeepsDeleted, "deleted_file_is_gone"),
        (Lie::IgnoresRange, "undeclared_range_is_unsupported"),
    ] {
        let cases = found_out(lie).await;
        assert!(cases.contains(&case), "{lie:?} fails only {cases:?}");
    }
}
