//! The command line: its flags and its commands.

use std::path::PathBuf;

use crate::settings::Key;
use crate::{
    audit, bounce, config_command, demo, facts_command, import, keys_command, migrate, percentage, replay, report,
    serve, sweep, tick, token,
};

/// Online mediation for companies: one program for the service, its figures and its audits.
#[derive(Debug, clap::Parser)]
#[command(
    name = "entente",
    version,
    arg_required_else_help = true,
    after_help = "See a whole mediation first:\n  entente demo\n\nExit codes: 0 done, 1 a difference was found or a line \
                  refused, 2 asked wrongly, 3 the database, a file or the network failed."
)]
pub struct Cli {
    /// Settings.
    #[command(flatten)]
    pub flags: Flags,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Settings of this one run; they win over the environment and the file.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Settings (each also ENTENTE_… in the environment, or in the file)")]
pub struct Flags {
    /// The configuration file (TOML) instead of the user's own
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The database: sqlite:/path/file.db or postgres://user@host/database
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// The folder of keys and, by default, of the database
    #[arg(long, global = true, value_name = "FOLDER")]
    pub data_dir: Option<String>,
    /// The address that `serve` listens on; port 0 takes a free one
    #[arg(long, global = true, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Which log lines go to standard error, such as `info` or `warn,entente=debug`
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
    /// How they look: text or json
    #[arg(long, global = true, value_name = "FORMAT")]
    pub log_format: Option<String>,
    /// The language of the results: fr or en
    #[arg(long, global = true, value_name = "LANGUAGE")]
    pub language: Option<String>,
    /// How many connections to the database read at the same time
    #[arg(long, global = true, value_name = "NUMBER")]
    pub max_connections: Option<String>,
    /// Where documents lie: a folder, file:///folder or s3://bucket/prefix
    #[arg(long, global = true, value_name = "URL", hide_short_help = true)]
    pub documents_url: Option<String>,
    /// The S3 service, if it is not Amazon's: https://host:port
    #[arg(long, global = true, value_name = "URL", hide_short_help = true)]
    pub documents_endpoint: Option<String>,
    /// The S3 region
    #[arg(long, global = true, value_name = "NAME", hide_short_help = true)]
    pub documents_region: Option<String>,
    /// The largest document that is taken in, such as 100MB or 1GiB
    #[arg(long, global = true, value_name = "SIZE", hide_short_help = true)]
    pub documents_largest: Option<String>,
    /// How much the documents of one side in one case may hold
    #[arg(long, global = true, value_name = "SIZE", hide_short_help = true)]
    pub documents_quota: Option<String>,
    /// For how many hours an upload that nobody goes on with is kept
    #[arg(long, global = true, value_name = "HOURS", hide_short_help = true)]
    pub documents_grace: Option<String>,
    /// The ClamAV daemon that scans documents: host:port or unix:/path
    #[arg(long, global = true, value_name = "ADDRESS", hide_short_help = true)]
    pub documents_clamd: Option<String>,
    /// Who appoints mediators: by_hand, or first_declared to appoint whoever has declared independence first
    #[arg(long, global = true, value_name = "POLICY", hide_short_help = true)]
    pub appointments: Option<String>,
    /// The server that carries letters: smtp://host:port or smtps://host:port; a folder takes them without
    #[arg(long, global = true, value_name = "URL", hide_short_help = true)]
    pub mail_url: Option<String>,
    /// A file with certificates in PEM to trust beside the system's
    #[arg(long, global = true, value_name = "FILE", hide_short_help = true)]
    pub mail_ca_file: Option<String>,
    /// The address that letters are from
    #[arg(long, global = true, value_name = "ADDRESS", hide_short_help = true)]
    pub mail_from: Option<String>,
    /// The address that takes what could not be delivered
    #[arg(long, global = true, value_name = "ADDRESS", hide_short_help = true)]
    pub mail_bounces: Option<String>,
    /// The page where people sign in: the link in every letter; needed with --mail-url
    #[arg(long, global = true, value_name = "URL", hide_short_help = true)]
    pub mail_site: Option<String>,
    /// Where letters lie that no server carries
    #[arg(long, global = true, value_name = "FOLDER", hide_short_help = true)]
    pub mail_folder: Option<String>,
    /// For how many seconds the server may take for an answer; for the last one on a letter it has ten minutes
    #[arg(long, global = true, value_name = "SECONDS", hide_short_help = true)]
    pub mail_timeout: Option<String>,
    /// The language of letters to those who have chosen none: fr, en, de, es or ko
    #[arg(long, global = true, value_name = "CODE", hide_short_help = true)]
    pub mail_language: Option<String>,
}

impl Flags {
    /// What this command line says of a setting.
    pub fn value(&self, key: Key) -> Option<&str> {
        match key {
            Key::Database => &self.database,
            Key::DataDir => &self.data_dir,
            Key::Listen => &self.listen,
            Key::Log => &self.log,
            Key::LogFormat => &self.log_format,
            Key::Language => &self.language,
            Key::MaxConnections => &self.max_connections,
            Key::DocumentsUrl => &self.documents_url,
            Key::DocumentsEndpoint => &self.documents_endpoint,
            Key::DocumentsRegion => &self.documents_region,
            // Others can list a command line.
            Key::DocumentsAccess | Key::DocumentsSecret | Key::MailUser | Key::MailPassword => &None,
            Key::DocumentsLargest => &self.documents_largest,
            Key::DocumentsQuota => &self.documents_quota,
            Key::DocumentsGrace => &self.documents_grace,
            Key::DocumentsClamd => &self.documents_clamd,
            Key::Appointments => &self.appointments,
            Key::MailUrl => &self.mail_url,
            Key::MailCaFile => &self.mail_ca_file,
            Key::MailFrom => &self.mail_from,
            Key::MailBounces => &self.mail_bounces,
            Key::MailSite => &self.mail_site,
            Key::MailFolder => &self.mail_folder,
            Key::MailTimeout => &self.mail_timeout,
            Key::MailLanguage => &self.mail_language,
        }
        .as_deref()
    }
}

/// What to do.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Serve the HTTP interface until told to stop
    Serve(serve::Args),
    /// Watch a whole mediation between Lyon and Seoul, from registration to settlement
    Demo(demo::Args),
    /// Create the database's schema or bring it up to date
    Migrate(migrate::Args),
    /// Give a person a token for the HTTP interface, or end all of a person's tokens
    Token(token::Args),
    /// Bring in past cases from a file of JSON lines
    Import(import::Args),
    /// Replay the history of a case for an auditor, or check the read models against the log
    Replay(replay::Args),
    /// Ask who could see what and when, who did, and what a restriction came too late for
    Audit(audit::Args),
    /// Report the figures as they may be published, or all of them for the centre's own staff
    Report(report::Args),
    /// Write the facts that figures count as a table for other programs
    Facts(facts_command::Args),
    /// Check a published percentage: every count that gives it, or that none does
    Percentage(percentage::Args),
    /// Work off every deadline that is due
    Tick(tick::Args),
    /// Take away uploads that nobody has gone on with, and what a crash has left of documents
    Sweep(sweep::Args),
    /// Note letters that came back, from the notices of a mail server
    Bounce(bounce::Args),
    /// Check that every key opens, make a new master key, or copy the one there is
    Keys(keys_command::Args),
    /// Show the effective settings, and where each comes from
    Config(config_command::Args),
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    #[test]
    fn the_command_line_is_sound_and_every_command_shows_an_example() {
        let mut cli = Cli::command();
        cli.build();
        cli.clone().debug_assert();
        for command in cli.get_subcommands().filter(|command| command.get_name() != "help") {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.contains("entente "), "{} has no example", command.get_name());
        }
    }
}
