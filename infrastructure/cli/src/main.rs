//! `entente`: the one executable. Reads the command line and the settings, and hands over to the command.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "printing is what a command line is for")]

mod args;
mod audit;
mod audit_text;
mod bounce;
mod config_command;
mod data_file;
mod demo;
mod documents_settings;
mod explanation;
mod exposure_text;
mod fact_file;
mod facts_command;
mod failure;
mod import;
mod keys_command;
mod language;
mod life_text;
mod logging;
mod mail_settings;
mod masking;
mod migrate;
mod output;
mod percentage;
mod replay;
mod replay_check;
mod replay_text;
mod report;
mod serve;
mod settings;
mod settings_file;
mod settings_key;
mod settings_said;
mod sweep;
mod tick;
mod token;
mod words;
mod world;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command};
use crate::failure::Failure;
use crate::settings::Settings;

/// Enough for one case after another; the database's connections have threads of their own.
const WORKERS: usize = 2;

fn main() -> ExitCode {
    run(Cli::parse()).unwrap_or_else(|failure| {
        if let Some(message) = failure.message() {
            output::talk(&format!("entente: {message}"));
        }
        failure.exit_code()
    })
}

#[expect(clippy::disallowed_methods, reason = "the environment is read here, once")]
fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let settings = Settings::load(&cli.flags, &|name| std::env::var_os(name))?;
    logging::start(&settings)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .enable_all()
        .build()
        .map_err(|error| Failure::unable(format!("the program cannot start its threads: {error}")))?;
    runtime.block_on(carry_out(cli.command, &settings))
}

async fn carry_out(command: Command, settings: &Settings) -> Result<ExitCode, Failure> {
    match command {
        Command::Serve(args) => serve::run(args, settings).await,
        Command::Demo(args) => demo::run(args, settings).await,
        Command::Migrate(args) => migrate::run(args, settings).await,
        Command::Token(args) => token::run(args, settings).await,
        Command::Import(args) => import::run(args, settings).await,
        Command::Replay(args) => replay::run(args, settings).await,
        Command::Audit(args) => audit::run(args, settings).await,
        Command::Report(args) => report::run(args, settings).await,
        Command::Facts(args) => facts_command::run(args, settings).await,
        Command::Percentage(args) => percentage::run(&args, settings),
        Command::Tick(args) => tick::run(args, settings).await,
        Command::Sweep(args) => sweep::run(args, settings).await,
        Command::Bounce(args) => bounce::run(args, settings).await,
        Command::Keys(args) => keys_command::run(args, settings).await,
        Command::Config(args) => config_command::run(args, settings),
    }
}
