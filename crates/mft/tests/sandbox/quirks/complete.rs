//! Nothing is forgotten.

/// No number is left out, here or in the documentation.
#[test]
fn every_quirk_has_a_test_and_a_row() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/services/mft.md");
    let page = std::fs::read_to_string(page).unwrap();
    let table = page.split_once("## Contradictions in the documents").unwrap().1;
    let rows = table.split("\n## ").next().unwrap().lines().filter_map(|line| {
        let cell = line.strip_prefix("| ")?.split('|').next()?;
        Some(cell.split(',').filter_map(|number| number.trim().parse().ok()).collect::<Vec<u32>>())
    });
    let mut documented: Vec<u32> = rows.flatten().collect();
    documented.sort_unstable();
    let tests = include_str!("../quirks.rs").lines().filter_map(|line| {
        let name = line.strip_prefix("async fn quirk_")?;
        Some(name.split('_').map_while(|part| match part {
            "and" => Some(None),
            part => part.parse().ok().map(Some),
        }))
    });
    let mut tested: Vec<u32> = tests.flatten().flatten().collect();
    tested.sort_unstable();
    let all: Vec<u32> = (1..=36).collect();
    assert_eq!((tested, documented), (all.clone(), all));
}
