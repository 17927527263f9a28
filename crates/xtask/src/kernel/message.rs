//! A message of Jupyter's protocol: a header, the header of what it answers, contents, a signature.
//!
//! ```text
//! [identities ...]  <IDS|MSG>  signature  header  parent header  metadata  content  [buffers ...]
//! ```
//!
//! The signature is HMAC-SHA256 of the four parts, with the key of the connection file.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};

const DELIMITER: &[u8] = b"<IDS|MSG>";
/// What the ids of the launcher's own messages begin with.
const OWN: &str = "latent-launcher-";

/// The key of the signatures; without one nothing is signed.
#[derive(Clone)]
pub struct Key(Vec<u8>);

impl Key {
    pub fn new(key: &str) -> Self {
        Self(key.as_bytes().to_vec())
    }

    fn sign(&self, parts: &[Vec<u8>]) -> String {
        if self.0.is_empty() {
            return String::new();
        }
        hmac(&self.0, parts)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}

/// RFC 2104.
fn hmac(key: &[u8], parts: &[Vec<u8>]) -> [u8; 32] {
    const BLOCK: usize = 64;
    let mut block = [0; BLOCK];
    if key.len() > BLOCK {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let mut inner = Sha256::new_with_prefix(block.map(|byte| byte ^ 0x36));
    for part in parts {
        inner.update(part);
    }
    let mut outer = Sha256::new_with_prefix(block.map(|byte| byte ^ 0x5c));
    outer.update(inner.finalize());
    outer.finalize().into()
}

pub struct Message {
    frames: Vec<Vec<u8>>,
    /// Where the header is among the frames.
    header: usize,
}

impl Message {
    /// `None` if these frames are no message of Jupyter's.
    pub fn of(frames: &[Vec<u8>]) -> Option<Self> {
        let delimiter = frames.iter().position(|frame| frame == DELIMITER)?;
        (frames.len() >= delimiter + 6).then(|| Self {
            frames: frames.to_vec(),
            header: delimiter + 2,
        })
    }

    /// A request of the launcher's own.
    pub fn request(kind: &str, content: &Value, key: &Key) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let header = json!({
            "msg_id": format!("{OWN}{}-{count}", std::process::id()),
            "msg_type": kind,
            "session": format!("{OWN}{}", std::process::id()),
            "username": "latent",
            "date": "2026-01-01T00:00:00Z",
            "version": "5.3",
        });
        Self::new(Vec::new(), &header, &json!({}), content, key)
    }

    /// The answer to this request.
    pub fn reply(&self, content: &Value, key: &Key) -> Self {
        let request = self.header();
        let mut header = request.clone();
        header["msg_type"] = json!(self.kind().replace("_request", "_reply"));
        header["msg_id"] = json!(format!(
            "{}-reply",
            request["msg_id"].as_str().unwrap_or("")
        ));
        let identities = self.frames[..self.header - 2].to_vec();
        Self::new(identities, &header, &request, content, key)
    }

    /// Another message to everybody about the same request.
    pub fn beside(&self, kind: &str, content: &Value, key: &Key) -> Self {
        let mut header = self.header();
        header["msg_id"] = json!(format!(
            "{}-{kind}",
            header["msg_id"].as_str().unwrap_or("")
        ));
        header["msg_type"] = json!(kind);
        let topic = self.frames[..self.header - 2].to_vec();
        Self::new(topic, &header, &self.part(1), content, key)
    }

    fn new(
        mut frames: Vec<Vec<u8>>,
        header: &Value,
        parent: &Value,
        content: &Value,
        key: &Key,
    ) -> Self {
        frames.push(DELIMITER.to_vec());
        frames.push(Vec::new());
        let start = frames.len();
        for part in [header, parent, &json!({}), content] {
            frames.push(part.to_string().into_bytes());
        }
        let mut message = Self {
            frames,
            header: start,
        };
        message.sign(key);
        message
    }

    fn sign(&mut self, key: &Key) {
        let signature = key.sign(&self.frames[self.header..self.header + 4]);
        self.frames[self.header - 1] = signature.into_bytes();
    }

    pub fn frames(self) -> Vec<Vec<u8>> {
        self.frames
    }

    fn part(&self, index: usize) -> Value {
        serde_json::from_slice(&self.frames[self.header + index]).unwrap_or(Value::Null)
    }

    fn header(&self) -> Value {
        self.part(0)
    }

    /// "execute_request", "stream", "error" and so on.
    pub fn kind(&self) -> String {
        self.header()["msg_type"].as_str().unwrap_or("").to_owned()
    }

    /// The id of the request that this answers.
    pub fn parent(&self) -> String {
        self.part(1)["msg_id"].as_str().unwrap_or("").to_owned()
    }

    /// Whether this answers a request of the launcher's own.
    pub fn is_to_launcher(&self) -> bool {
        self.parent().starts_with(OWN)
    }

    pub fn content(&self) -> Value {
        self.part(3)
    }

    pub fn set_content(&mut self, content: &Value, key: &Key) {
        self.frames[self.header + 3] = content.to_string().into_bytes();
        self.sign(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_standard() {
        // RFC 4231, test cases 2 and 6.
        let hex = |key: &[u8], text: &str| Key(key.to_vec()).sign(&[text.as_bytes().to_vec()]);
        assert_eq!(
            hex(b"Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            hex(
                &[0xaa; 131],
                "Test Using Larger Than Block-Size Key - Hash Key First"
            ),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
        assert_eq!(hex(b"", "anything"), "");
    }

    #[test]
    fn a_reply_goes_to_whoever_asked() {
        let key = Key::new("a key");
        let request = Message::request("interrupt_request", &json!({}), &key);
        let mut frames = vec![b"somebody".to_vec()];
        frames.extend(request.frames());
        let request = Message::of(&frames).unwrap();
        let reply = request.reply(&json!({"status": "ok"}), &key);
        assert_eq!(reply.kind(), "interrupt_reply");
        assert_eq!(reply.parent(), request.header()["msg_id"]);
        assert!(reply.is_to_launcher());
        let frames = reply.frames();
        assert_eq!(frames[0], b"somebody");
        assert!(Message::of(&frames[1..4]).is_none());
    }
}
