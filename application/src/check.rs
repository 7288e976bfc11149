//! Checking: a projection is rebuilt beside the live one and compared, row by row.

use crate::centre::Centre;
use crate::error::CentreError;
use crate::follow::{Follower, Projection};
use crate::ports::Position;

/// What a comparison found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Which projection.
    pub projection: &'static str,
    /// Up to which position both were compared.
    pub position: Position,
    /// How many rows the rebuild has.
    pub rows: u64,
    /// Rows that only the live build has.
    pub only_live: Vec<String>,
    /// Rows that only the rebuild has.
    pub only_rebuilt: Vec<String>,
}

impl Comparison {
    /// Whether both agree.
    pub fn agrees(&self) -> bool {
        self.only_live.is_empty() && self.only_rebuilt.is_empty()
    }
}

/// Rebuilds a projection into a shadow up to where the live one is, compares, and drops the shadow.
///
/// # Errors
/// A store that cannot, or a log that is damaged.
pub async fn compare(centre: &Centre, projection: Projection) -> Result<Comparison, CentreError> {
    let mut live = Follower::live(centre, projection).await?;
    live.catch_up(None).await?;
    let mut shadow = Follower::rebuild(centre, projection).await?;
    let compared = async {
        // The live build may be moved on by a running server: meet it at one position, then read both.
        loop {
            let position = centre.views.checkpoint(live.build()).await?;
            shadow.catch_up(Some(position)).await?;
            let rebuilt = centre.views.dump(shadow.build()).await?;
            let kept = centre.views.dump(live.build()).await?;
            if centre.views.checkpoint(live.build()).await? == position {
                return Ok((position, kept, rebuilt));
            }
        }
    }
    .await;
    centre.views.discard(shadow.build()).await?;
    let (position, kept, rebuilt) = compared.map_err(|error: CentreError| error)?;
    Ok(Comparison {
        projection: projection.name(),
        position,
        rows: rebuilt.len() as u64,
        only_live: without(&kept, &rebuilt),
        only_rebuilt: without(&rebuilt, &kept),
    })
}

fn without(these: &[String], those: &[String]) -> Vec<String> {
    let mut counts = std::collections::HashMap::<&String, u64>::new();
    those.iter().for_each(|row| *counts.entry(row).or_default() += 1);
    let mut missing = Vec::new();
    for row in these {
        match counts.get_mut(row) {
            Some(left) if *left > 0 => *left -= 1,
            _ => missing.push(row.clone()),
        }
    }
    missing
}
