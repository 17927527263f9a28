//! Passes the messages between Jupyter and evcxr on, and changes the few that a learner would
//! suffer from.
//!
//! ```text
//! Jupyter  <-- ports of the connection file -->  launcher  <-- ports of our own -->  evcxr
//! ```
//!
//! Interrupts stay here (`cells.rs`), the end of the cells' process is told in plain words
//! (`ended.rs`), and a `?` that ends a cell is told as an error (`early_end.rs`). All else goes
//! through as it is.

use super::cells::Cells;
use super::dep;
use super::ended::{self, LastWords};
use super::identity::Names;
use super::message::{Key, Message};
use super::signs::Signs;
use super::wire::{self, Unit};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs;
use std::io::{self, ErrorKind};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

const POLL: Duration = Duration::from_millis(10);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Channel {
    Shell,
    Control,
    Iopub,
    Stdin,
    Heartbeat,
}

const CHANNELS: [(Channel, &str); 5] = [
    (Channel::Shell, "shell_port"),
    (Channel::Control, "control_port"),
    (Channel::Iopub, "iopub_port"),
    (Channel::Stdin, "stdin_port"),
    (Channel::Heartbeat, "hb_port"),
];

pub struct Relay {
    /// The connection file for evcxr.
    pub connection: PathBuf,
    pub cells: Arc<Cells>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Relay {
    /// Listens where Jupyter will call. `None` if they are to speak through something else than
    /// TCP: then evcxr takes Jupyter's own connection file.
    pub fn start(jupyter: &Path, run: &Path) -> Result<Option<Self>> {
        let text = fs::read_to_string(jupyter)
            .with_context(|| format!("cannot read {}", jupyter.display()))?;
        let asked: Value = serde_json::from_str(&text)?;
        if asked["transport"] != "tcp" {
            return Ok(None);
        }
        let ip = match asked["ip"].as_str() {
            None | Some("") => "127.0.0.1",
            Some("*") => "0.0.0.0",
            Some(ip) => ip,
        };
        let key = Key::new(asked["key"].as_str().unwrap_or(""));
        let mut ours = asked.clone();
        ours["ip"] = json!("127.0.0.1");
        let mut free = free_ports();
        for (_, name) in CHANNELS {
            ours[name] = json!(free.next().context("no port is free")?);
        }
        let connection = run.join("connection.json");
        write_for_owner(&connection, &ours.to_string())?;

        let address = |name: &str| format!("127.0.0.1:{}", ours[name]);
        let (shell, control) = (address("shell_port"), address("control_port"));
        let cells = Arc::new(Cells::new(key.clone(), shell, control, Signs::new(run)?));
        let stop = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        for (channel, name) in CHANNELS {
            let port = asked[name].as_u64().context("a port is missing")?;
            let listener = listen(&format!("{ip}:{port}"))
                .with_context(|| format!("port {port} is in use"))?;
            listener.set_nonblocking(true)?;
            let line = Line {
                channel,
                kernel: address(name),
                key: key.clone(),
                names: Arc::default(),
                cells: Arc::clone(&cells),
                stop: Arc::clone(&stop),
            };
            threads.push(thread::spawn(move || line.listen(&listener)));
        }
        let watcher = Watcher {
            iopub: address("iopub_port"),
            cells: Arc::clone(&cells),
            stop: Arc::clone(&stop),
        };
        thread::spawn(move || watcher.watch());
        Ok(Some(Self {
            connection,
            cells,
            stop,
            threads,
        }))
    }
}

/// The ports are free again afterwards, for a stand-in that says why the kernel did not start.
impl Drop for Relay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Ports that nobody uses now, nor before evcxr listens some seconds later: they lie below those
/// that the system gives to outgoing connections, and kernels that start together have process
/// numbers that differ, and so begin at different ports.
fn free_ports() -> impl Iterator<Item = u16> {
    const FIRST: u32 = 20_000;
    const COUNT: u32 = 12_000;
    let begin = std::process::id() % COUNT * CHANNELS.len() as u32 % COUNT;
    (0..COUNT)
        .map(move |i| (FIRST + (begin + i) % COUNT) as u16)
        .filter(|&port| TcpListener::bind(("127.0.0.1", port)).is_ok())
}

/// After a restart the kernel before may still be about to leave.
fn listen(address: &str) -> io::Result<TcpListener> {
    const TRIES: u32 = 300;
    for _ in 0..TRIES {
        match TcpListener::bind(address) {
            Err(error) if error.kind() == ErrorKind::AddrInUse => thread::sleep(POLL),
            result => return result,
        }
    }
    TcpListener::bind(address)
}

/// Whoever can read the key can run code in the kernel.
fn write_for_owner(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    io::Write::write_all(&mut options.open(path)?, text.as_bytes())
}

/// evcxr needs some seconds until it listens.
fn connect_when_ready<T>(stop: &AtomicBool, connect: impl Fn() -> io::Result<T>) -> Option<T> {
    while !stop.load(Ordering::Relaxed) {
        match connect() {
            Ok(line) => return Some(line),
            Err(_) => thread::sleep(POLL * 2),
        }
    }
    None
}

/// One channel.
#[derive(Clone)]
struct Line {
    channel: Channel,
    /// evcxr's address.
    kernel: String,
    key: Key,
    /// Who has called on this channel.
    names: Arc<Names>,
    cells: Arc<Cells>,
    stop: Arc<AtomicBool>,
}

/// The end of a connection that several threads write to, whole messages at a time.
type Writer = Arc<Mutex<TcpStream>>;

impl Line {
    fn listen(&self, listener: &TcpListener) {
        while !self.stop.load(Ordering::Relaxed) {
            match listener.accept() {
                Ok((client, _)) => {
                    let line = self.clone();
                    thread::spawn(move || {
                        // An error here means that one of the two has gone away.
                        let _ = line.join(&client);
                        let _ = client.shutdown(Shutdown::Both);
                    });
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(POLL),
                Err(_) => thread::sleep(POLL),
            }
        }
    }

    /// Passes on in both directions until one side ends.
    fn join(&self, client: &TcpStream) -> io::Result<()> {
        client.set_nonblocking(false)?;
        client.set_nodelay(true)?;
        let connect = || TcpStream::connect(&self.kernel);
        let Some(kernel) = connect_when_ready(&self.stop, connect) else {
            return Ok(());
        };
        kernel.set_nodelay(true)?;
        let to_client: Writer = Arc::new(Mutex::new(client.try_clone()?));
        let (line, from_client, to_kernel) =
            (self.clone(), client.try_clone()?, kernel.try_clone()?);
        let answers = Arc::clone(&to_client);
        thread::spawn(move || {
            let begun = line.ask(from_client, &to_kernel, &answers);
            if !begun || !line.is_answered() {
                let _ = to_kernel.shutdown(Shutdown::Both);
            }
        });
        let mut result = self.answer(&kernel, &to_client);
        if self.is_answered() {
            // The connection to evcxr stays open (`identity.rs`): what nobody waits for is dropped.
            let _ = client.shutdown(Shutdown::Both);
            result = io::copy(&mut &kernel, &mut io::sink()).map(drop);
        }
        let _ = kernel.shutdown(Shutdown::Both);
        result
    }

    /// Whether evcxr answers on this channel to whoever has asked.
    fn is_answered(&self) -> bool {
        matches!(
            self.channel,
            Channel::Control | Channel::Shell | Channel::Stdin
        )
    }

    /// From Jupyter to evcxr, until one of them is gone. Whether they have greeted each other.
    fn ask(&self, mut client: TcpStream, mut kernel: &TcpStream, answers: &Writer) -> bool {
        if !self.is_answered() {
            let _ = io::copy(&mut client, &mut kernel);
            return true;
        }
        if wire::pass_greeting(&mut client, &mut kernel).is_err() {
            return false;
        }
        let _ = self.pass_requests(client, kernel, answers);
        true
    }

    fn pass_requests(
        &self,
        mut client: TcpStream,
        mut kernel: &TcpStream,
        answers: &Writer,
    ) -> io::Result<()> {
        loop {
            let mut unit = wire::read(&mut client)?;
            if let Unit::Command(command) = unit {
                unit = Unit::Command(self.names.own(command));
            }
            // Jupyter sends an interrupt on the control channel, VS Code on the one of the cells.
            if let Some(request) = message(&unit)
                && request.kind() == "interrupt_request"
            {
                self.cells.interrupt();
                let reply = request.reply(&json!({"status": "ok"}), &self.key);
                send(answers, &Unit::Message(reply.frames()))?;
                continue;
            }
            wire::write(&mut kernel, &unit)?;
        }
    }

    /// From evcxr to Jupyter.
    fn answer(&self, mut kernel: &TcpStream, client: &Writer) -> io::Result<()> {
        {
            let mut client = client.lock().unwrap_or_else(PoisonError::into_inner);
            wire::pass_greeting(&mut kernel, &mut *client)?;
        }
        let mut last = LastWords::default();
        loop {
            let unit = wire::read(&mut kernel)?;
            let units = match (self.channel, message(&unit)) {
                (Channel::Shell, Some(answer)) => vec![self.answered(answer, unit)],
                (Channel::Iopub, Some(said)) => self.told(said, unit, &mut last),
                _ => vec![unit],
            };
            for unit in units {
                send(client, &unit)?;
            }
        }
    }

    /// The answer to a cell: one that a `?` ended has failed.
    fn answered(&self, mut answer: Message, unit: Unit) -> Unit {
        if answer.kind() != "execute_reply" {
            return unit;
        }
        let cell = answer.parent();
        self.cells.is_over(&cell);
        let Some(lines) = self.cells.why_failed(&cell) else {
            return unit;
        };
        let mut content = error_content("Error", &lines);
        content["status"] = json!("error");
        content["execution_count"] = answer.content()["execution_count"].clone();
        answer.set_content(&content, &self.key);
        Unit::Message(answer.frames())
    }

    /// What a notebook is told of something that the kernel says.
    fn told(&self, mut said: Message, unit: Unit, last: &mut LastWords) -> Vec<Unit> {
        if said.is_to_launcher() {
            return Vec::new();
        }
        match said.kind().as_str() {
            "execute_input" => {
                *last = LastWords::default();
                let code = said.content()["code"].as_str().and_then(dep::warning);
                let warning = code.filter(|_| self.cells.have_run()).map(|text| {
                    let stream = json!({"name": "stdout", "text": text});
                    Unit::Message(said.beside("stream", &stream, &self.key).frames())
                });
                [unit].into_iter().chain(warning).collect()
            }
            "status" if said.content()["execution_state"] == "idle" => {
                let cell = said.parent();
                self.cells.is_over(&cell);
                let failed = self.cells.why_failed(&cell).map(|lines| {
                    let error = said.beside("error", &error_content("Error", &lines), &self.key);
                    Unit::Message(error.frames())
                });
                failed.into_iter().chain([unit]).collect()
            }
            "stream" => {
                let content = said.content();
                let text = content["text"].as_str().unwrap_or("");
                let hidden = content["name"] == "stderr" && last.hide(text);
                if hidden { Vec::new() } else { vec![unit] }
            }
            "error" => {
                let content = self.error(&said, last);
                match content {
                    Some(content) => {
                        said.set_content(&content, &self.key);
                        vec![Unit::Message(said.frames())]
                    }
                    None => vec![unit],
                }
            }
            _ => vec![unit],
        }
    }

    /// Other words for an error, if there are better ones.
    fn error(&self, said: &Message, last: &LastWords) -> Option<Value> {
        let (content, cell) = (said.content(), said.parent());
        let lines = if let Some(status) = ended::status(content["evalue"].as_str()?) {
            let why = self.cells.why_ended(&cell);
            ended::message(status, why, last, self.cells.checkpoint())
        } else if self.cells.compiler_was_stopped(&cell) {
            vec!["Interrupted while this cell was being compiled: nothing of it has run, and all variables are as they were.".to_owned()]
        } else {
            return None;
        };
        Some(error_content("Interrupted", &lines))
    }
}

fn error_content(name: &str, lines: &[String]) -> Value {
    json!({"ename": name, "evalue": lines[0], "traceback": lines})
}

fn message(unit: &Unit) -> Option<Message> {
    match unit {
        Unit::Message(frames) => Message::of(frames),
        Unit::Command(_) => None,
    }
}

fn send(to: &Writer, unit: &Unit) -> io::Result<()> {
    let mut to = to.lock().unwrap_or_else(PoisonError::into_inner);
    wire::write(&mut *to, unit)
}

/// Hears what evcxr says to everybody, whether or not a notebook is open.
struct Watcher {
    iopub: String,
    cells: Arc<Cells>,
    stop: Arc<AtomicBool>,
}

impl Watcher {
    fn watch(&self) {
        let connect = || {
            let mut line = wire::connect(&self.iopub, "SUB")?;
            // "Everything": a subscription to all topics.
            wire::write(&mut line, &Unit::Message(vec![vec![1]]))?;
            Ok(line)
        };
        while let Some(mut line) = connect_when_ready(&self.stop, connect) {
            while let Ok(unit) = wire::read(&mut line) {
                if let Some(said) = message(&unit)
                    && !said.is_to_launcher()
                {
                    self.hear(&said);
                }
            }
            thread::sleep(POLL);
        }
    }

