//! ZIP archives: by hand, true or false in one thing (APPNOTE 6.3.10), and by a program that knows nothing of us.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// A file in an archive, and what the archive says of it.
pub(super) struct Entry<'a> {
    pub(super) name: &'a str,
    pub(super) content: &'a [u8],
    /// What it is said to unpack to, if that is not its length; written as ZIP64 where it needs to be.
    pub(super) said: Option<u64>,
    /// Where it is said to begin, if not where it does.
    pub(super) at: Option<u32>,
}

impl<'a> Entry<'a> {
    pub(super) fn of(name: &'a str, content: &'a [u8]) -> Self {
        Self { name, content, said: None, at: None }
    }
}

/// An archive of these, stored as they are, with a comment.
pub(super) fn archive(entries: &[Entry<'_>], comment: &[u8]) -> Vec<u8> {
    let (mut file, mut directory) = (vec![], vec![]);
    for entry in entries {
        let at = entry.at.unwrap_or(file.len() as u32);
        let (name, length) = (entry.name.as_bytes(), entry.content.len() as u32);
        let said = entry.said.unwrap_or(u64::from(length));
        let small = u32::try_from(said).unwrap_or(u32::MAX);
        let extra = match small {
            u32::MAX => [&[1, 0, 8, 0][..], &said.to_le_bytes()].concat(),
            _ => vec![],
        };
        file.extend(b"PK\x03\x04\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0");
        file.extend([length.to_le_bytes(), length.to_le_bytes()].concat());
        file.extend([(name.len() as u16).to_le_bytes(), [0, 0]].concat());
        file.extend([name, entry.content].concat());
        directory.extend(b"PK\x01\x02\x2d\0\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0");
        directory.extend([length.to_le_bytes(), small.to_le_bytes()].concat());
        directory.extend([(name.len() as u16).to_le_bytes(), (extra.len() as u16).to_le_bytes()].concat());
        directory.extend([&[0; 10][..], &at.to_le_bytes(), name, &extra].concat());
    }
    let (at, size, count) = (file.len() as u32, directory.len() as u32, entries.len() as u16);
    file.extend(directory);
    file.extend([&b"PK\x05\x06\0\0\0\0"[..], &count.to_le_bytes(), &count.to_le_bytes()].concat());
    file.extend([size.to_le_bytes(), at.to_le_bytes()].concat());
    file.extend([&(comment.len() as u16).to_le_bytes()[..], comment].concat());
    file
}

/// What Python's own library makes: `name=megabytes` of zeros, compressed as well as it can.
pub(super) fn packed_zeros(name: &str, mebibytes: u32) -> Vec<u8> {
    let script = "
import io, sys, zipfile
out = io.BytesIO()
with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    with archive.open(sys.argv[1], 'w') as file:
        for _ in range(int(sys.argv[2])):
            file.write(bytes(1 << 20))
sys.stdout.buffer.write(out.getvalue())
";
    let mut python = Command::new("python3");
    let made = python.args(["-c", script, name, &mebibytes.to_string()]).stdin(Stdio::null()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    made.stdout
}

/// The same library's archive of one file with these bytes, compressed.
pub(super) fn packed(name: &str, content: &[u8]) -> Vec<u8> {
    let script = "
import io, sys, zipfile
out = io.BytesIO()
with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as archive:
    archive.writestr(sys.argv[1], sys.stdin.buffer.read())
sys.stdout.buffer.write(out.getvalue())
";
    let mut python = Command::new("python3");
    let python = python.args(["-c", script, name]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = python.spawn().unwrap();
    // It reads to the end before it writes.
    python.stdin.take().unwrap().write_all(content).unwrap();
    let made = python.wait_with_output().unwrap();
    assert!(made.status.success());
    made.stdout
}
