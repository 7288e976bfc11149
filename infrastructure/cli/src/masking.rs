//! A URL as it may be shown: without its passwords.

/// What stands for a secret.
pub const MASK: &str = "***";

/// The URL with every password in it replaced. Rather too much is masked than too little.
pub fn masked(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return masked_query(url) };
    // The last `@`: a password with an unescaped `@`, `/` or `?` in it must not show its tail.
    match rest.rsplit_once('@') {
        None => masked_query(url),
        Some((user, host)) => match user.split_once(':') {
            None => masked_query(url),
            Some((name, _)) => format!("{scheme}://{name}:{MASK}@{}", masked_query(host)),
        },
    }
}

/// The same for parameters such as `?password=…`.
fn masked_query(url: &str) -> String {
    let Some((place, query)) = url.split_once('?') else { return url.to_owned() };
    let shown: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            // A name with an escape in it may spell `password` too.
            Some((name, _)) if name.to_ascii_lowercase().contains("pass") || name.contains('%') => {
                format!("{name}={MASK}")
            }
            _ => pair.to_owned(),
        })
        .collect();
    format!("{place}?{}", shown.join("&"))
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_password_is_masked_wherever_it_stands() {
        assert_eq!(masked("postgres://entente:hush@db.example/entente"), "postgres://entente:***@db.example/entente");
        assert_eq!(
            masked("postgres://entente:a@b/c?d@db.example/entente"),
            "postgres://entente:***@db.example/entente"
        );
        assert_eq!(
            masked("postgres://db.example/entente?user=entente&password=hush"),
            "postgres://db.example/entente?user=entente&password=***"
        );
        assert_eq!(
            masked("postgres://db.example/entente?p%61ssword=hush"),
            "postgres://db.example/entente?p%61ssword=***"
        );
    }

    #[test]
    fn a_url_without_one_is_shown_as_it_is() {
        for url in ["sqlite:/home/somebody/entente.db", "postgres://entente@localhost:5432/entente?sslmode=require"] {
            assert_eq!(masked(url), url);
        }
    }
}
