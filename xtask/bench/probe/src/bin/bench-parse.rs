//! The parses of `bench-probe` with the system's own allocator, as a library finds it.

use std::error::Error;

#[path = "../parse.rs"]
mod parse;
#[path = "../plain.rs"]
mod plain;

type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let found = match words.as_slice() {
        ["make", count] => parse::make(count.parse()?)?,
        ["parse", how, file] => parse::parse(how, file)?,
        ["dates"] => parse::dates()?,
        ["crc32"] => parse::crc32(),
        _ => return Err("make COUNT | parse HOW FILE | dates | crc32".into()),
    };
    println!("{found}");
    Ok(())
}