    fn hear(&self, said: &Message) {
        match said.kind().as_str() {
            "execute_input" => self.cells.begins(said.parent()),
            "status" if said.content()["execution_state"] == "idle" => {
                self.cells.is_over(&said.parent());
            }
            "error"
                if said.content()["evalue"]
                    .as_str()
                    .and_then(ended::status)
                    .is_some() =>
            {
                self.cells.process_ended();
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A channel of a kernel that a test plays itself.
    struct Played {
        run: PathBuf,
        kernel: TcpListener,
        jupyter: String,
        stop: Arc<AtomicBool>,
        thread: Option<JoinHandle<()>>,
    }

    impl Played {
        fn new(channel: Channel) -> Self {
            let kernel = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = kernel.local_addr().unwrap().to_string();
            let key = Key::new("");
            let name = format!("latent-relay-{}-{address}", std::process::id());
            let run = std::env::temp_dir().join(name.replace(':', "-"));
            let signs = Signs::new(&run).unwrap();
            let cells = Cells::new(key.clone(), address.clone(), address.clone(), signs);
            let stop = Arc::<AtomicBool>::default();
            let line = Line {
                channel,
                kernel: address,
                key,
                names: Arc::default(),
                cells: Arc::new(cells),
                stop: Arc::clone(&stop),
            };
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let jupyter = listener.local_addr().unwrap().to_string();
            listener.set_nonblocking(true).unwrap();
            Self {
                run,
                kernel,
                jupyter,
                stop,
                thread: Some(thread::spawn(move || line.listen(&listener))),
            }
        }

        /// A page that calls, the kernel's end of its connection, and what the kernel hears of it.
        fn call(&self, identity: &str) -> (TcpStream, TcpStream, Vec<u8>) {
            let mut page = TcpStream::connect(&self.jupyter).unwrap();
            let (mut kernel, _) = self.kernel.accept().unwrap();
            // What never comes is a failure, not a test without an end.
            for end in [&page, &kernel] {
                end.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            }
            let page_greets = thread::spawn({
                let (mut page, identity) = (page.try_clone().unwrap(), identity.to_owned());
                move || wire::greet(&mut page, "DEALER", &identity).unwrap()
            });
            let heard = wire::greet(&mut kernel, "ROUTER", "").unwrap();
            page_greets.join().unwrap();
            page.set_nodelay(true).unwrap();
            wire::write(&mut page, &Unit::Message(vec![b"asked".to_vec()])).unwrap();
            assert!(matches!(wire::read(&mut kernel).unwrap(), Unit::Message(_)));
            (page, kernel, heard)
        }
    }

    impl Drop for Played {
        fn drop(&mut self) {
            self.stop.store(true, Ordering::Relaxed);
            let _ = self.thread.take().map(JoinHandle::join);
            let _ = fs::remove_dir_all(&self.run);
        }
    }

    /// Whether the connection has ended; a moment of silence is none.
    fn has_ended(end: &mut TcpStream, patience: Duration) -> bool {
        end.set_read_timeout(Some(patience)).unwrap();
        match wire::read(end) {
            Ok(_) => panic!("nothing was said"),
            Err(error) => !matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        }
    }

    #[test]
    fn a_kernel_can_answer_a_page_that_has_gone() {
        for channel in [Channel::Control, Channel::Shell, Channel::Stdin] {
            let played = Played::new(channel);
            let (page, mut kernel, _) = played.call("page");
            drop(page);
            // More than the system would keep for nobody: each is taken and dropped.
            let answer = Unit::Message(vec![vec![0; 1 << 16]]);
            for _ in 0..200 {
                wire::write(&mut kernel, &answer).unwrap();
            }
            assert!(!has_ended(&mut kernel, POLL * 20));
        }
    }

    #[test]
    fn a_page_that_comes_again_is_answered_under_a_name_of_its_own() {
        let played = Played::new(Channel::Shell);
        let names = ["page", "page#2"];
        let mut open = Vec::new();
        for name in names {
            let (mut page, mut kernel, heard) = played.call("page");
            assert!(heard.ends_with(name.as_bytes()), "{heard:?}");
            wire::write(&mut kernel, &Unit::Message(vec![b"answer".to_vec()])).unwrap();
            let answer = wire::read(&mut page).unwrap();
            assert!(matches!(answer, Unit::Message(frames) if frames == [b"answer"]));
            open.push((page, kernel));
        }
    }

    #[test]
    fn what_is_told_to_all_ends_with_its_page() {
        let played = Played::new(Channel::Iopub);
        let (page, mut kernel, _) = played.call("page");
        drop(page);
        assert!(has_ended(&mut kernel, Duration::from_secs(60)));
    }
}
