//! What goes over a connection between Jupyter and a kernel: ZeroMQ's frames (ZMTP 3.0, RFC 23).
//!
//! ```text
//! greeting (64 bytes)   command READY   then messages:  flags  length  body  [flags  length  body ...]
//! ```
//!
//! A message is a list of frames; the flag `MORE` stands on all but the last.

use std::io::{self, Read, Write};
use std::net::TcpStream;

const MORE: u8 = 1;
const LONG: u8 = 2;
const COMMAND: u8 = 4;
const GREETING: usize = 64;

/// What comes after the greeting.
pub enum Unit {
    Command(Vec<u8>),
    Message(Vec<Vec<u8>>),
}

/// Passes the greeting on as it arrives: each side waits for parts of the other's.
pub fn pass_greeting(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut bytes = [0; GREETING];
    let mut left = GREETING;
    while left > 0 {
        let count = from.read(&mut bytes[..left])?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        to.write_all(&bytes[..count])?;
        left -= count;
    }
    Ok(())
}

pub fn read(from: &mut impl Read) -> io::Result<Unit> {
    let mut frames = Vec::new();
    loop {
        let [flags] = bytes(from)?;
        let length = if flags & LONG == 0 {
            u64::from(bytes::<1>(from)?[0])
        } else {
            u64::from_be_bytes(bytes(from)?)
        };
        let mut body = Vec::new();
        if from.take(length).read_to_end(&mut body)? as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if flags & COMMAND != 0 {
            return Ok(Unit::Command(body));
        }
        frames.push(body);
        if flags & MORE == 0 {
            return Ok(Unit::Message(frames));
        }
    }
}

fn bytes<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

pub fn write(to: &mut impl Write, unit: &Unit) -> io::Result<()> {
    let mut out = Vec::new();
    match unit {
        Unit::Command(body) => add(&mut out, COMMAND, body),
        Unit::Message(frames) => {
            for (index, body) in frames.iter().enumerate() {
                let more = if index + 1 < frames.len() { MORE } else { 0 };
                add(&mut out, more, body);
            }
        }
    }
    to.write_all(&out)
}

fn add(out: &mut Vec<u8>, flags: u8, body: &[u8]) {
    match u8::try_from(body.len()) {
        Ok(length) => out.extend([flags, length]),
        Err(_) => {
            out.push(flags | LONG);
            out.extend((body.len() as u64).to_be_bytes());
        }
    }
    out.extend(body);
}

/// A connection of our own to a kernel's socket, as a socket of this kind (`SUB`, `DEALER`), without
/// a name.
pub fn connect(address: &str, kind: &str) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    greet(&mut stream, kind, "")?;
    Ok(stream)
}

/// Says who we are, and hears who the other is.
pub fn greet(stream: &mut TcpStream, kind: &str, identity: &str) -> io::Result<Vec<u8>> {
    stream.set_nodelay(true)?;
    let mut greeting = [0; GREETING];
    (greeting[0], greeting[9], greeting[10]) = (0xff, 0x7f, 3);
    greeting[12..16].copy_from_slice(b"NULL");
    stream.write_all(&greeting)?;
    let mut ready = Vec::from(b"\x05READY");
    for (name, value) in [("Socket-Type", kind), ("Identity", identity)] {
        ready.push(name.len() as u8);
        ready.extend(name.as_bytes());
        ready.extend((value.len() as u32).to_be_bytes());
        ready.extend(value.as_bytes());
    }
    write(stream, &Unit::Command(ready))?;
    bytes::<GREETING>(stream)?;
    loop {
        if let Unit::Command(theirs) = read(stream)? {
            return Ok(theirs);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_of_any_length_come_back_as_they_went() {
        let frames = vec![vec![], vec![7; 255], vec![8; 256], vec![9; 70_000]];
        let mut line = Vec::new();
        write(&mut line, &Unit::Message(frames.clone())).unwrap();
        write(&mut line, &Unit::Command(b"\x04PING".to_vec())).unwrap();
        let mut line = line.as_slice();
        assert!(matches!(read(&mut line).unwrap(), Unit::Message(found) if found == frames));
        assert!(matches!(read(&mut line).unwrap(), Unit::Command(body) if body == b"\x04PING"));
        assert!(read(&mut line).is_err());
    }

    #[test]
    fn a_message_that_is_cut_short_is_an_error() {
        assert!(read(&mut [0, 5, 1, 2].as_slice()).is_err());
    }
}
