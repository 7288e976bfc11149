//! What can be set, and how each setting is called: in the file, in the environment, as a flag.

/// Something that can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The database's URL.
    Database,
    /// The folder of keys and, by default, of the database.
    DataDir,
    /// The address that `serve` listens on.
    Listen,
    /// Which log lines are written.
    Log,
    /// How they look.
    LogFormat,
    /// The language in which results are printed.
    Language,
    /// How many connections to the database read at the same time.
    MaxConnections,
    /// Where documents lie.
    DocumentsUrl,
    /// The S3 service, if it is not Amazon's.
    DocumentsEndpoint,
    /// The S3 region.
    DocumentsRegion,
    /// The S3 access key.
    DocumentsAccess,
    /// The S3 secret key.
    DocumentsSecret,
    /// Bytes of one document at most.
    DocumentsLargest,
    /// Bytes of all documents of one seat in one case at most.
    DocumentsQuota,
    /// How long an upload that nobody goes on with is kept.
    DocumentsGrace,
    /// What looks for malware in documents.
    DocumentsClamd,
    /// Who appoints mediators.
    Appointments,
    /// The server that carries letters.
    MailUrl,
    /// Who signs in there.
    MailUser,
    /// With which password.
    MailPassword,
    /// Certificates to trust beside the system's.
    MailCaFile,
    /// The address that letters are from.
    MailFrom,
    /// The address that takes what could not be delivered.
    MailBounces,
    /// The page where people sign in.
    MailSite,
    /// Where letters lie that no server carries.
    MailFolder,
    /// How long the server may take for an answer.
    MailTimeout,
    /// The language of letters to those who have chosen none.
    MailLanguage,
}

impl Key {
    /// All of them, in the order in which they are declared.
    pub const ALL: [Self; 27] = [
        Self::Database,
        Self::DataDir,
        Self::Listen,
        Self::Log,
        Self::LogFormat,
        Self::Language,
        Self::MaxConnections,
        Self::DocumentsUrl,
        Self::DocumentsEndpoint,
        Self::DocumentsRegion,
        Self::DocumentsAccess,
        Self::DocumentsSecret,
        Self::DocumentsLargest,
        Self::DocumentsQuota,
        Self::DocumentsGrace,
        Self::DocumentsClamd,
        Self::Appointments,
        Self::MailUrl,
        Self::MailUser,
        Self::MailPassword,
        Self::MailCaFile,
        Self::MailFrom,
        Self::MailBounces,
        Self::MailSite,
        Self::MailFolder,
        Self::MailTimeout,
        Self::MailLanguage,
    ];

    /// Its name in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::DataDir => "data_dir",
            Self::Listen => "listen",
            Self::Log => "log",
            Self::LogFormat => "log_format",
            Self::Language => "language",
            Self::MaxConnections => "max_connections",
            Self::DocumentsUrl => "documents.url",
            Self::DocumentsEndpoint => "documents.endpoint",
            Self::DocumentsRegion => "documents.region",
            Self::DocumentsAccess => "documents.access_key",
            Self::DocumentsSecret => "documents.secret_key",
            Self::DocumentsLargest => "documents.largest",
            Self::DocumentsQuota => "documents.quota",
            Self::DocumentsGrace => "documents.grace",
            Self::DocumentsClamd => "documents.clamd",
            Self::Appointments => "appointments",
            Self::MailUrl => "mail.url",
            Self::MailUser => "mail.user",
            Self::MailPassword => "mail.password",
            Self::MailCaFile => "mail.ca_file",
            Self::MailFrom => "mail.from",
            Self::MailBounces => "mail.bounces",
            Self::MailSite => "mail.site",
            Self::MailFolder => "mail.folder",
            Self::MailTimeout => "mail.timeout",
            Self::MailLanguage => "mail.language",
        }
    }

    /// Its name in the environment.
    pub fn variable(self) -> String {
        format!("ENTENTE_{}", self.name().to_ascii_uppercase().replace('.', "_"))
    }

    /// What the environment calls it for every program that speaks to an S3-compatible store.
    pub const fn usual_variables(self) -> &'static [&'static str] {
        match self {
            Self::DocumentsEndpoint => &["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"],
            Self::DocumentsRegion => &["AWS_REGION", "AWS_DEFAULT_REGION"],
            Self::DocumentsAccess => &["AWS_ACCESS_KEY_ID"],
            Self::DocumentsSecret => &["AWS_SECRET_ACCESS_KEY"],
            _ => &[],
        }
    }

    /// Its name as a flag.
    pub fn flag(self) -> String {
        format!("--{}", self.name().replace(['_', '.'], "-"))
    }
}
