//! What an entry of a listing costs, counted: allocations and memory, which no machine changes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use allocation_counter::measure;
use wharf_model::mft::{EffectivePermission, FileId, SlashDate};
use wharf_model::{Listed, ListingParser, filescom, mft};

/// An entry as real ones are: four texts of its own, of which one or two are often not there.
fn mft_file(number: usize) -> String {
    let about = if number % 5 < 2 { "\"of the year\"" } else { "null" };
    let tags = ["[]", "[]", r#"["report"]"#, r#"["report","final"]"#][number % 4];
    format!(
        concat!(
            r#"{{"FileID":"{:013}","ParentFolderID":"1UTXM50KW0ISP","Name":"report {}.pdf","#,
            r#""Description":{},"Path":"FOLDERS/HOME/Admin/My Documents/report {}.pdf","#,
            r#""Tags":{},"Size":{},"EffectivePermission":254,"DateCreated":"/Date(1346072694480)/","#,
            r#""DateModified":"/Date(1346072694480)/","CreatedByUserID":"1Q1OBQWVHTROE","#,
            r#""ModifiedByUserID":"1Q1OBQWVHTROE","IsQuarantined":false,"InFavorite":false,"#,
            r#""IsPartiallyUploaded":false}}"#
        ),
        number, number, about, number, tags, number
    )
}

fn filescom_file(number: usize) -> String {
    format!(
        concat!(
            r#"{{"path":"vendor/acme/orders/order {}.txt","display_name":"order {}.txt","type":"file","size":{},"#,
            r#""created_at":"2023-02-06T17:28:35Z","mtime":"2023-02-06T17:28:35Z","provided_mtime":null,"#,
            r#""crc32":"b669a0d4","md5":"d41d8cd98f00b204e9800998ecf8427e","mime_type":"text/plain","#,
            r#""region":"us-east-1","permissions":"lrwd"}}"#
        ),
        number, number, number
    )
}

fn document(start: &str, end: &str, count: usize, entry: fn(usize) -> String) -> String {
    let entries: Vec<String> = (0..count).map(entry).collect();
    format!("{start}{}{end}", entries.join(","))
}

fn mft_document(count: usize) -> String {
    document(r#"{"Folders":[],"Files":["#, "]}", count, mft_file)
}

/// Reads a document piece by piece, keeps nothing; how many entries there were.
fn read<T: Listed>(document: &str) -> usize {
    let mut parser = ListingParser::<T>::new();
    let mut count = 0;
    for piece in document.as_bytes().chunks(PIECE) {
        parser.feed(piece);
        while let Some(entry) = parser.next_entry().unwrap() {
            drop(entry);
            count += 1;
        }
    }
    parser.finish().unwrap();
    count
}

/// Allocations for each entry, and the most bytes in use at once.
fn cost<T: Listed>(document: &str, entries: usize) -> (f64, u64) {
    let counted = measure(|| assert_eq!(read::<T>(document), entries));
    (counted.count_total as f64 / entries as f64, counted.bytes_max)
}

#[test]
fn an_entry_takes_few_allocations() {
    let (allocations, _) = cost::<mft::Entry>(&mft_document(10_000), 10_000);
    assert!(allocations <= 4.2, "{allocations} for an entry of Boomi MFT");
    let document = document("[", "]", 10_000, filescom_file);
    let (allocations, _) = cost::<filescom::File>(&document, 10_000);
    assert!(allocations <= 4.2, "{allocations} for an entry of Files.com");
}

#[test]
fn a_stream_takes_the_same_memory_however_long_it_is() {
    let bytes = |count| cost::<mft::Entry>(&mft_document(count), count).1;
    let (short, long) = (bytes(2_000), bytes(40_000));
    assert!(long <= 1024 * 1024, "{long} bytes");
    assert!(long <= short + short / 10, "{short} bytes grow to {long}");
}

#[test]
fn the_first_entry_comes_with_the_first_piece() {
    let document = mft_document(40_000);
    let one_percent = document.len() / 100;
    let mut parser = ListingParser::<mft::Entry>::new();
    parser.feed(&document.as_bytes()[..one_percent]);
    assert!(parser.next_entry().unwrap().is_some());
}

#[test]
fn dates_ids_and_permissions_take_no_allocation() {
    let none = |what: &str, work: &dyn Fn()| {
        let counted = measure(work);
        assert_eq!(counted.count_total, 0, "{what}");
    };
    none("a date", &|| assert!(SlashDate::parse("/Date(1346072694480+0200)/").is_ok()));
    none("an id", &|| drop(serde_json::from_str::<FileId>("\"0QN8H2VKTGIWE\"").unwrap()));
    none("a permission", &|| {
        let permission: EffectivePermission = serde_json::from_str("254").unwrap();
        assert!(permission.contains(EffectivePermission::READ));
    });
}

const PIECE: usize = 64 * 1024;
