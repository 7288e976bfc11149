//! How the facts of a case are spelled in a row, and back; and the statements that write many.

use entente_application::ports::StoreError;
use entente_domain::event::Channel;
use entente_projections::facts::{Fact, Filing, Milestone, Switch};
use sqlx::{ColumnIndex, Database, Decode, Encode, QueryBuilder, Row, Type};
use uuid::Uuid;

use crate::errors::{damaged, fault};
use crate::view_batches::CHUNK;
use crate::view_rows::{instant, parse, word};

/// The columns, in the order in which they are read and written.
macro_rules! fact_columns {
    () => {
        "pseudonym, rule_set, sector, amount, cross_border, claimant, respondent, registered, registered_position, \
         qualified, qualified_position, invited, invited_position, invitation_due, consented, consented_position, \
         appointment_due, appointed, appointed_position, claimant_item, claimant_item_position, respondent_item, \
         respondent_item_position, offline_exchange, offline_exchange_position, closed, closed_position, outcome, \
         settled_later, settled_later_position, channels"
    };
}
pub(crate) use fact_columns;

/// A case's facts with their words spelled, ready to be bound.
#[derive(Debug)]
pub(crate) struct FactLine {
    ids: [Uuid; 3],
    words: [String; 3],
    cross_border: bool,
    /// Registered, with its position; then the rest in the order of the columns.
    registered: [i64; 2],
    before_outcome: [Option<i64>; 18],
    outcome: Option<String>,
    settled_later: [Option<i64>; 2],
    channels: String,
}

impl FactLine {
    pub(crate) fn of(fact: &Fact) -> Result<Self, StoreError> {
        let filing = &fact.filing;
        let due = |at: Option<jiff::Timestamp>| at.map(jiff::Timestamp::as_microsecond);
        let [qualified, invited, consented, appointed] =
            [fact.qualified, fact.invited, fact.consented, fact.appointed].map(pair);
        let [claimant, respondent, exchange, closed] =
            [fact.claimant_item, fact.respondent_item, fact.offline_exchange, fact.closed].map(pair);
        Ok(Self {
            ids: [fact.pseudonym, filing.claimant, filing.respondent],
            words: [word(&filing.rule_set)?, word(&filing.sector)?, word(&filing.amount)?],
            cross_border: filing.cross_border,
            registered: [filing.registered.at.as_microsecond(), whole(filing.registered.position)?],
            before_outcome: [
                qualified[0],
                qualified[1],
                invited[0],
                invited[1],
                due(fact.invitation_due),
                consented[0],
                consented[1],
                due(fact.appointment_due),
                appointed[0],
                appointed[1],
                claimant[0],
                claimant[1],
                respondent[0],
                respondent[1],
                exchange[0],
                exchange[1],
                closed[0],
                closed[1],
            ],
            outcome: fact.outcome.as_ref().map(word).transpose()?,
            settled_later: pair(fact.settled_later),
            channels: channels(&fact.channels)?,
        })
    }
}

/// The statements that write rows into a build, each row whole.
pub(crate) fn statements<'q, Engine>(
    lines: &'q [FactLine],
    build: i64,
) -> impl Iterator<Item = QueryBuilder<'q, Engine>> + Send
where
    Engine: Database,
    Uuid: Encode<'q, Engine> + Type<Engine>,
    i64: Encode<'q, Engine> + Type<Engine>,
    Option<i64>: Encode<'q, Engine>,
    bool: Encode<'q, Engine> + Type<Engine>,
    &'q str: Encode<'q, Engine> + Type<Engine>,
    Option<&'q str>: Encode<'q, Engine>,
{
    lines.chunks(CHUNK).map(move |some| {
        let mut query = QueryBuilder::new(concat!("INSERT INTO fact_row (build, ", fact_columns!(), ") "));
        query.push_values(some, |mut columns, line| {
            columns.push_bind(build).push_bind(line.ids[0]);
            line.words.iter().for_each(|word| {
                columns.push_bind(word.as_str());
            });
            columns.push_bind(line.cross_border).push_bind(line.ids[1]).push_bind(line.ids[2]);
            columns.push_bind(line.registered[0]).push_bind(line.registered[1]);
            for number in line.before_outcome {
                columns.push_bind(number);
            }
            columns.push_bind(line.outcome.as_deref());
            columns.push_bind(line.settled_later[0]).push_bind(line.settled_later[1]);
            columns.push_bind(line.channels.as_str());
        });
        query.push(" ON CONFLICT (build, pseudonym) DO UPDATE SET ");
        // The registration never changes.
        for (place, column) in concat!(fact_columns!()).split(", ").skip(9).enumerate() {
            if place > 0 {
                query.push(", ");
            }
            query.push(format!("{column} = excluded.{column}"));
        }
        query
    })
}

