//! Probes about documents: uploads of the viewer's own beside hidden ones, equal files, sizes, quotas, contents.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Ids, NOBODY, Probe, reading};

/// What the viewer's own file says: the same as a hidden one that goes by the same name.
const PAPER: &str = "paper.pdf";
/// All that a seat may hold: one byte of its own before, and it is refused; nothing of others' may count.
const WHOLE_QUOTA: u64 = 100_000_000;

impl Ids {
    /// What can be asked of documents without changing anything.
    pub(super) fn looks_at_papers(&self) -> Vec<Probe> {
        let Some(case) = self.case else { return vec![] };
        let uploads = self.hidden_uploads.iter().map(|upload| ("a hidden upload", upload.to_string()));
        let mut probes: Vec<_> = uploads
            .chain([("an upload that never was", NOBODY.to_owned())])
            .map(|(name, upload)| reading(name.to_owned(), format!("/api/cases/{case}/uploads/{upload}")))
            .collect();
        for item in self.items.iter().chain(&self.hidden_items).take(6) {
            let name = "a part of a document".to_owned();
            let part = reading(name, format!("/api/cases/{case}/items/{item}/content"));
            probes.push(Probe { headers: vec![("range", "bytes=3-9".to_owned())], ..part.clone() });
            let name = "a part of a document, beyond its end".to_owned();
            probes.push(Probe { name, headers: vec![("range", "bytes=999999999-".to_owned())], ..part });
        }
        probes
    }

    /// What the viewer brings, and what the viewer tries with what others bring.
    pub(super) fn papers(&self) -> Vec<Probe> {
        let Some(case) = self.case else { return vec![] };
        let below = |path: &str| format!("/api/cases/{case}/{path}");
        let probe = |name: &str, method: &str, path: String, body: Option<String>| Probe {
            name: name.to_owned(),
            method: method.to_owned(),
            path,
            headers: vec![],
            body,
        };
        let thread = self.threads.first().map_or(NOBODY.to_owned(), ToString::to_string);
        let announced =
            |thread: &str, size: usize| Some(json!({"discussion": thread, "name": PAPER, "size": size}).to_string());
        let bytes = format!("This is what {PAPER} says.\n").repeat(PAPER.len());
        let mut probes = vec![];
        if let Some((key, upload)) = &self.own_upload {
            let begin = probe("an upload", "POST", below("uploads"), announced(&thread, bytes.len()));
            let own = below(&format!("uploads/{upload}"));
            let lay = Some(json!({"upload": upload, "class": "drawn_up"}).to_string());
            let digest: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            let known = json!({"discussion": thread, "name": "copy.pdf", "size": bytes.len(), "digest": digest});
            let known = probe("an upload of a known digest", "POST", below("uploads"), Some(known.to_string()));
            let farther = probe("an upload, from farther on", "PUT", own.clone(), Some(bytes.clone()));
            probes.extend([
                Probe { headers: vec![("idempotency-key", format!("{key}-known"))], ..known },
                Probe { headers: vec![("idempotency-key", key.clone())], ..begin },
                Probe { headers: vec![("upload-offset", "7".to_owned())], ..farther },
                probe("a document that is not there yet", "POST", below("documents"), lay.clone()),
                probe("an upload, whole", "PUT", own.clone(), Some(bytes.clone())),
                probe("how an upload stands", "GET", own.clone(), None),
                probe("the same paper, laid on the table", "POST", below("documents"), lay.clone()),
                probe("the same paper, laid on the table again", "POST", below("documents"), lay),
                probe("an upload, given up", "DELETE", own, None),
            ]);
        }
        let full = usize::try_from(WHOLE_QUOTA).unwrap_or(usize::MAX);
        for nth in 0..3 {
            probes.push(probe(&format!("a large upload, {nth}"), "POST", below("uploads"), announced(&thread, full)));
        }
        for hidden in self.hidden_threads.iter().take(2) {
            let into = announced(&hidden.to_string(), 9);
            probes.push(probe("an upload into a hidden thread", "POST", below("uploads"), into));
        }
        probes.push(probe("an upload into no thread", "POST", below("uploads"), announced(NOBODY, 9)));
        for upload in &self.hidden_uploads {
            let path = below(&format!("uploads/{upload}"));
            let lay = Some(json!({"upload": upload, "class": "drawn_up"}).to_string());
            probes.push(probe("bytes for a hidden upload", "PUT", path.clone(), Some(bytes.clone())));
            probes.push(probe("a hidden upload, laid on the table", "POST", below("documents"), lay));
            probes.push(probe("a hidden upload, given up", "DELETE", path, None));
        }
        probes
    }
}
