//! What was committed is read again, whatever came before and between.

use std::collections::HashMap;

use super::*;

/// A part of the state that is a table and a short row.
#[derive(Debug, Default)]
struct Shelf {
    books: Table<u64, String>,
    sign: Watched<String>,
}

impl Kept for Shelf {
    fn write(&mut self, lines: &mut Lines<'_>) -> io::Result<()> {
        self.books.write("books", lines)?;
        if self.sign.take_changed() || lines.are_whole() {
            lines.small("sign", &"text", &*self.sign)?;
        }
        lines.fixed("shelf", &"wood", &"oak")
    }
}

impl Shelf {
    fn read(rows: &mut Rows) -> io::Result<Self> {
        assert_eq!(rows.one::<String>("shelf", "wood")?, "oak");
        let sign = rows.one::<String>("sign", "text")?.into();
        Ok(Self { books: rows.table("books")?.into(), sign })
    }
}

fn open(path: &Path) -> io::Result<(Arc<Data>, Arc<Mutex<Shelf>>)> {
    let (data, mut rows) = Data::open(path)?;
    let mut shelf = rows.as_mut().map(Shelf::read).transpose()?.unwrap_or_default();
    shelf.books.track();
    let shelf = Arc::new(Mutex::new(shelf));
    data.begin(vec![shelf.clone()], rows)?;
    Ok((data, shelf))
}

#[test]
fn what_was_committed_is_read_again() {
    let dir = tempfile::tempdir().unwrap();
    let mut chance = fastrand::Rng::with_seed(8);
    let mut model = (HashMap::new(), String::new());
    let (mut data, mut shelf) = open(dir.path()).unwrap();
    for round in 0..600 {
        let (key, text) = (chance.u64(0..20), format!("text {round}\n\"ü\""));
        {
            let mut shelf = shelf.lock().unwrap();
            match chance.u8(0..6) {
                0 => {
                    shelf.books.remove(&key);
                    model.0.remove(&key);
                }
                1 => {
                    shelf.sign.clone_from(&text);
                    model.1 = text;
                }
                2 => {
                    if let Some(book) = shelf.books.get_mut(&key) {
                        book.push('!');
                        model.0.entry(key).and_modify(|book: &mut String| book.push('!'));
                    }
                }
                _ => {
                    shelf.books.insert(key, text.clone());
                    model.0.insert(key, text);
                }
            }
        }
        data.commit_now().unwrap();
        match chance.u8(0..20) {
            0 => {
                data.close().unwrap();
                (data, shelf) = open(dir.path()).unwrap();
            }
            // As after a kill: nobody closed anything, and the system gave the lock free.
            1 => {
                data.home.leave();
                (data, shelf) = open(dir.path()).unwrap();
            }
            2 => data.forget(),
            _ => {}
        }
        let shelf = shelf.lock().unwrap();
        assert_eq!((&*shelf.books, &*shelf.sign), (&model.0, &model.1), "round {round}");
    }
}

#[test]
fn a_batch_is_read_whole_or_not_at_all() {
    let dir = tempfile::tempdir().unwrap();
    let (data, shelf) = open(dir.path()).unwrap();
    let state = dir.path().join("state.jsonl");
    let before = std::fs::read(&state).unwrap();
    for key in 0..3 {
        shelf.lock().unwrap().books.insert(key, "new".to_owned());
    }
    data.commit_now().unwrap();
    data.close().unwrap();
    let after = std::fs::read(&state).unwrap();
    for end in before.len()..=after.len() {
        std::fs::write(&state, &after[..end]).unwrap();
        let (data, shelf) = open(dir.path()).unwrap();
        let books = shelf.lock().unwrap().books.len();
        assert_eq!(books, if end == after.len() { 3 } else { 0 }, "{end}");
        data.close().unwrap();
    }
}

#[test]
fn what_did_not_change_is_not_written() {
    let dir = tempfile::tempdir().unwrap();
    let (data, shelf) = open(dir.path()).unwrap();
    let len = || std::fs::metadata(dir.path().join("state.jsonl")).unwrap().len();
    let before = len();
    data.commit_now().unwrap();
    "".clone_into(&mut shelf.lock().unwrap().sign);
    assert_eq!(shelf.lock().unwrap().books.remove(&1), None);
    data.commit_now().unwrap();
    assert_eq!(len(), before);
    data.close().unwrap();
    shelf.lock().unwrap().books.insert(1, "too late".to_owned());
    assert!(data.commit_now().is_err());
    assert_eq!(len(), before);
}
