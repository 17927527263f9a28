//! The names under which connections come. evcxr answers nobody any more if a connection ends while it
//! answers there, and loses a connection whose name another one had, as in the moments when Jupyter
//! restarts a kernel or a page is loaded again. So connections to evcxr stay open (`relay.rs`), and
//! here each gets a name of its own.
//!
//! ```text
//! READY:  5 READY   name's length  name   value's length (4 bytes)  value   ...
//! ```
//!
//! A question to the learner goes out on the channel `stdin`, to the name of the connection that asked
//! for the cell. Jupyter opens all channels together, so the n-th of a name is the n-th on each.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

const READY: &[u8] = b"\x05READY";
const IDENTITY: &[u8] = b"identity";

/// How many connections have come under each name.
#[derive(Default)]
pub struct Names(Mutex<HashMap<Vec<u8>, usize>>);

impl Names {
    /// The command with a name that no connection had before. The first of a name keeps it.
    pub fn own(&self, command: Vec<u8>) -> Vec<u8> {
        let Some((start, end)) = value_of_identity(&command).filter(|(start, end)| start < end)
        else {
            return command;
        };
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = names.entry(command[start..end].to_owned()).or_default();
        *count += 1;
        if *count == 1 {
            return command;
        }
        let value = [&command[start..end], format!("#{count}").as_bytes()].concat();
        let length = (value.len() as u32).to_be_bytes();
        [&command[..start - 4], &length, &value, &command[end..]].concat()
    }
}

/// Where the value begins and ends. `None` if this is no READY, or one without a name.
fn value_of_identity(command: &[u8]) -> Option<(usize, usize)> {
    let mut at = command.starts_with(READY).then_some(READY.len())?;
    loop {
        let name_end = at + 1 + usize::from(*command.get(at)?);
        let name = command.get(at + 1..name_end)?;
        let length: [u8; 4] = command.get(name_end..name_end + 4)?.try_into().ok()?;
        let start = name_end + 4;
        let end = start.checked_add(u32::from_be_bytes(length) as usize)?;
        command.get(start..end)?;
        if name.eq_ignore_ascii_case(IDENTITY) {
            return Some((start, end));
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready(identity: &[u8]) -> Vec<u8> {
        let mut command = READY.to_vec();
        for (name, value) in [
            ("Socket-Type", b"DEALER".as_slice()),
            ("Identity", identity),
        ] {
            command.push(name.len() as u8);
            command.extend(name.as_bytes());
            command.extend((value.len() as u32).to_be_bytes());
            command.extend(value);
        }
        command
    }

    #[test]
    fn each_connection_has_a_name_of_its_own() {
        let names = Names::default();
        assert_eq!(names.own(ready(b"page")), ready(b"page"));
        assert_eq!(names.own(ready(b"page")), ready(b"page#2"));
        assert_eq!(names.own(ready(b"other")), ready(b"other"));
        assert_eq!(names.own(ready(b"page")), ready(b"page#3"));
    }

    #[test]
    fn what_has_no_name_stays_as_it_is() {
        let names = Names::default();
        let cut = ready(b"page")[..20].to_vec();
        for command in [
            ready(b""),
            b"\x04PING".to_vec(),
            READY.to_vec(),
            cut,
            Vec::new(),
        ] {
            assert_eq!(names.own(command.clone()), command);
            assert_eq!(names.own(command.clone()), command);
        }
    }
}
