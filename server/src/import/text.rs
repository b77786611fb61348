//! A file's bytes as text, whatever a spreadsheet made of it. Read twice and never whole: once to find out what it is,
//! once to take it in.

use encoding_rs::{Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::io::{self, Read, Seek, SeekFrom};

const CHUNK: usize = 16 * 1024;

/// What a file begins with that is no text, and what to do about it.
const NO_TEXT: [(&[u8], &str); 5] = [
    (b"PK\x03\x04", "This is a workbook or an archive, not a CSV file. Open it and save it as CSV UTF-8."),
    (b"\xd0\xcf\x11\xe0", "This is a workbook of an older kind. Open it and save it as CSV UTF-8."),
    (b"%PDF", "This is a PDF. Export the jobs as CSV instead."),
    (b"\x1f\x8b", "This file is compressed. Unpack it first."),
    (b"<", "This is a web page, not a CSV file. Export the jobs as CSV and choose that file."),
];

/// How a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Form {
    encoding: &'static Encoding,
    /// Bytes before the text.
    mark: u64,
}

/// Why a file cannot be read.
#[derive(Debug)]
pub(super) enum Unreadable {
    /// It is no text; for a person.
    NoText(&'static str),
    Io(io::Error),
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Form {
    /// Looks at the whole file. With a mark it is what the mark says; without one UTF-16 shows by its zeros, UTF-8 by
    /// being it throughout, and what is neither is Windows-1252, in which every byte means something.
    pub(super) fn of(file: &mut (impl Read + Seek)) -> Result<Self, Unreadable> {
        file.seek(SeekFrom::Start(0))?;
        let mut chunk = vec![0; CHUNK];
        let mut length = fill(file, &mut chunk)?;
        let start = &chunk[..length];
        if let Some((encoding, mark)) = Encoding::for_bom(start) {
            return Ok(Self { encoding, mark: mark as u64 });
        }
        let unmarked = |encoding| Ok(Self { encoding, mark: 0 });
        if let Some((_, what)) = NO_TEXT.iter().find(|(magic, _)| start.trim_ascii_start().starts_with(magic))
        {
            return Err(Unreadable::NoText(what));
        }
        let zeros = |parity| start.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
        // Latin text in UTF-16 has a zero in every other byte.
        match (zeros(0), zeros(1)) {
            (0, 0) => {}
            (0, odd) if odd > start.len() / 6 => return unmarked(UTF_16LE),
            (even, 0) if even > start.len() / 6 => return unmarked(UTF_16BE),
            _ => return Err(Unreadable::NoText("This file is not text. Export the jobs as CSV UTF-8.")),
        }
        // What of a character was cut off at the end of a chunk.
        let mut cut = 0;
        while length > cut {
            let end = match std::str::from_utf8(&chunk[..length]) {
                Ok(_) => length,
                Err(flaw) if flaw.error_len().is_none() => flaw.valid_up_to(),
                Err(_) => return unmarked(WINDOWS_1252),
            };
            chunk.copy_within(end..length, 0);
            cut = length - end;
            length = cut + fill(file, &mut chunk[cut..])?;
        }
        unmarked(if cut == 0 { UTF_8 } else { WINDOWS_1252 })
    }

    /// As people call it.
    pub(super) fn name(self) -> &'static str {
        match self.encoding.name() {
            "UTF-16LE" | "UTF-16BE" => "UTF-16",
            "windows-1252" => "Windows-1252",
            other => other,
        }
    }

    /// The text as UTF-8, from the beginning. Every line ends in one line feed, the last one too: so lines can be
    /// counted as an editor counts them.
    pub(super) fn text<F: Read + Seek>(self, mut file: F) -> io::Result<Text<F>> {
        file.seek(SeekFrom::Start(self.mark))?;
        let decoder = self.encoding.new_decoder_without_bom_handling();
        Ok(Text {
            file,
            decoder,
            raw: vec![0; CHUNK],
            text: Vec::new(),
            at: 0,
            after_return: false,
            ended: false,
        })
    }
}

/// As many bytes as there are, up to the length of `chunk`.
fn fill(file: &mut impl Read, chunk: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < chunk.len() {
        match file.read(&mut chunk[length..])? {
            0 => break,
            more => length += more,
        }
    }
    Ok(length)
}

/// Decodes while it is read. What cannot be decoded becomes U+FFFD.
pub(super) struct Text<F> {
    file: F,
    decoder: Decoder,
    raw: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    /// The last character was a carriage return: a line feed that follows is of the same end of line.
    after_return: bool,
    ended: bool,
}

impl<F: Read> Read for Text<F> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            let length = self.file.read(&mut self.raw)?;
            self.ended = length == 0;
            let most = self.decoder.max_utf8_buffer_length(length).unwrap_or(4 * CHUNK);
            self.text.clear();
            self.text.resize(most, 0);
            let (_, _, written, _) =
                self.decoder.decode_to_utf8(&self.raw[..length], &mut self.text, self.ended);
            self.text.truncate(written);
            self.end_lines();
            if self.ended {
                self.text.push(b'\n');
            }
            self.at = 0;
        }
        let length = out.len().min(self.text.len() - self.at);
        out[..length].copy_from_slice(&self.text[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

impl<F> Text<F> {
    fn end_lines(&mut self) {
        let after_return = &mut self.after_return;
        self.text.retain_mut(|byte| {
            let second = *byte == b'\n' && *after_return;
            *after_return = *byte == b'\r';
            if *after_return {
                *byte = b'\n';
            }
            !second
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn read(bytes: &[u8]) -> (String, String) {
        let mut file = Cursor::new(bytes);
        match Form::of(&mut file) {
            Ok(form) => {
                let mut text = String::new();
                form.text(file).unwrap().read_to_string(&mut text).unwrap();
                (form.name().to_owned(), text)
            }
            Err(Unreadable::NoText(what)) => ("none".to_owned(), what.to_owned()),
            Err(Unreadable::Io(error)) => panic!("{error}"),
        }
    }

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(unit).collect()
    }

    #[test]
    fn what_spreadsheets_write_is_read() {
        let text = "Job ID;Stadt\r\nJ1;Köln\r\n";
        let said = |encoding: &str| (encoding.to_owned(), format!("{}\n", text.replace('\r', "")));
        assert_eq!(read(text.as_bytes()), said("UTF-8"));
        assert_eq!(read(&[b"\xef\xbb\xbf", text.as_bytes()].concat()), said("UTF-8"));
        for unit in [u16::to_le_bytes, u16::to_be_bytes] {
            assert_eq!(read(&utf16(text, unit)), said("UTF-16"));
            assert_eq!(read(&utf16(&format!("\u{feff}{text}"), unit)), said("UTF-16"));
        }
        let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
        assert_eq!(read(&latin), said("Windows-1252"));
        assert_eq!(read(b"").0, "UTF-8");
    }

    #[test]
    fn a_character_cut_by_a_chunk_is_whole_again() {
        for shift in 0..4 {
            let text = format!("{}{}", "x".repeat(shift), "ö€𝄞".repeat(CHUNK / 3));
            assert_eq!(read(text.as_bytes()), ("UTF-8".to_owned(), format!("{text}\n")));
        }
        // Cut off at the end of the file, it is no UTF-8.
        assert_eq!(read(b"abc\xc3").0, "Windows-1252");
    }

    #[test]
    fn every_line_ends_in_one_line_feed() {
        assert_eq!(read(b"a\r\nb\rc\n\r\nd").1, "a\nb\nc\n\nd\n");
        let long = "x".repeat(CHUNK - 1);
        assert_eq!(read(format!("{long}\r\ny").as_bytes()).1, format!("{long}\ny\n"));
    }

    #[test]
    fn what_is_no_text_says_what_to_do() {
        for bytes in [&b"PK\x03\x04rest"[..], b"\xd0\xcf\x11\xe0", b"%PDF-1.7", b"\n<html>", b"a\0\0\0b\0\0"]
        {
            let (encoding, what) = read(bytes);
            assert_eq!(encoding, "none", "{bytes:?}");
            assert!(what.ends_with('.') && what.contains("CSV"), "{what}");
        }
    }
}
