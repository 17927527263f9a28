//! Which cell runs, and what an interrupt does to it.
//!
//! evcxr knows one answer to an interrupt: it ends the process in which all variables live, also
//! when no cell runs. So the launcher keeps interrupts from it:
//!
//! ```text
//! no cell runs             nothing happens
//! the cell is compiled     the compiler is stopped
//! the cell runs            it is asked to stop; the crate's functions look for that between steps
//! ... and nothing stops, or it is interrupted again    evcxr is passed the interrupt
//! ```

use super::ended::{PATIENCE, Why};
use super::message::{Key, Message};
use super::signs::Signs;
use super::wire::{self, Unit};
use super::{building, early_end, memory};
use serde_json::json;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// A second press of the button that comes so soon belongs to the first.
const DOUBLE: Duration = Duration::from_millis(700);
const POLL: Duration = Duration::from_millis(100);

/// What the launcher knows of the kernel that it stands in front of.
pub struct Cells {
    key: Key,
    /// Addresses of evcxr's sockets.
    shell: String,
    control: String,
    pub signs: Signs,
    /// evcxr's process, when it runs.
    evcxr: AtomicU32,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    /// The id of the request whose cell is compiled or runs.
    running: Option<String>,
    /// That cell has been asked to stop, and nothing in it has stopped yet.
    asked: bool,
    /// When the button was pressed last.
    pressed: Option<Instant>,
    /// The last cell whose compiler was stopped.
    not_compiled: Option<String>,
    /// The last cell whose process the launcher had ended.
    ended: Option<(String, Why)>,
    /// A process has ended in the running cell.
    process_is_new: bool,
    /// A cell has run to its end since the kernel started.
    has_run: bool,
    /// The last cell that a `?` ended, and what the notebook says of it.
    failed: Option<(String, Vec<String>)>,
}

impl Cells {
    pub fn new(key: Key, shell: String, control: String, signs: Signs) -> Self {
        Self {
            key,
            shell,
            control,
            signs,
            evcxr: AtomicU32::new(0),
            now: Mutex::default(),
        }
    }

