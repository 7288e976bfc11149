//! What may be attempted, and how often: much is said, little closes.

/// What a step attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the command of its name")]
pub enum Move {
    Register,
    Answer,
    Reject,
    Invite,
    Consent,
    Decline,
    Lapse,
    Appoint,
    Miss,
    Unavailable,
    Resign,
    Release,
    Seat,
    Unseat,
    Thread,
    Post,
    Submit,
    Restrict,
    Authorise,
    Revoke,
    Disclose,
    Open,
    Alert,
    Grant,
    Ungrant,
    Channel,
    Offline,
    Suspend,
    Resume,
    Extend,
    Propose,
    Sign,
    Refuse,
    NoAgreement,
    Withdraw,
    Expire,
    Later,
    Hold,
    Unhold,
    Erase,
    Retire,
    Approve,
    Keep,
}

/// Steps by weight: much is said, little closes.
pub(super) fn moves() -> Vec<Move> {
    use Move::*;
    let weighted: &[(usize, &[Move])] = &[
        (9, &[Post]),
        (5, &[Restrict, Authorise, Open]),
        (4, &[Submit, Disclose, Thread, Seat, Alert]),
        (3, &[Propose, Sign, Offline, Resume, Appoint, Release, Unseat, Extend]),
        (2, &[Grant, Ungrant, Revoke, Resign, Suspend, Answer, Invite, Consent, Later, Channel]),
        (1, &[Register, Reject, Decline, Lapse, Miss, Unavailable, Refuse, NoAgreement, Withdraw, Expire]),
        (3, &[Approve]),
        (2, &[Erase, Retire]),
        (1, &[Hold, Unhold, Keep]),
    ];
    weighted.iter().flat_map(|(times, moves)| moves.repeat(*times)).collect()
}
