//! The `files-sdk` crate as a program: `bench-files-sdk list|get|put|put-all ...`.
//!
//! As its own documentation shows it, with its defaults. The address comes first; the key is in
//! FILES_API_KEY.

use std::error::Error;
use std::path::Path;

use files_sdk::{FileHandler, FilesClient, FolderHandler};
use futures::StreamExt;
use tokio::fs::File;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["list", url, folder] => list(client(url)?, folder).await,
        ["get", url, path, to] => get(client(url)?, path, to).await,
        ["put", url, from, path] => put(client(url)?, from, path).await,
        ["put-all", url, from, folder] => put_all(client(url)?, from, folder).await,
        _ => Err("list URL FOLDER | get URL PATH TO | put URL FROM PATH | put-all URL FROM FOLDER"
            .into()),
    }
}

fn client(url: &str) -> Result<FilesClient, Box<dyn Error>> {
    let key = std::env::var("FILES_API_KEY")?;
    let base = format!("{url}/api/rest/v1");
    // Its time-out bounds a whole request.
    let patience = std::time::Duration::from_secs(600);
    Ok(FilesClient::builder().api_key(key).base_url(base).timeout(patience).build()?)
}

async fn list(client: FilesClient, folder: &str) -> Result<(), Box<dyn Error>> {
    let folders = FolderHandler::new(client);
    let entries = folders.list_stream(folder, Some(1000));
    tokio::pin!(entries);
    let mut count = 0_u64;
    while let Some(entry) = entries.next().await {
        println!("{}", entry?.path.unwrap_or_default());
        count += 1;
    }
    eprintln!("{count}");
    Ok(())
}

async fn get(client: FilesClient, path: &str, to: &str) -> Result<(), Box<dyn Error>> {
    let mut file = File::create(to).await?;
    Ok(FileHandler::new(client).download_stream(path, &mut file, None).await?)
}

async fn put(client: FilesClient, from: &str, path: &str) -> Result<(), Box<dyn Error>> {
    let file = File::open(from).await?;
    let size = i64::try_from(file.metadata().await?.len())?;
    FileHandler::new(client).upload_stream(path, file, Some(size), None).await?;
    Ok(())
}

/// One after the other, as its own folder upload does; that one never completes an upload.
async fn put_all(client: FilesClient, from: &str, folder: &str) -> Result<(), Box<dyn Error>> {
    let files = FileHandler::new(client);
    for entry in Path::new(from).read_dir()? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|_| "a name is not UTF-8")?;
        let content = std::fs::read(entry.path())?;
        files.upload_file(&format!("{folder}/{name}"), &content).await?;
    }
    Ok(())
}
