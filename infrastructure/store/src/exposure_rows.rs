//! How the rows of who could see what are spelled: intervals with what opened and what closed them, and marks.

use entente_application::ports::StoreError;
use entente_domain::visibility::Place;
use entente_domain::{CaseId, ItemId, PersonId};
use entente_projections::exposure::{Mark, Showing, Sitting, Source};
use jiff::Timestamp;
use uuid::Uuid;

use crate::errors::damaged;
use crate::view_rows::{instant, parse, word};

/// The columns of [`SittingColumns`], in its order.
macro_rules! sitting_columns {
    () => {
        "case_id, person, seat, tenure, since, opened, opened_recorded, until, closed, closed_recorded"
    };
}
pub(crate) use sitting_columns;

/// The columns of [`ShowingColumns`], in its order.
macro_rules! showing_columns {
    () => {
        "case_id, item, seat, tenure, since, opened, opened_recorded, ground, until, closed, closed_recorded, denial"
    };
}
pub(crate) use showing_columns;

/// The columns of [`MarkColumns`], in its order.
macro_rules! mark_columns {
    () => {
        "case_id, item, person, tie, at, position, recorded"
    };
}
pub(crate) use mark_columns;

/// case, person, seat, tenure, since, opened, opened recorded, until, closed, closed recorded
pub(crate) type SittingColumns = (Uuid, Uuid, String, i64, i64, i64, i64, Option<i64>, Option<i64>, Option<i64>);
/// case, item, seat, tenure, since, opened, opened recorded, ground, until, closed, closed recorded, denial
pub(crate) type ShowingColumns =
    (Uuid, Uuid, String, i64, i64, i64, i64, String, Option<i64>, Option<i64>, Option<i64>, Option<String>);
/// case, item, person, tie, at, position, recorded
pub(crate) type MarkColumns = (Uuid, Uuid, Uuid, String, i64, i64, i64);

pub(crate) fn sitting(columns: SittingColumns) -> Result<Sitting, StoreError> {
    let (case, person, seat, tenure, since, opened, opened_recorded, until, closed, closed_recorded) = columns;
    Ok(Sitting {
        case: CaseId(case),
        person: PersonId(person),
        place: place(&seat, tenure)?,
        from: instant(since)?,
        opened: source(opened, opened_recorded)?,
        ended: match (until, closed, closed_recorded) {
            (None, None, None) => None,
            (Some(until), Some(closed), Some(recorded)) => Some((instant(until)?, source(closed, recorded)?)),
            _ => return Err(damaged("a sitting has half an end")),
        },
    })
}

pub(crate) fn sitting_line(sitting: &Sitting) -> Result<SittingColumns, StoreError> {
    let (opened, opened_recorded) = numbers(sitting.opened)?;
    let (until, closed, closed_recorded) = end(sitting.ended)?;
    Ok((
        sitting.case.0,
        sitting.person.0,
        word(&sitting.place.seat)?,
        sitting.place.tenure.into(),
        sitting.from.as_microsecond(),
        opened,
        opened_recorded,
        until,
        closed,
        closed_recorded,
    ))
}

pub(crate) fn showing(columns: ShowingColumns) -> Result<Showing, StoreError> {
    let (case, item, seat, tenure, since, opened, opened_recorded, ground, until, closed, closed_recorded, denial) =
        columns;
    Ok(Showing {
        case: CaseId(case),
        item: ItemId(item),
        place: place(&seat, tenure)?,
        from: instant(since)?,
        opened: source(opened, opened_recorded)?,
        grant: parse(&ground)?,
        ended: match (until, closed, closed_recorded, denial) {
            (None, None, None, None) => None,
            (Some(until), Some(closed), Some(recorded), Some(denial)) => {
                Some((instant(until)?, source(closed, recorded)?, parse(&denial)?))
            }
            _ => return Err(damaged("a showing has half an end")),
        },
    })
}

