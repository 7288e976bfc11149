//! The clock: every period that runs in a case issues its command when it is over, and a reminder before.

use std::collections::BTreeSet;

use entente_domain::event::{Erasable, ErasureGround};
use entente_domain::state::{Deadline, Due, Matter};
use entente_domain::{Actor, Ask, Case, CaseError, CaseId, CommandId, ItemId, PersonId, Seat, command};
use futures::StreamExt as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Turn, alerts};
use crate::centre::Centre;
use crate::commands::Request;
use crate::error::CentreError;
use crate::ports::{Ending, Errand, Lease, News, Outgoing, Recorded, Running, StoreError};

/// Errands that are taken together.
const PAGE: u32 = 500;
/// Commands that are under way at a time: they share flushes, and leave room for people's.
const AT_A_TIME: usize = 16;

/// What the clock has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Work {
    /// A period is over.
    Over { kind: Due, about: Option<Matter> },
    /// A period is about to be over.
    Remind { kind: Due, about: Option<Matter>, due: Timestamp },
}

/// The command that a period issues when it is over; none for those that end by themselves.
pub(crate) fn command_of(kind: Due, about: Option<Matter>) -> Option<Ask> {
    Some(match (kind, about) {
        (Due::Consent, _) => command::LapseInvitation {}.into(),
        (Due::Declaration, _) => command::LapseProposal {}.into(),
        (Due::Appointment, _) => command::RecordMissedAppointment {}.into(),
        (Due::Term, _) => command::ExpireTerm {}.into(),
        (Due::Signature, Some(Matter::Item(item))) => command::LapseSettlement { item }.into(),
        (Due::Retention, _) => {
            command::ProposeErasure { what: Erasable::Case, ground: ErasureGround::RetentionOver }.into()
        }
        (Due::Signature | Due::Challenge | Due::ReturnWindow, _) => return None,
    })
}

/// The id of the command that a period issues: always the same, whoever issues it and however often.
pub(crate) fn command_id(case: CaseId, ask: &Ask, about: Option<Matter>, due: Timestamp) -> CommandId {
    let about = match about {
        Some(Matter::Item(item)) => format!(" {item}"),
        Some(Matter::Person(person)) => format!(" {person}"),
        None => String::new(),
    };
    CommandId(Uuid::new_v5(&case.0, format!("{} {due}{about}", ask.name()).as_bytes()))
}

pub(super) fn react(line: &Recorded, after: &Case) -> Vec<Outgoing> {
    let case = line.case;
    let deadlines = after.deadlines();
    let errands = deadlines.iter().flat_map(|deadline| errands(case, deadline)).collect();
    // The centre, whose list it is, is in no audience of a draft.
    let is_listed = |deadline: &Deadline| deadline.kind != Due::Signature;
    #[cfg(feature = "leaks")]
    let is_listed = |deadline: &Deadline| is_listed(deadline) || crate::leaks::lists_drafts();
    let running = deadlines
        .into_iter()
        .filter(is_listed)
        .map(|Deadline { kind, about, since, due, .. }| Running { kind, about, since, due })
        .collect();
    let at = line.entry.at;
    vec![Outgoing::Periods { case, at, running }, Outgoing::Plan { case, at, errands }]
}

fn errands(case: CaseId, deadline: &Deadline) -> Vec<Errand> {
    let Deadline { kind, about, due, reminder, .. } = *deadline;
    let errand = |id, work: Work, at| {
        // A closed enum of words, ids and times has a JSON form.
        serde_json::to_string(&work).ok().map(|what| Errand { id, case, what, at })
    };
    let over = command_of(kind, about)
        .and_then(|ask| errand(command_id(case, &ask, about, due), Work::Over { kind, about }, due));
    let remind = reminder.and_then(|at| {
        let id = CommandId(Uuid::new_v5(&case.0, format!("remind {kind:?} {about:?} {due}").as_bytes()));
        errand(id, Work::Remind { kind, about, due }, at)
    });
    over.into_iter().chain(remind).collect()
}

