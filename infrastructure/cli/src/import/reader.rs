//! Reading: line by line in bounded memory, each to the worker that has its case.

use std::collections::HashMap;
use std::io::{self, BufRead};
use std::sync::Arc;

use entente_application::Centre;
use entente_application::ports::Names;
use entente_domain::CaseId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use super::line::{LONGEST, Line, Refused};
use super::names;
use super::report::Report;

/// Bytes of lines on their way at one time. What a line unfolds to in memory is a small multiple.
const ON_THE_WAY: usize = 32 * 1024 * 1024;

/// A line for a worker.
pub(super) struct Job {
    /// Its number in the file, from 1.
    pub number: u64,
    /// Its length.
    pub bytes: u64,
    /// What it says.
    pub line: Line,
    /// SHA-256 of its canonical form.
    pub digest: [u8; 32],
    /// Its case.
    pub case: CaseId,
    /// Its share of the memory, given back with the job.
    pub _room: OwnedSemaphorePermit,
}

/// The reading end.
pub(super) struct Reader<R> {
    input: R,
    buffer: Vec<u8>,
    number: u64,
    /// Bytes of blank lines, added to the next line's so that the progress bar reaches its end.
    blank: u64,
    cases: HashMap<String, (CaseId, usize)>,
    room: Arc<Semaphore>,
    workers: Vec<mpsc::Sender<Job>>,
    reports: mpsc::Sender<Report>,
    names: Arc<dyn Names>,
}

impl<R: BufRead> Reader<R> {
    pub(super) fn new(
        input: R,
        workers: Vec<mpsc::Sender<Job>>,
        reports: mpsc::Sender<Report>,
        names: Arc<dyn Names>,
    ) -> Self {
        let room = Arc::new(Semaphore::new(ON_THE_WAY));
        Self { input, buffer: Vec::new(), number: 0, blank: 0, cases: HashMap::new(), room, workers, reports, names }
    }

    /// Reads to the end, or until a worker has stopped; says how many cases there were. Blocks: for a thread of its own.
    pub(super) fn run(mut self, runtime: &tokio::runtime::Handle) -> io::Result<u64> {
        while let Some(bytes) = self.next_line()? {
            self.number += 1;
            if self.buffer.trim_ascii().is_empty() && bytes <= LONGEST {
                self.blank += bytes;
                continue;
            }
            let bytes = bytes + std::mem::take(&mut self.blank);
            let listening = match self.job(bytes, runtime) {
                Ok((job, worker)) => self.workers.get(worker).is_some_and(|to| to.blocking_send(job).is_ok()),
                Err((id, refused)) => {
                    let report = Report { number: self.number, id, bytes, result: Err(refused) };
                    self.reports.blocking_send(report).is_ok()
                }
            };
            if !listening {
                break;
            }
        }
        Ok(self.cases.len() as u64)
    }

    /// The next line's bytes into the buffer, as far as they are wanted; its length with its end, none at the end.
    fn next_line(&mut self) -> io::Result<Option<u64>> {
        self.buffer.clear();
        let mut length = 0;
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok((length > 0).then_some(length));
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = end.map_or(chunk.len(), |end| end + 1);
            if length <= LONGEST {
                self.buffer.extend_from_slice(chunk.get(..part).unwrap_or_default());
            }
            length += part as u64;
            self.input.consume(part);
            if end.is_some() {
                return Ok(Some(length));
            }
        }
    }

    fn job(&mut self, bytes: u64, runtime: &tokio::runtime::Handle) -> Result<(Job, usize), (Option<String>, Refused)> {
        if self.buffer.len() as u64 > LONGEST {
            let reason = format!("the line is longer than {LONGEST} bytes");
            return Err((None, Refused::new("line-too-long", reason)));
        }
        // A byte-order mark is how some programs begin a file; it says nothing.
        let text = self.buffer.strip_prefix(b"\xef\xbb\xbf").filter(|_| self.number == 1).unwrap_or(&self.buffer);
        let line = Line::parse(text)?;
        let digest = line.digest().map_err(|error| (Some(line.id.clone()), Refused::malformed(&error)))?;
        let (case, worker) = match self.cases.get(&line.case) {
            Some(known) => *known,
            None if line.command_name() == Some("register") => {
                // Cases go to the workers in turn: neighbours in the file are worked on at the same time.
                let place = (
                    Centre::case_for(names::command(&*self.names, &line.id)),
                    self.cases.len() % self.workers.len().max(1),
                );
                self.cases.insert(line.case.clone(), place);
                place
            }
            None => return Err((Some(line.id), Refused::unregistered())),
        };
        let share = u32::try_from(self.buffer.len()).unwrap_or(u32::MAX);
        let room = runtime.block_on(Arc::clone(&self.room).acquire_many_owned(share));
        let Ok(room) = room else {
            return Err((Some(line.id), Refused::new("stopped", "the import was stopped before this line")));
        };
        Ok((Job { number: self.number, bytes, line, digest, case, _room: room }, worker))
    }
}
