//! `docs/adding-a-backend.md` shows the code that runs here, and nothing else.

use std::path::Path;

#[test]
fn the_guide_shows_the_example_word_for_word() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(root.join("../../docs/adding-a-backend.md")).unwrap();
    let code = ["tests/example_backend.rs", "tests/example_factory.rs"]
        .map(|file| std::fs::read_to_string(root.join(file)).unwrap())
        .concat();
    let blocks: Vec<&str> =
        guide.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() >= 6, "the guide lost its code");
    for block in &blocks {
        assert!(code.contains(block), "not in the example:\n{block}");
    }
    let shown: usize = blocks.iter().map(|block| block.lines().count()).sum();
    let backend = code.lines().filter(|line| !line.trim().is_empty()).count();
    assert!(shown * 10 > backend * 8, "the guide shows {shown} of {backend} lines");
}
