//! Reads a saved MFT listing and a saved Files.com listing: `read_listings [MFT] [FILESCOM]`.
#![allow(clippy::print_stdout)]

use wharf_model::{filescom, mft};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let samples = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    let mut paths = std::env::args().skip(1);
    let mut body =
        |sample: &str| std::fs::read(paths.next().unwrap_or(format!("{samples}/{sample}")));

    for entry in mft::ListingParser::read_all(&body("mft/root_files.json")?)? {
        let (size, rights) = match &entry {
            mft::Entry::File(file) => (file.size, file.effective_permission),
            mft::Entry::Folder(folder) => (folder.size, folder.effective_permission),
            _ => continue,
        };
        println!("{}\t{}\t{}", entry.name(), shown(size), shown(rights));
    }
    for file in filescom::ListingParser::read_all(&body("filescom/folder_listing.json")?)? {
        println!("{}\t{}\t{}", shown(file.display_name), shown(file.size), shown(file.permissions));
    }
    Ok(())
}

fn shown(value: Option<impl ToString>) -> String {
    value.map_or("-".into(), |value| value.to_string())
}
