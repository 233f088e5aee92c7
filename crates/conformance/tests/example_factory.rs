//! The example backend, opened by a target like any other.

use std::sync::Arc;

use wharf_connector::*;

#[path = "example_backend.rs"]
mod example_backend;

use example_backend::Shelf;

#[derive(Debug)]
struct ShelfFactory;

impl Factory for ShelfFactory {
    fn schemes(&self) -> &'static [&'static str] {
        &["shelf"]
    }
    fn settings(&self) -> &'static [SettingSpec] {
        &[]
    }
    fn open(&self, _: &Target, _: &Settings) -> Result<Arc<dyn Connector>> {
        Ok(Arc::new(Shelf::new()))
    }
}

#[test]
fn the_shelf_opens_by_its_scheme() {
    let registry = Registry::new().with(MemoryFactory).with(ShelfFactory);
    let connector = registry.open("shelf:/", &Settings::new()).unwrap();
    assert_eq!(connector.info().label, "Shelf");
    assert!(connector.find::<Shelf>().is_some());
}
