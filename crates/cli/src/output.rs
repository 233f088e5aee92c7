//! What goes to standard output: lines for people, or one JSON document for programs.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use serde::Serialize;
use terminal_size::{Width, terminal_size};

use crate::failure::{Failure, Result};
use crate::present::style::Style;

/// Standard output, buffered unless a person is watching.
#[derive(Debug)]
pub(crate) struct Output {
    out: BufWriter<Pipe>,
    style: Style,
    watched: bool,
}

impl Output {
    pub(crate) fn new() -> Self {
        Self {
            out: BufWriter::with_capacity(BUFFER, Pipe::new()),
            style: Style::of_stdout(),
            watched: io::stdout().is_terminal(),
        }
    }

    /// From here on the work goes on when whoever reads has gone: it is more than its output, and
    /// its own end decides.
    pub(crate) fn outlive_reader(&mut self) {
        self.out.get_mut().outlives_reader = true;
    }

    /// How words are set off here.
    pub(crate) fn style(&self) -> Style {
        self.style
    }

    /// How wide the terminal is, if it is one.
    pub(crate) fn columns(&self) -> Option<usize> {
        let size = self.watched.then(terminal_size).flatten();
        size.map(|(Width(columns), _)| columns.into())
    }

    /// A line for people.
    pub(crate) fn line(&mut self, text: impl Display) -> Result<()> {
        writeln!(self.out, "{text}").map_err(Failure::writing)?;
        if self.watched {
            self.flush()?;
        }
        Ok(())
    }

    /// Text as it is, without a line end.
    pub(crate) fn text(&mut self, text: &str) -> Result<()> {
        self.bytes(text.as_bytes())
    }

    /// Bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.out.write_all(bytes).map_err(Failure::writing)
    }

    /// A JSON document on a line of its own.
    pub(crate) fn document(&mut self, document: &impl Serialize) -> Result<()> {
        self.value(document)?;
        self.text("\n")?;
        self.flush()
    }

    /// A JSON document whose last field is a list, of values written down as JSON already: they may
    /// be millions.
    pub(crate) fn document_with(
        &mut self,
        head: &impl Serialize,
        name: &str,
        values: impl Iterator<Item = Result<String>>,
    ) -> Result<()> {
        let head = serde_json::to_string(head).map_err(|error| Failure::writing(error.into()))?;
        self.text(head.strip_suffix('}').unwrap_or(&head))?;
        self.text(&format!(",\"{name}\":["))?;
        let mut comma = "";
        for value in values {
            self.text(comma)?;
            self.text(&value?)?;
            comma = ",";
        }
        self.text("]}\n")?;
        self.flush()
    }

    /// A JSON value within a document that is written piece by piece.
    pub(crate) fn value(&mut self, value: &impl Serialize) -> Result<()> {
        serde_json::to_writer(&mut self.out, value).map_err(|error| Failure::writing(error.into()))
    }

    pub(crate) fn flush(&mut self) -> Result<()> {
        self.out.flush().map_err(Failure::writing)
    }
}

/// Standard output, which may go on when nobody reads it any more.
#[derive(Debug)]
struct Pipe {
    out: Stdout,
    outlives_reader: bool,
    reader_gone: bool,
}

impl Pipe {
    fn new() -> Self {
        Self { out: io::stdout(), outlives_reader: false, reader_gone: false }
    }

    /// Does it while somebody reads; `unread` is the answer of what nobody hears.
    fn heard<T>(
        &mut self,
        unread: T,
        write: impl FnOnce(&mut Stdout) -> io::Result<T>,
    ) -> io::Result<T> {
        if self.reader_gone {
            return Ok(unread);
        }
        match write(&mut self.out) {
            Err(error) if self.outlives_reader && error.kind() == io::ErrorKind::BrokenPipe => {
                self.reader_gone = true;
                Ok(unread)
            }
            done => done,
        }
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.heard(bytes.len(), |out| out.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.heard((), Write::flush)
    }
}

const BUFFER: usize = 64 * 1024;