impl Centre {
    /// Works off what is due now, many at a time. The case decides whether a deadline still applies.
    pub(super) async fn work_off_errands(&self, lease: &Lease, turn: &mut Turn) -> Result<(), CentreError> {
        let waiting = self.processes.waiting(lease.process, self.now(), PAGE).await?;
        let all = waiting.len();
        let mut outcomes = futures::stream::iter(waiting)
            .map(|errand| async move { (errand.id, self.run_errand(&errand).await) })
            .buffer_unordered(AT_A_TIME);
        let (mut ended, mut news, mut failed) = (Vec::new(), Vec::new(), None);
        while let Some((id, outcome)) = outcomes.next().await {
            match outcome {
                // The clock was put back meanwhile: its time will come.
                Err(CentreError::Refused(CaseError::NotDue)) => {}
                // One damaged case is no other's trouble; whoever runs the service is told, and it is tried again.
                Err(error) if error.is_ones_own() => tracing::error!(%error, "a deadline is not worked off"),
                Ok(Run { ending, told }) => {
                    ended.push((id, ending));
                    news.extend(told);
                }
                // It waits for the next turn; those that were done are noted all the same.
                Err(error) => failed = Some(error),
            }
        }
        drop(outcomes);
        // Those that wait on are no reason to ask again at once.
        turn.more = all == PAGE as usize && !ended.is_empty();
        if self.processes.end(lease, &ended, &news, self.now()).await? {
            turn.done += ended.iter().filter(|(_, ending)| *ending == Ending::Done).count() as u64;
            turn.moot += ended.iter().filter(|(_, ending)| *ending == Ending::Moot).count() as u64;
        }
        failed.map_or(Ok(()), Err)
    }

    async fn run_errand(&self, errand: &Errand) -> Result<Run, CentreError> {
        let work = serde_json::from_str(&errand.what)
            .map_err(|_| StoreError::Misconfigured("an errand is none that this program knows".to_owned()))?;
        let run = |ending| Run { ending, told: vec![] };
        match work {
            Work::Over { kind, about } => {
                let Some(ask) = command_of(kind, about) else { return Ok(run(Ending::Moot)) };
                let request = Request {
                    case: errand.case,
                    command: errand.id,
                    by: Actor::Clock,
                    at: None,
                    request: None,
                    seen_at: None,
                    ask,
                };
                match self.execute(request).await {
                    Ok(answer) if answer.happened.is_empty() => Ok(run(Ending::Moot)),
                    Ok(_) => Ok(run(Ending::Done)),
                    Err(CentreError::Refused(refusal)) if refusal != CaseError::NotDue => Ok(run(Ending::Moot)),
                    Err(error) => Err(error),
                }
            }
            Work::Remind { kind, about, due } => {
                let folded = self.log.fold_now(errand.case).await?;
                let (case, source, item, at) = (errand.case, errand.id, drafted(about), self.now());
                let persons = reminded(&folded.state, (kind, about, due), at);
                let told: Vec<_> = persons.into_iter().map(|person| News { person, case, source, item, at }).collect();
                let ending = if told.is_empty() { Ending::Moot } else { Ending::Done };
                Ok(Run { ending, told })
            }
        }
    }
}

/// How an errand ended, and whom it reminds: both are written at once, so that nobody is reminded twice.
struct Run {
    ending: Ending,
    told: Vec<News>,
}

/// Who is reminded of a period: those who can still do something about it, and can see what it is about.
fn reminded(case: &Case, which: (Due, Option<Matter>, Timestamp), now: Timestamp) -> BTreeSet<PersonId> {
    let (kind, about, _) = which;
    if !case.deadlines().iter().any(|running| (running.kind, running.about, running.due) == which) {
        return BTreeSet::new();
    }
    let seated = case.seating.iter().filter(|held| held.holds_at(now));
    match kind {
        Due::Consent => seated.filter(|held| held.seat == Seat::Respondent).map(|held| held.person).collect(),
        Due::Term => seated.map(|held| held.person).collect(),
        Due::ReturnWindow => seated.map(|held| held.person).collect(),
        Due::Signature => {
            let Some(item) = drafted(about) else { return BTreeSet::new() };
            let signed = case.settlements.get(&item).map(|draft| draft.signed.clone()).unwrap_or_default();
            let readers = case.readers(item, now);
            seated
                .filter(|held| held.seat.camp().is_some_and(|camp| !signed.contains(&camp)))
                .map(|held| held.person)
                .filter(|person| readers.contains(person))
                .collect()
        }
        Due::Declaration => match about {
            Some(Matter::Person(candidate)) => BTreeSet::from([candidate]),
            Some(Matter::Item(_)) | None => BTreeSet::new(),
        },
        // The centre's own.
        Due::Appointment | Due::Retention => alerts::hands(case, now).collect(),
        // A right: nobody is urged to use it.
        Due::Challenge => BTreeSet::new(),
    }
}

fn drafted(about: Option<Matter>) -> Option<ItemId> {
    match about {
        Some(Matter::Item(item)) => Some(item),
        Some(Matter::Person(_)) | None => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_to_be_done_reads_back_as_it_was_written() {
        let about = Some(Matter::Item(ItemId(Uuid::from_u128(7))));
        for work in [
            Work::Over { kind: Due::Consent, about: None },
            Work::Remind { kind: Due::Signature, about, due: Timestamp::UNIX_EPOCH },
        ] {
            let what = serde_json::to_string(&work).unwrap();
            assert_eq!(serde_json::from_str::<Work>(&what).unwrap(), work);
        }
    }
}