/// A case's facts from the columns of [`fact_columns`].
pub(crate) fn fact<'r, R>(row: &'r R) -> Result<Fact, StoreError>
where
    R: Row,
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database>,
    bool: Decode<'r, R::Database>,
    Uuid: Decode<'r, R::Database>,
    &'r str: Decode<'r, R::Database>,
    Option<i64>: Decode<'r, R::Database>,
    Option<&'r str>: Decode<'r, R::Database>,
{
    let id = |place: usize| row.try_get_unchecked::<Uuid, _>(place).map_err(fault);
    let text = |place: usize| row.try_get_unchecked::<&str, _>(place).map_err(fault);
    let number = |place: usize| row.try_get_unchecked::<i64, _>(place).map_err(fault);
    let reached = |place: usize| milestone(row, place);
    let due = |place: usize| -> Result<_, StoreError> {
        row.try_get_unchecked::<Option<i64>, _>(place).map_err(fault)?.map(instant).transpose()
    };
    let filing = Filing {
        rule_set: parse(text(1)?)?,
        sector: parse(text(2)?)?,
        amount: parse(text(3)?)?,
        cross_border: row.try_get_unchecked(4).map_err(fault)?,
        claimant: id(5)?,
        respondent: id(6)?,
        registered: Milestone { at: instant(number(7)?)?, position: position(number(8)?)? },
    };
    let outcome: Option<&str> = row.try_get_unchecked(27).map_err(fault)?;
    Ok(Fact {
        qualified: reached(9)?,
        invited: reached(11)?,
        invitation_due: due(13)?,
        consented: reached(14)?,
        appointment_due: due(16)?,
        appointed: reached(17)?,
        claimant_item: reached(19)?,
        respondent_item: reached(21)?,
        offline_exchange: reached(23)?,
        closed: reached(25)?,
        outcome: outcome.map(parse).transpose()?,
        settled_later: reached(28)?,
        channels: switches(text(30)?)?,
        ..Fact::new(id(0)?, filing)
    })
}

fn milestone<'r, R>(row: &'r R, place: usize) -> Result<Option<Milestone>, StoreError>
where
    R: Row,
    usize: ColumnIndex<R>,
    Option<i64>: Decode<'r, R::Database>,
{
    let at: Option<i64> = row.try_get_unchecked(place).map_err(fault)?;
    let reached: Option<i64> = row.try_get_unchecked(place + 1).map_err(fault)?;
    match (at, reached) {
        (None, None) => Ok(None),
        (Some(at), Some(reached)) => Ok(Some(Milestone { at: instant(at)?, position: position(reached)? })),
        _ => Err(damaged("a fact has a time without its position, or a position without its time")),
    }
}

fn pair(reached: Option<Milestone>) -> [Option<i64>; 2] {
    // A position is a row's number in a table: it fits.
    let number = |reached: Milestone| i64::try_from(reached.position).unwrap_or(i64::MAX);
    [reached.map(|reached| reached.at.as_microsecond()), reached.map(number)]
}

fn whole(position: u64) -> Result<i64, StoreError> {
    i64::try_from(position).map_err(|_| damaged("a position is too large"))
}

fn position(stored: i64) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(|_| damaged("a position is negative"))
}

/// The switches in order, such as `telephone@2026-01-02T03:04:05Z#1234`, with spaces between.
pub(crate) fn channels(switches: &[Switch]) -> Result<String, StoreError> {
    let spelled =
        |switch: &Switch| Ok(format!("{}@{}#{}", word(&switch.channel)?, switch.since.at, switch.since.position));
    switches.iter().map(spelled).collect::<Result<Vec<_>, StoreError>>().map(|all| all.join(" "))
}

fn switches(text: &str) -> Result<Vec<Switch>, StoreError> {
    let broken = || damaged("a fact has a change of channel that cannot be read");
    let switch = |part: &str| {
        let (channel, rest) = part.split_once('@').ok_or_else(broken)?;
        let (at, position) = rest.split_once('#').ok_or_else(broken)?;
        let since =
            Milestone { at: at.parse().map_err(|_| broken())?, position: position.parse().map_err(|_| broken())? };
        Ok(Switch { channel: parse::<Channel>(channel)?, since })
    };
    text.split(' ').filter(|part| !part.is_empty()).map(switch).collect()
}
