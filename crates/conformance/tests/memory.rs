//! The reference backend keeps every promise, also with its abilities taken away.

use std::sync::Arc;

use wharf_conformance::{Harness, check};
use wharf_connector::{Capabilities, Connector, Memory, async_trait};

struct InMemory(Capabilities);

#[async_trait]
impl Harness for InMemory {
    async fn connector(&self) -> Arc<dyn Connector> {
        Arc::new(Memory::new().with_capabilities(self.0))
    }
}

wharf_conformance::suite!(InMemory(Capabilities::all()));

#[tokio::test]
async fn the_suite_passes_with_each_ability_taken_away() {
    for ability in Capabilities::all().iter() {
        for outcome in check(|| InMemory(Capabilities::all() - ability)).await {
            assert_eq!(outcome.verdict, Ok(()), "{} without {ability:?}", outcome.case);
        }
    }
}

#[tokio::test]
async fn the_suite_passes_with_reading_alone() {
    for outcome in check(|| InMemory(Capabilities::READ)).await {
        assert_eq!(outcome.verdict, Ok(()), "{}", outcome.case);
    }
}
