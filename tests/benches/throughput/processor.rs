//! How much processor time this process, and the database server's, have used.

use entente_tests::engines::Engine;

/// Seconds of processor time used so far.
#[derive(Clone, Copy)]
pub struct Processor(f64);

impl Processor {
    /// This process, and for PostgreSQL every process of a server on this machine.
    pub fn now(engine: Engine) -> Self {
        let own = seconds("/proc/self/stat");
        let servers: f64 = match engine {
            Engine::Sqlite => 0.0,
            Engine::Postgres => std::fs::read_dir("/proc")
                .unwrap()
                .flatten()
                .filter(|entry| {
                    std::fs::read_to_string(entry.path().join("comm")).is_ok_and(|name| name.trim() == "postgres")
                })
                .map(|entry| seconds(entry.path().join("stat").to_str().unwrap()))
                .sum(),
        };
        Self(own + servers)
    }

    /// What was used in between.
    pub fn spent_until(self, later: Self) -> f64 {
        (later.0 - self.0).max(0.0)
    }
}

/// User and system time of a process, and of its ended children, in clock ticks of a hundredth of a second (proc(5)).
fn seconds(stat: &str) -> f64 {
    let Ok(text) = std::fs::read_to_string(stat) else { return 0.0 };
    let Some((_, fields)) = text.rsplit_once(')') else { return 0.0 };
    let ticks: f64 = fields.split_whitespace().skip(11).take(4).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}
