//! The program that Jupyter starts as the kernel: `latent-kernel kernel --root … <connection file>`.
//! It gives evcxr a clone of the template as its temporary folder and clears up behind it.

use super::clone::clone;
use super::failure::Failure;
use super::relay::Relay;
use super::runs::Run;
use super::rust::Rust;
use super::template::{Home, scaffold};
use super::{analyser, compiler, environment, exit_code, signs};
use crate::project::Project;
use anyhow::{Context, Result, bail};
use std::collections::VecDeque;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long a kernel waits for a template that is being built. JupyterLab waits for longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// A kernel that ends by itself so soon did not start.
const START: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(100);

/// What the kernelspec hands over.
struct Options {
    project: Project,
    evcxr: PathBuf,
    python: PathBuf,
    rust: Rust,
    connection: PathBuf,
}

impl Options {
    fn parse(args: &[String]) -> Result<Self> {
        Self::read(args).context(
            "this is the Jupyter kernel of the course; it is started by Jupyter, as\n  kernel --root <course> --lab <folder> --evcxr <evcxr_jupyter> --python <python> [--rust <toolchain>] [--cargo-home <folder>] <connection file>",
        )
    }

    fn read(args: &[String]) -> Option<Self> {
        let (connection, options) = args.split_last()?;
        let value = |name: &str| {
            let option = options.chunks_exact(2).find(|option| option[0] == name)?;
            Some(PathBuf::from(&option[1]))
        };
        Some(Self {
            project: Project::at(value("--root")?, value("--lab")?),
            evcxr: value("--evcxr")?,
            python: value("--python")?,
            rust: Rust {
                toolchain: value("--rust"),
                cargo_home: value("--cargo-home"),
            },
            connection: connection.into(),
        })
    }
}

pub fn run(args: &[String]) -> Result<ExitCode> {
    let options = Options::parse(args)?;
    match evcxr(&options) {
        Ok(code) => Ok(code),
        Err(error) => {
            eprintln!("The Rust kernel could not start. {error:#}");
            let failure = Failure::of(&Home::of(&options.project), &format!("{error:#}"));
            explain(&options, &failure)
        }
    }
}

/// Runs evcxr to its end. An error says why it did not start.
fn evcxr(options: &Options) -> Result<ExitCode> {
    let home = Home::of(&options.project);
    let run = Run::start(&home)?;
    if let Err(error) = fill(&home, &run.folder) {
        // Slow, but it works: the first cell builds all the crates.
        eprintln!("The kernel starts without the crates built: {error:#}");
        let _ = fs::remove_dir_all(&run.folder);
        scaffold(&run.folder, &options.project.root)?;
    }
    let settings = run.folder.join("settings");
    let mut command = Command::new(&options.evcxr);
    if let Some(cargo) = environment::prepare(&mut command, options.rust.folders()) {
        // evcxr's own cache (`:cache`) is for kernels without a template. Several kernels that use
        // one at the same time spoil it, so here each has its own.
        let first = format!(
            "{}:build_env XDG_CACHE_HOME={}\n",
            analyser::apply(&home, &options.rust, &cargo, &mut command),
            run.folder.join("cache").display()
        );
        fs::create_dir_all(&settings)?;
        fs::write(settings.join("init.evcxr"), first)?;
    }
    compiler::apply(&run.folder, &mut command);
    let relay = Relay::start(&options.connection, &run.folder)?;
    let connection = match &relay {
        Some(relay) => {
            command.env(signs::VARIABLE, relay.cells.signs.folder());
            &relay.connection
        }
        None => &options.connection,
    };
    let mut child = command
        .arg("--control_file")
        .arg(connection)
        .env("EVCXR_TMPDIR", run.folder.join("ctx"))
        .env("EVCXR_CONFIG_DIR", settings)
        // evcxr would bring a kernelspec in the user's home up to date; it leaves alone what is
        // not there.
        .env("JUPYTER_PATH", run.folder.join("no-kernelspec"))
        .stdin(run.lock()?)
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} does not run", options.evcxr.display()))?;
    if let Some(relay) = &relay {
        relay.cells.kernel_is(child.id());
    }
    let start = Instant::now();
    let said = pass_on(child.stderr.take());
    let status = wait(&mut child)?;
    if !status.success() && start.elapsed() < START && status.code().is_some() {
        let said = said
            .and_then(|thread| thread.join().ok())
            .unwrap_or_default();
        bail!("evcxr_jupyter ended with {status}.\n{said}");
    }
    Ok(exit_code(status))
}

/// Clones the template, waiting for it if it is just being built.
fn fill(home: &Home, folder: &Path) -> Result<()> {
    let lock = home.template_lock()?;
    let start = Instant::now();
    while lock.try_lock_shared().is_err() {
        if start.elapsed() > PATIENCE {
            bail!("the kernel's crates are still being built");
        }
        thread::sleep(POLL);
    }
    if !home.has_template() {
        bail!("the kernel's crates were never built; `cargo xtask lab` builds them");
    }
    clone(&home.template(), folder)
}

/// Copies evcxr's messages to Jupyter's log and keeps the last ones.
fn pass_on(stderr: Option<ChildStderr>) -> Option<JoinHandle<String>> {
    let stderr = BufReader::new(stderr?);
    Some(thread::spawn(move || {
        let mut last = VecDeque::new();
        for line in stderr.lines().map_while(Result::ok) {
            eprintln!("{line}");
            last.push_back(line);
            if last.len() > 200 {
                last.pop_front();
            }
        }
        Vec::from(last).join("\n")
    }))
}

/// Waits for the end of the kernel. evcxr takes seconds to end, and Jupyter grows impatient with it:
/// on a signal the kernel is ended at once, and so it is when there is no Jupyter any more.
fn wait(child: &mut Child) -> Result<ExitStatus> {
    let parent = parent_id();
    let told_to_end = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    for signal in [signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&told_to_end))?;
    }
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if parent_id() != parent || told_to_end.load(Ordering::Relaxed) {
            child.kill()?;
        }
        thread::sleep(POLL);
    }
}

#[cfg(unix)]
fn parent_id() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(not(unix))]
fn parent_id() -> u32 {
    0
}

/// Jupyter would only say that the kernel died. A small stand-in answers the cells with the reason,
/// where the learner looks.
fn explain(options: &Options, failure: &Failure) -> Result<ExitCode> {
    let script = options.project.script("explain_kernel.py");
    let status = Command::new(&options.python)
        .arg(script)
        .arg("-f")
        .arg(&options.connection)
        .env("LATENT_REASON", failure.told())
        .status()
        .context("and Python, which would have told you so in the notebook, does not run either")?;
    Ok(exit_code(status))
}