pub(crate) fn showing_line(showing: &Showing) -> Result<ShowingColumns, StoreError> {
    let (opened, opened_recorded) = numbers(showing.opened)?;
    let (until, closed, closed_recorded) = end(showing.ended.map(|(until, source, _)| (until, source)))?;
    Ok((
        showing.case.0,
        showing.item.0,
        word(&showing.place.seat)?,
        showing.place.tenure.into(),
        showing.from.as_microsecond(),
        opened,
        opened_recorded,
        word(&showing.grant)?,
        until,
        closed,
        closed_recorded,
        showing.ended.map(|(_, _, denial)| word(&denial)).transpose()?,
    ))
}

pub(crate) fn mark((case, item, person, tie, at, position, recorded): MarkColumns) -> Result<Mark, StoreError> {
    Ok(Mark {
        case: CaseId(case),
        item: ItemId(item),
        person: PersonId(person),
        tie: parse(&tie)?,
        at: instant(at)?,
        source: source(position, recorded)?,
    })
}

pub(crate) fn mark_line(mark: &Mark) -> Result<MarkColumns, StoreError> {
    let (position, recorded) = numbers(mark.source)?;
    let tie = word(&mark.tie)?;
    Ok((mark.case.0, mark.item.0, mark.person.0, tie, mark.at.as_microsecond(), position, recorded))
}

/// A source as its position and its recorded time.
pub(crate) fn numbers(source: Source) -> Result<(i64, i64), StoreError> {
    let position = i64::try_from(source.position).map_err(|_| damaged("a position is beyond all logs"))?;
    Ok((position, source.recorded.as_microsecond()))
}

/// until, closed, closed recorded
type EndColumns = (Option<i64>, Option<i64>, Option<i64>);

fn end(ended: Option<(Timestamp, Source)>) -> Result<EndColumns, StoreError> {
    let Some((until, source)) = ended else { return Ok((None, None, None)) };
    let (closed, recorded) = numbers(source)?;
    Ok((Some(until.as_microsecond()), Some(closed), Some(recorded)))
}

fn source(position: i64, recorded: i64) -> Result<Source, StoreError> {
    let position = u64::try_from(position).map_err(|_| damaged("a read model has a negative position"))?;
    Ok(Source { position, recorded: instant(recorded)? })
}

fn place(seat: &str, tenure: i64) -> Result<Place, StoreError> {
    let tenure = u32::try_from(tenure).map_err(|_| damaged("a read model has a tenure beyond all counting"))?;
    Ok(Place { seat: parse(seat)?, tenure })
}

#[cfg(test)]
mod tests {
    use entente_domain::Seat;
    use entente_domain::visibility::{Denial, Grant};
    use entente_projections::exposure::Tie;

    use super::*;

    const AT: Timestamp = Timestamp::UNIX_EPOCH;
    const BY: Source = Source { position: 9, recorded: AT };
    const PLACE: Place = Place { seat: Seat::Mediator, tenure: 2 };

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    #[test]
    fn what_is_spelled_is_read_as_it_was() {
        for ended in [None, Some((AT, BY))] {
            let (case, person) = (CaseId(id(1)), PersonId(id(2)));
            let sat = Sitting { case, person, place: PLACE, from: AT, opened: BY, ended };
            assert!(sitting_line(&sat).and_then(sitting).is_ok_and(|read| read == sat));
        }
        let ends = Denial::ALL.iter().map(|denial| Some((AT, BY, *denial)));
        for (grant, ended) in ends.chain([None]).flat_map(|end| Grant::ALL.iter().map(move |grant| (*grant, end))) {
            let (case, item) = (CaseId(id(1)), ItemId(id(3)));
            let shown = Showing { case, item, place: PLACE, from: AT, opened: BY, grant, ended };
            assert!(showing_line(&shown).and_then(showing).is_ok_and(|read| read == shown));
        }
        for tie in [Tie::Made, Tie::Alerted, Tie::Opened] {
            let (case, item, person) = (CaseId(id(1)), ItemId(id(3)), PersonId(id(2)));
            let marked = Mark { case, item, person, tie, at: AT, source: BY };
            assert!(mark_line(&marked).and_then(mark).is_ok_and(|read| read == marked));
        }
    }

    #[test]
    fn half_an_end_is_damage() {
        let columns = (id(1), id(2), "claimant".to_owned(), 0, 0, 1, 0, Some(5), None, None);
        assert!(sitting(columns).is_err());
    }
}
