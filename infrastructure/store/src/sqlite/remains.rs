//! What destroyed keys leave in SQLite's files, and how it is cleared away.

use std::collections::HashSet;
use std::time::Duration;

use entente_application::ports::StoreError;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, SqliteConnection};

use crate::crypto::NONCE;
use crate::database::Sqlite;
use crate::errors::fault;

/// Waits a little for those who read, and copies what is in the write-ahead log into the file; then the log is empty.
const EMPTY_LOG: &str = "PRAGMA busy_timeout = 250; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 5000";
/// How often that is tried while somebody reads on.
const ATTEMPTS: u32 = 12;
const PAUSE: Duration = Duration::from_millis(100);

/// Leaves nothing of these wrapped keys in the keys' file and its write-ahead log; whether that is certain.
///
/// What is deleted is overwritten, but where the engine has moved rows between pages an older copy may have stayed: the
/// file is searched, and written anew if there is one. It is read through the engine, since to close a file by another
/// way would drop the locks that the engine has on it. What is searched for is how a wrapped key begins: without its
/// nonce the rest of it opens for nobody.
pub(crate) async fn clear_keys(database: &Sqlite, gone: Vec<Vec<u8>>) -> Result<bool, StoreError> {
    if !gone.is_empty() {
        let image = database.keys.acquire().await.map_err(fault)?.serialize(None).await.map_err(fault)?;
        let searched = tokio::task::spawn_blocking(move || holds_any(&image, &gone)).await;
        // A search that broke off has found nothing out.
        if searched.unwrap_or(true) {
            sqlx::query("VACUUM").execute(&database.keys).await.map_err(fault)?;
        }
    }
    for _ in 0..ATTEMPTS {
        // Given back between the attempts: there is only this one, and others need keys too.
        let mut connection = database.keys.acquire().await.map_err(fault)?;
        if empty_log(&mut connection).await? {
            return Ok(true);
        }
        drop(connection);
        tokio::time::sleep(PAUSE).await;
    }
    Ok(false)
}

/// Leaves nothing of what was deleted in the main file's write-ahead log; whether that is certain.
pub(crate) async fn clear_log(database: &Sqlite) -> Result<bool, StoreError> {
    for _ in 0..ATTEMPTS {
        let turn = database.turn.lock().await;
        let mut connection = database.writer.acquire().await.map_err(fault)?;
        if empty_log(&mut connection).await? {
            return Ok(true);
        }
        drop((connection, turn));
        tokio::time::sleep(PAUSE).await;
    }
    Ok(false)
}

async fn empty_log(connection: &mut SqliteConnection) -> Result<bool, StoreError> {
    let rows: Vec<SqliteRow> = sqlx::query(EMPTY_LOG).fetch_all(connection).await.map_err(fault)?;
    // The checkpoint's row is the one of three columns; the first says whether somebody was in the way.
    let busy = rows.iter().filter(|row| row.len() == 3).find_map(|row| row.try_get::<i64, _>(0).ok());
    Ok(busy == Some(0))
}

fn holds_any(image: &[u8], gone: &[Vec<u8>]) -> bool {
    let nonces: HashSet<&[u8]> = gone.iter().filter_map(|wrapped| wrapped.get(..NONCE)).collect();
    let mut begins = [false; 256];
    nonces.iter().for_each(|nonce| begins[usize::from(nonce[0])] = true);
    image.windows(NONCE).any(|window| begins[usize::from(window[0])] && nonces.contains(window))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nonce_is_found_wherever_it_lies() {
        let wrapped: Vec<u8> = (1..=72).collect();
        for at in [0, 1, 400, 1000 - NONCE] {
            let mut image = vec![0; 1000];
            image[at..at + NONCE].copy_from_slice(&wrapped[..NONCE]);
            assert!(holds_any(&image, &[vec![5; 72], wrapped.clone()]), "{at}");
            assert!(!holds_any(&image, &[vec![5; 72]]), "{at}");
        }
        assert!(!holds_any(&[7; 10], std::slice::from_ref(&wrapped)), "shorter than a nonce");
        assert!(!holds_any(&[7; 100], &[]));
    }
}