    pub fn kernel_is(&self, process: u32) {
        self.evcxr.store(process, Ordering::Relaxed);
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn begins(&self, cell: String) {
        let mut now = self.now();
        now.running = Some(cell);
        now.pressed = None;
        now.asked = false;
        self.signs.forget();
        drop(now);
        // The cell is compiled first, so that this is in time, and it delays nothing.
        memory::limit(self.evcxr.load(Ordering::Relaxed));
    }

    /// Also said of requests that are no cells.
    pub fn is_over(&self, cell: &str) {
        let mut now = self.now();
        if now.running.as_deref() != Some(cell) {
            return;
        }
        now.running = None;
        now.asked = false;
        now.has_run = true;
        self.signs.take_back();
        if let Some(error) = self.signs.failed() {
            let message = early_end::message(&error, self.signs.unfinished().as_deref());
            now.failed = Some((cell.to_owned(), message));
        }
        if std::mem::take(&mut now.process_is_new) && self.signs.has_started_notebook() {
            self.start_notebook();
        }
    }

    /// The process ended in the running cell, and evcxr has started another.
    pub fn process_ended(&self) {
        self.now().process_is_new = true;
    }

    /// Whether the launcher had the process ended in this cell.
    pub fn why_ended(&self, cell: &str) -> Option<Why> {
        let now = self.now();
        let (ended, why) = now.ended.as_ref()?;
        (ended == cell).then_some(*why)
    }

    /// Whether there may be variables.
    pub fn have_run(&self) -> bool {
        self.now().has_run
    }

    /// What to say of a cell that a `?` ended.
    pub fn why_failed(&self, cell: &str) -> Option<Vec<String>> {
        let now = self.now();
        let (failed, message) = now.failed.as_ref()?;
        (failed == cell).then(|| message.clone())
    }

    pub fn compiler_was_stopped(&self, cell: &str) -> bool {
        self.now().not_compiled.as_deref() == Some(cell)
    }

    pub fn checkpoint(&self) -> Option<PathBuf> {
        self.signs.checkpoint()
    }

    /// Somebody pressed the button.
    pub fn interrupt(self: &Arc<Self>) {
        let mut now = self.now();
        let Some(cell) = now.running.clone() else {
            return;
        };
        let pressed = now.pressed.replace(Instant::now());
        if pressed.is_some_and(|time| time.elapsed() < DOUBLE) {
            return;
        }
        if now.asked && self.signs.is_unanswered() {
            drop(now);
            return self.end(&cell, Why::AskedTwice);
        }
        self.signs.ask_to_stop();
        let is_watched = std::mem::replace(&mut now.asked, true);
        drop(now);
        self.stop_compiler(&cell);
        if !is_watched {
            let cells = Arc::clone(self);
            thread::spawn(move || cells.watch(&cell));
        }
    }

    /// Ends a cell that does not stop. The time that a compiler takes does not count.
    fn watch(&self, cell: &str) {
        let mut end = Instant::now() + Duration::from_secs(PATIENCE);
        loop {
            thread::sleep(POLL);
            let mut now = self.now();
            if now.running.as_deref() != Some(cell) {
                return;
            }
            if !self.signs.is_unanswered() {
                now.asked = false;
                return;
            }
            drop(now);
            if self.stop_compiler(cell) {
                end = Instant::now() + Duration::from_secs(PATIENCE);
            } else if Instant::now() >= end {
                return self.end(cell, Why::DidNotStop);
            }
        }
    }

    fn end(&self, cell: &str, why: Why) {
        if self.stop_compiler(cell) {
            return;
        }
        let mut now = self.now();
        if now.running.as_deref() != Some(cell)
            || now.ended.as_ref().is_some_and(|(c, _)| c == cell)
        {
            return;
        }
        now.ended = Some((cell.to_owned(), why));
        drop(now);
        if let Err(error) = self.ask(&self.control, "interrupt_request", &json!({})) {
            eprintln!("The interrupt did not reach the kernel: {error}");
        }
    }

    fn stop_compiler(&self, cell: &str) -> bool {
        let stopped = building::stop(self.evcxr.load(Ordering::Relaxed));
        if stopped {
            self.now().not_compiled = Some(cell.to_owned());
        }
        stopped
    }

    /// Panic messages in plain words belong to the process. The new one is told before the next
    /// cell comes; the notebook does not see it.
    fn start_notebook(&self) {
        let code = "let _ = latent::notebook::start();";
        let content = json!({
            "code": code, "silent": true, "store_history": false,
            "user_expressions": {}, "allow_stdin": false, "stop_on_error": false,
        });
        let (shell, key) = (self.shell.clone(), self.key.clone());
        thread::spawn(move || {
            if let Err(error) = ask(&shell, "execute_request", &content, &key) {
                eprintln!("Panic messages in plain words could not be started again: {error}");
            }
        });
    }

    fn ask(&self, address: &str, kind: &str, content: &serde_json::Value) -> io::Result<()> {
        ask(address, kind, content, &self.key)
    }
}

/// Sends a request of our own and waits for the answer.
fn ask(address: &str, kind: &str, content: &serde_json::Value, key: &Key) -> io::Result<()> {
    let mut line = wire::connect(address, "DEALER")?;
    let request = Message::request(kind, content, key);
    wire::write(&mut line, &Unit::Message(request.frames()))?;
    while !matches!(wire::read(&mut line)?, Unit::Message(_)) {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(name: &str) -> (Arc<Cells>, PathBuf) {
        let folder = std::env::temp_dir().join(format!("latent-{name}-{}", std::process::id()));
        let signs = Signs::new(&folder).unwrap();
        let nowhere = || "127.0.0.1:1".to_owned();
        let cells = Cells::new(Key::new(""), nowhere(), nowhere(), signs);
        (Arc::new(cells), folder)
    }

    #[test]
    fn an_interrupt_asks_the_running_cell_and_no_other() {
        let (cells, folder) = cells("cells-asked");
        let sign = folder.join("signs/interrupt");
        cells.interrupt();
        assert!(!sign.exists(), "no cell runs");
        cells.begins("a".to_owned());
        cells.interrupt();
        assert!(sign.exists());
        cells.is_over("another");
        assert!(sign.exists());
        cells.is_over("a");
        assert!(!sign.exists());
        cells.begins("b".to_owned());
        thread::sleep(Duration::from_millis(250));
        assert!(!sign.exists());
        assert_eq!(cells.why_ended("b"), None);
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_cell_in_which_something_has_stopped_may_go_on() {
        let (cells, folder) = cells("cells-stopped");
        let [asked, stopped] = ["interrupt", "stopped"].map(|name| folder.join("signs").join(name));
        cells.begins("a".to_owned());
        for _ in 0..2 {
            cells.interrupt();
            std::fs::rename(&asked, &stopped).unwrap();
            thread::sleep(DOUBLE);
        }
        assert_eq!(cells.why_ended("a"), None);
        cells.is_over("a");
        assert!(!stopped.exists());
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_second_interrupt_ends_the_process_and_a_double_click_does_not() {
        let (cells, folder) = cells("cells-twice");
        cells.begins("a".to_owned());
        cells.interrupt();
        cells.interrupt();
        assert_eq!(cells.why_ended("a"), None);
        thread::sleep(DOUBLE);
        cells.interrupt();
        assert_eq!(cells.why_ended("a"), Some(Why::AskedTwice));
        assert_eq!(cells.why_ended("b"), None);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
