//! ZIP archives as a test wants them: true, or false in one thing.

/// A file in an archive; by default what it says of itself is true.
#[derive(Clone, Copy, Default)]
pub(super) struct File<'a> {
    pub(super) name: &'a str,
    pub(super) content: &'a [u8],
    /// What it says it unpacks to, if that is not its length.
    pub(super) unpacked: Option<u64>,
    pub(super) packed: Option<u64>,
    pub(super) offset: Option<u64>,
    /// In the field for whatever else.
    pub(super) extra: &'a [u8],
    pub(super) method: u16,
}

pub(super) const fn file<'a>(name: &'a str, content: &'a [u8]) -> File<'a> {
    File { name, content, unpacked: None, packed: None, offset: None, extra: &[], method: 0 }
}

#[derive(Default)]
pub(super) struct Archive<'a> {
    pub(super) files: &'a [File<'a>],
    pub(super) comment: &'a [u8],
    pub(super) large: bool,
    /// How many files it says it has, beyond those it has.
    pub(super) more: u64,
}

impl Archive<'_> {
    pub(super) fn bytes(&self) -> Vec<u8> {
        let (mut out, mut directory) = (Vec::new(), Vec::new());
        for file in self.files {
            let offset = file.offset.unwrap_or(out.len() as u64);
            let (packed, unpacked) = (file.packed.unwrap_or(file.content.len() as u64), file.unpacked);
            let unpacked = unpacked.unwrap_or(file.content.len() as u64);
            let name = (file.name.len() as u16).to_le_bytes();
            out.extend([b"PK\x03\x04\x14\0\0\0", &file.method.to_le_bytes()[..], &[0; 16]].concat());
            out.extend(
                [&name[..], &(file.extra.len() as u16).to_le_bytes(), file.name.as_bytes(), file.extra].concat(),
            );
            out.extend(file.content);
            let mut large = Vec::new();
            let mut field = |number: u64| {
                let small = u32::try_from(number).unwrap_or(u32::MAX);
                if small == u32::MAX {
                    large.extend(number.to_le_bytes());
                }
                small.to_le_bytes()
            };
            let (unpacked, packed, offset) = (field(unpacked), field(packed), field(offset));
            let extra = [&[9, 9, 2, 0, 7, 7, 1, 0], &(large.len() as u16).to_le_bytes()[..], &large].concat();
            directory.extend([b"PK\x01\x02\x14\0\x14\0\0\0", &file.method.to_le_bytes()[..], &[0; 8]].concat());
            directory.extend([&packed[..], &unpacked, &name, &(extra.len() as u16).to_le_bytes(), &[0; 10]].concat());
            directory.extend([&offset[..], file.name.as_bytes(), &extra].concat());
        }
        let (at, size) = (out.len() as u64, directory.len() as u64);
        let entries = self.files.len() as u64 + self.more;
        out.extend(directory);
        if self.large {
            let record = out.len() as u64;
            out.extend([b"PK\x06\x06".as_slice(), &44_u64.to_le_bytes(), &[45, 0, 45, 0], &[0; 8]].concat());
            [entries, entries, size, at].iter().for_each(|number| out.extend(number.to_le_bytes()));
            out.extend([b"PK\x06\x07\0\0\0\0".as_slice(), &record.to_le_bytes(), &[1, 0, 0, 0]].concat());
            out.extend(b"PK\x05\x06\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff");
        } else {
            let entries = (entries as u16).to_le_bytes();
            out.extend([b"PK\x05\x06\0\0\0\0", &entries[..], &entries, &(size as u32).to_le_bytes()].concat());
            out.extend((at as u32).to_le_bytes());
        }
        out.extend([&(self.comment.len() as u16).to_le_bytes(), self.comment].concat());
        out
    }
}

pub(super) fn zip(files: &[File<'_>]) -> Vec<u8> {
    Archive { files, ..Archive::default() }.bytes()
}
