//! How the writer forms its batches, and how it bears an engine that fails.
#![allow(clippy::unwrap_used)]

use super::*;

fn prepared(stream: &str, command: u128) -> Prepared {
    let line = Line { kind: "MessagePosted", version: "1", payload: "{}".to_owned() };
    Prepared {
        stream: stream.to_owned(),
        expected: 0,
        command: Uuid::from_u128(command),
        metadata: "{}".to_owned(),
        lines: vec![line],
    }
}

fn queue(asks: &[(&str, u128)]) -> VecDeque<Waiting> {
    asks.iter()
        .map(|(stream, command)| Waiting { prepared: prepared(stream, *command), answer: oneshot::channel().0 })
        .collect()
}

fn taken(waiting: &mut VecDeque<Waiting>, most: usize) -> Vec<u128> {
    take(waiting, most).0.iter().map(|prepared| prepared.command.as_u128()).collect()
}

#[test]
fn commands_of_different_streams_share_a_flush() {
    assert_eq!(taken(&mut queue(&[("a", 1), ("b", 2), ("c", 3)]), 64), [1, 2, 3]);
}

#[test]
fn the_second_command_of_a_stream_waits_its_turn() {
    let mut waiting = queue(&[("a", 1), ("a", 2), ("b", 3), ("a", 4)]);
    assert_eq!(taken(&mut waiting, 64), [1, 3]);
    assert_eq!(taken(&mut waiting, 64), [2]);
    assert_eq!(taken(&mut waiting, 64), [4]);
}

#[test]
fn a_repeated_command_waits_for_the_first_answer() {
    let mut waiting = queue(&[("a", 1), ("b", 1)]);
    assert_eq!(taken(&mut waiting, 64), [1]);
    assert_eq!(taken(&mut waiting, 64), [1]);
}

#[test]
fn no_batch_is_larger_than_allowed() {
    let mut waiting = queue(&[("a", 1), ("b", 2), ("c", 3)]);
    assert_eq!(taken(&mut waiting, 2), [1, 2]);
    assert_eq!(taken(&mut waiting, 2), [3]);
}

/// Refuses any batch that contains command 13, is busy a few times, and counts what it has appended.
struct Moody {
    busy: u32,
    head: i64,
}

impl Engine for Moody {
    async fn append(&mut self, batch: &[Prepared]) -> Result<Vec<Verdict>, Failure> {
        if self.busy > 0 {
            self.busy -= 1;
            return Err(Failure::Again("busy".to_owned()));
        }
        if batch.iter().any(|one| one.command.as_u128() == 13) {
            return Err(Failure::Refused(StoreError::Misconfigured("poison".to_owned())));
        }
        Ok(batch
            .iter()
            .map(|_| {
                self.head += 1;
                Verdict::At(self.head)
            })
            .collect())
    }

    async fn close(self) {}
}

#[tokio::test]
async fn a_poisonous_command_harms_no_other() {
    let batch = [prepared("a", 1), prepared("b", 13), prepared("c", 3)];
    let answers = settle(&mut Moody { busy: 0, head: 0 }, &batch).await;
    assert!(matches!(answers.as_slice(), [Ok(Verdict::At(1)), Err(_), Ok(Verdict::At(2))]), "{answers:?}");
}

#[tokio::test]
async fn a_busy_database_is_asked_again() {
    let answers = settle(&mut Moody { busy: 2, head: 0 }, &[prepared("a", 1)]).await;
    assert!(matches!(answers.as_slice(), [Ok(Verdict::At(1))]), "{answers:?}");
}

#[tokio::test]
async fn what_was_asked_before_closing_is_done_and_what_is_asked_later_is_refused() {
    let writer = Writer::start(Moody { busy: 1, head: 0 }, Position(0), 64);
    let (first, ()) = tokio::join!(writer.append(prepared("a", 1)), writer.close());
    assert_eq!(first.unwrap(), Verdict::At(1));
    assert_eq!(*writer.moved().borrow(), Position(1));
    assert!(matches!(writer.append(prepared("b", 2)).await, Err(StoreError::Unavailable(_))));
}
