//! Laws of the centre's list: one row a case, by registration or by what is due, page by page.

use std::time::Duration;

use entente_application::ports::{Change, Position, Views};
use entente_domain::Phase;
use entente_domain::event::{Channel, Outcome};
use entente_domain::state::Due;
use entente_projections::caseload::{self, Row};
use entente_tests::engines::Home;
use entente_tests::{entries, laws};
use jiff::Timestamp;

use super::views::live_with;

fn row(phase: Phase, due: Option<Timestamp>) -> Row {
    Row {
        case: entries::case_id(),
        registered: entries::instant(),
        phase,
        due_kind: due.map(|_| Due::Consent),
        due,
        appointment_missed: false,
        channel: Channel::Online,
        outcome: None,
        closed: None,
    }
}

fn put(rows: &[Row]) -> Vec<Change> {
    rows.iter().cloned().map(Change::Caseload).collect()
}

async fn a_later_row_of_a_case_replaces_the_earlier_one_whole(home: Home) {
    let store = home.store().await;
    let open = Row { due: Some(entries::instant()), due_kind: Some(Due::Term), ..row(Phase::Open, None) };
    let closed = Row {
        phase: Phase::Closed,
        due: None,
        due_kind: None,
        appointment_missed: true,
        channel: Channel::InPerson,
        outcome: Some(Outcome::PartlySettled),
        closed: Some(entries::instant()),
        ..open.clone()
    };
    let build = live_with(&store, caseload::NAME, &put(std::slice::from_ref(&open))).await;
    assert_eq!(store.caseload(None, None, 10).await.unwrap(), std::slice::from_ref(&open));
    assert!(store.advance(&build, Position(1), Position(2), &put(&[open, closed.clone()])).await.unwrap());
    assert_eq!(store.caseload(None, None, 10).await.unwrap(), [closed]);
}

async fn pages_of_the_caseload_go_from_new_to_old_in_one_phase_or_in_all(home: Home) {
    let store = home.store().await;
    let phases = [Phase::Registered, Phase::Open, Phase::Closed, Phase::Open, Phase::Suspended, Phase::Open];
    let mut rows: Vec<_> = phases.iter().map(|phase| row(*phase, None)).collect();
    // Two cases of one instant: a page may end between them.
    rows[3].registered = rows[1].registered;
    live_with(&store, caseload::NAME, &put(&rows)).await;

    for phase in [None, Some(Phase::Open), Some(Phase::Consented)] {
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let page = store.caseload(phase, after, 2).await.unwrap();
            assert!(page.len() <= 2);
            let Some(last) = page.last() else { break };
            after = Some((last.registered, last.case));
            paged.extend(page);
        }
        assert!(paged.is_sorted_by(|one, next| one.registered >= next.registered), "from new to old");
        let mut wanted: Vec<_> =
            rows.iter().filter(|row| phase.is_none_or(|phase| row.phase == phase)).cloned().collect();
        paged.sort_by_key(|row| row.case);
        wanted.sort_by_key(|row| row.case);
        assert_eq!(paged, wanted);
    }
}

async fn what_is_due_comes_soonest_first_up_to_the_instant_itself(home: Home) {
    let store = home.store().await;
    let start = entries::instant();
    let after = |seconds| start + Duration::from_secs(seconds);
    let mut rows: Vec<_> = [30, 10, 20, 20, 99].map(|seconds| row(Phase::Invited, Some(after(seconds)))).to_vec();
    rows.push(row(Phase::Closed, None));
    live_with(&store, caseload::NAME, &put(&rows)).await;

    let (mut paged, mut place) = (Vec::new(), None);
    loop {
        let page = store.due(after(30), place, 2).await.unwrap();
        assert!(page.len() <= 2);
        let Some(last) = page.last() else { break };
        place = Some((last.due.unwrap(), last.case));
        paged.extend(page);
    }
    let due: Vec<_> = paged.iter().map(|row| row.due.unwrap()).collect();
    assert_eq!(due, [10, 20, 20, 30].map(after));
    assert_ne!(paged[1].case, paged[2].case);
}

laws!(
    a_later_row_of_a_case_replaces_the_earlier_one_whole,
    pages_of_the_caseload_go_from_new_to_old_in_one_phase_or_in_all,
    what_is_due_comes_soonest_first_up_to_the_instant_itself,
);
