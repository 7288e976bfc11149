//! Laws of the tokens: known by their digest alone, and over when revoked.

use entente_application::ports::{Holder, Role, Tokens};
use entente_domain::PersonId;
use entente_tests::engines::Home;
use entente_tests::{entries, laws};
use uuid::Uuid;

fn holder(roles: &[Role]) -> Holder {
    Holder { person: PersonId(Uuid::new_v4()), roles: roles.to_vec() }
}

async fn a_token_names_its_holder_and_no_other_digest_does(home: Home) {
    let store = home.store().await;
    let (party, staff) = (holder(&[Role::Party]), holder(&[Role::Centre, Role::Auditor, Role::Administrator]));
    store.issue([1; 32], &party, "laptop", entries::instant()).await.unwrap();
    store.issue([2; 32], &staff, "", entries::instant()).await.unwrap();
    for store in [store, home.store().await] {
        assert_eq!(store.holder([1; 32]).await.unwrap(), Some(party.clone()));
        assert_eq!(store.holder([2; 32]).await.unwrap(), Some(staff.clone()));
        assert_eq!(store.holder([3; 32]).await.unwrap(), None);
    }
}

async fn every_role_is_kept(home: Home) {
    let store = home.store().await;
    let all = holder(&[Role::Party, Role::Mediator, Role::Centre, Role::Auditor, Role::Analyst, Role::Administrator]);
    store.issue([4; 32], &all, "all", entries::instant()).await.unwrap();
    let mut roles = store.holder([4; 32]).await.unwrap().unwrap().roles;
    roles.sort();
    assert_eq!(roles, all.roles);
}

async fn revoking_ends_all_tokens_of_a_person_at_once_and_no_others(home: Home) {
    let store = home.store().await;
    let (gone, stays) = (holder(&[Role::Mediator]), holder(&[Role::Mediator]));
    for (digest, holder) in [([5; 32], &gone), ([6; 32], &gone), ([7; 32], &stays)] {
        store.issue(digest, holder, "", entries::instant()).await.unwrap();
    }
    // Known to a second process before they are revoked: no cache may outlive the revocation.
    let elsewhere = home.store().await;
    assert_eq!(elsewhere.holder([5; 32]).await.unwrap(), Some(gone.clone()));

    assert_eq!(store.revoke(gone.person, entries::instant()).await.unwrap(), 2);
    for store in [&store, &elsewhere] {
        assert_eq!(store.holder([5; 32]).await.unwrap(), None);
        assert_eq!(store.holder([6; 32]).await.unwrap(), None);
        assert_eq!(store.holder([7; 32]).await.unwrap(), Some(stays.clone()));
    }
    assert_eq!(store.revoke(gone.person, entries::instant()).await.unwrap(), 0, "there is nothing left to end");
}

async fn a_token_is_issued_once(home: Home) {
    let store = home.store().await;
    let (first, second) = (holder(&[Role::Party]), holder(&[Role::Administrator]));
    store.issue([8; 32], &first, "", entries::instant()).await.unwrap();
    assert!(store.issue([8; 32], &second, "", entries::instant()).await.is_err());
    assert_eq!(store.holder([8; 32]).await.unwrap(), Some(first));
}

laws!(
    a_token_names_its_holder_and_no_other_digest_does,
    every_role_is_kept,
    revoking_ends_all_tokens_of_a_person_at_once_and_no_others,
    a_token_is_issued_once,
);
