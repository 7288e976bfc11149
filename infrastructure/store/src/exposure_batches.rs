//! A batch of who could see what, written set by set: first the ends of what was open before it, then what is new.

use entente_application::ports::StoreError;
use entente_domain::visibility::Denial;
use entente_projections::exposure::Source;
use jiff::Timestamp;
use sqlx::{Database, Encode, QueryBuilder, Type};
use uuid::Uuid;

use crate::exposure_changes::{Exposure, Shown, Sitter};
use crate::exposure_rows::{
    MarkColumns, ShowingColumns, SittingColumns, mark_columns, mark_line, numbers, showing_columns, showing_line,
    sitting_columns, sitting_line,
};
use crate::view_batches::CHUNK;
use crate::view_rows::word;

/// case, person, until, closed, closed recorded
type StoodColumns = (Uuid, Uuid, i64, i64, i64);
/// case, item, seat, tenure, until, closed, closed recorded, denial
type HiddenColumns = (Uuid, Uuid, String, i64, i64, i64, i64, String);

/// The rows with their words spelled, ready to be bound.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    stood: Vec<StoodColumns>,
    hidden: Vec<HiddenColumns>,
    sat: Vec<SittingColumns>,
    shown: Vec<ShowingColumns>,
    marked: Vec<MarkColumns>,
}

impl Lines {
    pub(crate) fn of(exposure: &Exposure) -> Result<Self, StoreError> {
        Ok(Self {
            stood: exposure.stood.iter().map(stood_line).collect::<Result<_, _>>()?,
            hidden: exposure.hidden.iter().map(hidden_line).collect::<Result<_, _>>()?,
            sat: exposure.sat.iter().map(sitting_line).collect::<Result<_, _>>()?,
            shown: exposure.shown.iter().map(showing_line).collect::<Result<_, _>>()?,
            marked: exposure.marked.iter().map(mark_line).collect::<Result<_, _>>()?,
        })
    }

    /// The statements that write these rows into a build, in their order.
    pub(crate) fn statements<'q, Engine>(&'q self, build: i64) -> impl Iterator<Item = QueryBuilder<'q, Engine>> + Send
    where
        Engine: Database,
        Uuid: Encode<'q, Engine> + Type<Engine>,
        i64: Encode<'q, Engine> + Type<Engine>,
        Option<i64>: Encode<'q, Engine>,
        &'q str: Encode<'q, Engine> + Type<Engine>,
        Option<&'q str>: Encode<'q, Engine>,
    {
        let stood = self.stood.chunks(CHUNK).map(move |some| {
            let mut query = QueryBuilder::new(
                "UPDATE sitting_row SET until = ended.column3, closed = ended.column4, \
                 closed_recorded = ended.column5 FROM (",
            );
            query.push_values(some, |mut columns, (case, person, until, closed, recorded)| {
                columns.push_bind(*case).push_bind(*person);
                columns.push_bind(*until).push_bind(*closed).push_bind(*recorded);
            });
            query.push(
                ") AS ended WHERE sitting_row.case_id = ended.column1 AND sitting_row.person = ended.column2 \
                 AND sitting_row.closed IS NULL AND sitting_row.build = ",
            );
            query.push_bind(build);
            query
        });
        let hidden = self.hidden.chunks(CHUNK).map(move |some| {
            let mut query = QueryBuilder::new(
                "UPDATE showing_row SET until = ended.column5, closed = ended.column6, \
                 closed_recorded = ended.column7, denial = ended.column8 FROM (",
            );
            query.push_values(some, |mut columns, (case, item, seat, tenure, until, closed, recorded, denial)| {
                columns.push_bind(*case).push_bind(*item).push_bind(seat.as_str()).push_bind(*tenure);
                columns.push_bind(*until).push_bind(*closed).push_bind(*recorded).push_bind(denial.as_str());
            });
            query.push(
                ") AS ended WHERE showing_row.case_id = ended.column1 AND showing_row.item = ended.column2 \
                 AND showing_row.seat = ended.column3 AND showing_row.tenure = ended.column4 \
                 AND showing_row.closed IS NULL AND showing_row.build = ",
            );
            query.push_bind(build);
            query
        });
        let sat = self.sat.chunks(CHUNK).map(move |some| {
            let mut query = QueryBuilder::new(concat!("INSERT INTO sitting_row (build, ", sitting_columns!(), ") "));
            query.push_values(some, |mut columns, row| {
                let (case, person, seat, tenure, since, opened, opened_recorded, until, closed, recorded) = row;
                columns.push_bind(build).push_bind(*case).push_bind(*person).push_bind(seat.as_str());
                columns.push_bind(*tenure).push_bind(*since).push_bind(*opened).push_bind(*opened_recorded);
                columns.push_bind(*until).push_bind(*closed).push_bind(*recorded);
            });
            query.push(" ON CONFLICT DO NOTHING");
            query
        });
        let shown = self.shown.chunks(CHUNK).map(move |some| {
            let mut query = QueryBuilder::new(concat!("INSERT INTO showing_row (build, ", showing_columns!(), ") "));
            query.push_values(some, |mut columns, row| {
                let (case, item, seat, tenure, since, opened, opened_recorded, ground, ..) = row;
                let (.., until, closed, recorded, denial) = row;
                columns.push_bind(build).push_bind(*case).push_bind(*item).push_bind(seat.as_str());
                columns.push_bind(*tenure).push_bind(*since).push_bind(*opened).push_bind(*opened_recorded);
                columns.push_bind(ground.as_str()).push_bind(*until).push_bind(*closed).push_bind(*recorded);
                columns.push_bind(denial.as_deref());
            });
            query.push(" ON CONFLICT DO NOTHING");
            query
        });
        let marked = self.marked.chunks(CHUNK).map(move |some| {
            let mut query = QueryBuilder::new(concat!("INSERT INTO mark_row (build, ", mark_columns!(), ") "));
            query.push_values(some, |mut columns, (case, item, person, tie, at, position, recorded)| {
                columns.push_bind(build).push_bind(*case).push_bind(*item).push_bind(*person);
                columns.push_bind(tie.as_str()).push_bind(*at).push_bind(*position).push_bind(*recorded);
            });
            query.push(" ON CONFLICT DO NOTHING");
            query
        });
        stood.chain(hidden).chain(sat).chain(shown).chain(marked)
    }
}

fn stood_line(((case, person), (until, source)): (&Sitter, &(Timestamp, Source))) -> Result<StoodColumns, StoreError> {
    let (closed, recorded) = numbers(*source)?;
    Ok((case.0, person.0, until.as_microsecond(), closed, recorded))
}

fn hidden_line(
    ((case, item, place), (until, source, denial)): (&Shown, &(Timestamp, Source, Denial)),
) -> Result<HiddenColumns, StoreError> {
    let (closed, recorded) = numbers(*source)?;
    let (seat, denial) = (word(&place.seat)?, word(denial)?);
    Ok((case.0, item.0, seat, place.tenure.into(), until.as_microsecond(), closed, recorded, denial))
}
