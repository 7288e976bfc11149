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
    Ask,
    Declare,
    Excuse,
    Unask,
    LapseAsk,
    Appoint,
    Miss,
    Unavailable,
    Challenge,
    Rule,
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
    LapseDraft,
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
        (5, &[Restrict, Authorise, Open, Sign, Extend]),
        (4, &[Submit, Disclose, Thread, Seat, Alert]),
        (3, &[Propose, Offline, Resume, Appoint, Release, Unseat]),
        (2, &[Grant, Ungrant, Revoke, Resign, Suspend, Answer, Invite, Consent, Later, Channel]),
        (1, &[Register, Reject, Decline, Lapse, Miss, Unavailable, Refuse, NoAgreement, Withdraw, Expire]),
        (4, &[Approve, Ask]),
        (2, &[Challenge, Rule]),
        (1, &[Declare, Excuse, Unask, LapseAsk, LapseDraft]),
        (2, &[Erase, Retire]),
        (1, &[Hold, Unhold, Keep]),
    ];
    weighted.iter().flat_map(|(times, moves)| moves.repeat(*times)).collect()
}
