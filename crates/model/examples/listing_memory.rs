//! How much memory a parsed listing takes: `listing_memory mft|filescom|newer [ENTRIES]`.
//!
//! Makes a listing piece by piece, so that its text is never there as a whole, keeps every entry,
//! and prints the length of the text and the most memory that the process ever had.
#![allow(clippy::print_stdout)]

use std::mem;

use wharf_model::{Listed, ListingError, ListingParser, filescom, mft};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next().unwrap_or("mft".into());
    let count: u64 = arguments.next().unwrap_or("100000".into()).parse()?;
    let (text, entry) = match kind.as_str() {
        "mft" => (
            fill::<mft::Entry>(r#"{"Folders": null, "Files": ["#, "]}", count, mft_file)?,
            size_of::<mft::Entry>(),
        ),
        "filescom" => {
            (fill::<filescom::File>("[", "]", count, old_file)?, size_of::<filescom::File>())
        }
        "newer" => {
            (fill::<filescom::File>("[", "]", count, new_file)?, size_of::<filescom::File>())
        }
        other => return Err(format!("no such kind: {other}").into()),
    };
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: unknown");
    println!("{count} entries of {entry} bytes; text {} kB; {peak}", text / 1024);
    Ok(())
}

/// Parses the listing and keeps its entries until the end; returns the length of its text.
fn fill<T: Listed>(
    start: &str,
    end: &str,
    count: u64,
    entry: impl Fn(u64) -> String,
) -> Result<u64, ListingError> {
    let mut parser = ListingParser::<T>::new();
    let mut entries = Vec::new();
    let (mut piece, mut text) = (start.to_owned(), 0);
    for number in 0..=count {
        match number {
            number if number == count => piece.push_str(end),
            0 => piece.push_str(&entry(0)),
            number => piece.extend([",", &entry(number)]),
        }
        if piece.len() > 64 * 1024 || number == count {
            text += piece.len() as u64;
            parser.feed(mem::take(&mut piece).as_bytes());
            while let Some(entry) = parser.next_entry()? {
                entries.push(entry);
            }
        }
    }
    parser.finish()?;
    assert_eq!(entries.len() as u64, count);
    Ok(text)
}

fn mft_file(number: u64) -> String {
    format!(
        concat!(
            r#"{{"FileID":"{:013}","ParentFolderID":"1UTXM50KW0ISP","Name":"quarterly report {}.pdf","#,
            r#""Description":"of the year","Path":"FOLDERS/HOME/Admin/My Documents/quarterly report {}.pdf","#,
            r#""Tags":["report","final"],"Size":{},"EffectivePermission":254,"DateCreated":"/Date(1346072694480)/","#,
            r#""DateModified":"/Date(1346072694480)/","CreatedByUserID":"1Q1OBQWVHTROE","ModifiedByUserID":"1Q1OBQWVHTROE","#,
            r#""IsQuarantined":false,"InFavorite":false,"IsPartiallyUploaded":false}}"#
        ),
        number,
        number,
        number,
        number * 7919
    )
}

fn old_file(number: u64) -> String {
    format!(
        concat!(
            r#"{{"path":"vendor/acme/orders/order {}.txt","display_name":"order {}.txt","type":"file","size":{},"#,
            r#""created_at":"2023-02-06T17:28:35Z","mtime":"2023-02-06T17:28:35Z","provided_mtime":"2023-02-06T17:28:32Z","#,
            r#""crc32":"b669a0d4","md5":"d41d8cd98f00b204e9800998ecf8427e","mime_type":"text/plain","region":"us-east-1","#,
            r#""permissions":"lrwd"}}"#
        ),
        number,
        number,
        number * 7919
    )
}

fn new_file(number: u64) -> String {
    let names = [
        "id",
        "automation_id",
        "bundle_registration_id",
        "remote_server_id",
        "remote_server_sync_id",
    ];
    let mut file = old_file(number);
    file.pop();
    for prefix in ["created_by", "last_modified_by"] {
        file.push_str(&format!(r#","{prefix}_api_key_id":101"#));
        for name in names {
            file.push_str(&format!(r#","{prefix}_{name}":null"#));
        }
    }
    file + r#","custom_metadata":{},"sha1":null,"sha256":null}"#
}
