//! What a ZIP archive is, told by the names of what is in it.

/// Names that tell what the archive is.
#[derive(Default)]
pub(super) struct Names {
    office: bool,
    macros: bool,
    word: bool,
    excel: bool,
    powerpoint: bool,
    java: bool,
}

impl Names {
    /// Takes one more into account.
    pub(super) fn add(&mut self, name: &[u8]) {
        self.office |= name == b"[Content_Types].xml";
        self.macros |= name.ends_with(b"/vbaProject.bin");
        self.word |= name.starts_with(b"word/");
        self.excel |= name.starts_with(b"xl/");
        self.powerpoint |= name.starts_with(b"ppt/");
        self.java |= name == b"META-INF/MANIFEST.MF";
    }

    /// The media type of an archive that has had all its names, and begins with these bytes.
    pub(super) fn media_type(&self, head: &[u8]) -> &'static str {
        let open = infer::get(head).map(|kind| kind.mime_type()).filter(|media_type| {
            media_type.starts_with("application/vnd.oasis.opendocument.") || *media_type == "application/epub+zip"
        });
        match self {
            Self { office: true, word: true, macros: false, .. } => {
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            }
            Self { office: true, excel: true, macros: false, .. } => {
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            }
            Self { office: true, powerpoint: true, macros: false, .. } => {
                "application/vnd.openxmlformats-officedocument.presentationml.presentation"
            }
            Self { office: true, word: true, .. } => "application/vnd.ms-word.document.macroEnabled.12",
            Self { office: true, excel: true, .. } => "application/vnd.ms-excel.sheet.macroEnabled.12",
            Self { office: true, powerpoint: true, .. } => "application/vnd.ms-powerpoint.presentation.macroEnabled.12",
            Self { java: true, .. } if open.is_none() => "application/java-archive",
            _ => open.unwrap_or("application/zip"),
        }
    }
}
