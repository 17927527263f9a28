//! A smaller world for the analyser. evcxr finds the types of a lesson's variables with a
//! rust-analyzer inside, which reads and parses every crate of the graph anew in each kernel: this,
//! and no compiling, is what a learner waits for at the first cells, and it takes more memory than
//! the lesson's data. Most of those crates cannot matter, for no variable of a lesson has a type of
//! theirs.
//!
//! - `cargo metadata` tells rust-analyzer which crates there are. It takes the `cargo` in Cargo's
//!   home before any other, and evcxr does not: so the launcher names a home in which this program
//!   stands in for Cargo and leaves out what is never seen from a cell. For what evcxr builds, the
//!   first thing it reads, `init.evcxr`, names the true home again. Of the standard library's own
//!   workspace it shows what a program can name: not the crates inside, nor its tests.
//! - The standard library is read from a copy without the vector instructions of all processors
//!   (16 of its 34 MB), and without the comments in files that define macros: what is written once
//!   there for all kinds of integers, the analyser keeps twelve times.
//! - evcxr's allocator asks the system for no huge pages, of which the analyser uses parts.
//!
//! What is compiled stays as it is.

use super::evcxr::cargo_home;
use super::rust::Rust;
use super::template::Home;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

/// The environment variables that say where the real Cargo is, and its home.
const REAL_CARGO: &str = "LATENT_CARGO";
const REAL_HOME: &str = "LATENT_CARGO_HOME";

/// Crates that are used inside of others, or whose types no public signature of `latent` names.
/// A crate that a learner adds with `:dep` is always seen, be it one of these.
const INSIDE: [&str; 41] = [
    "alga",
    "approx",
    "askama",
    "base64",
    "bytemuck",
    "csv",
    "dyn-clone",
    "erased-serde",
    "faer",
    "flate2",
    "gemm",
    "getrandom",
    "libc",
    "libm",
    "linfa-kernel",
    "linfa-linalg",
    "linfa-nn",
    "matrixmultiply",
    "miniz_oxide",
    "mnist",
    "ndarray-npy",
    "ndarray-rand",
    "num-integer",
    "once_cell",
    "png",
    "ppv-lite86",
    "rand_chacha",
    "rand_distr",
    "rawpointer",
    "rayon",
    "rustix",
    "safetensors",
    "serde",
    "serde_json",
    "serde_with",
    "sha2",
    "sprs",
    "tempfile",
    "thiserror",
    "zerocopy",
    "zip",
];

/// What a program can name of the standard library, and `sysroot`, which is the way to it.
const LIBRARY: [&str; 5] = ["alloc", "core", "proc_macro", "std", "sysroot"];

/// Whether this program was started under the name of Cargo.
pub fn is_asked() -> bool {
    let program = std::env::args_os().next().map(PathBuf::from);
    let stem = program.as_deref().and_then(Path::file_stem);
    stem.is_some_and(|stem| stem == "cargo") && std::env::var_os(REAL_CARGO).is_some()
}

/// Makes Cargo's second home, where links to folders can be made; elsewhere the analyser reads
/// everything.
pub fn set_up(home: &Home) -> Result<()> {
    let folder = home.analyser();
    fs::create_dir_all(&folder)?;
    let real = cargo_home().context("there is no home folder")?;
    // An earlier version linked to Cargo's credentials, which nothing here reads.
    let _ = fs::remove_file(folder.join("credentials.toml"));
    #[cfg(unix)]
    for name in ["registry", "git", "config.toml"] {
        let link = folder.join(name);
        let _ = fs::remove_file(&link);
        std::os::unix::fs::symlink(real.join(name), link)?;
    }
    Ok(())
}

/// Shows evcxr's analyser the smaller world. Returns what evcxr has to read first.
pub fn apply(home: &Home, rust: &Rust, cargo: &Path, evcxr: &mut Command) -> String {
    if home.library().is_dir() {
        evcxr.env("RUST_SRC_PATH", home.library());
    }
    // The process of the cells has another allocator, the system's, which asks for none either.
    evcxr.env("MIMALLOC_ALLOW_THP", "0");
    match rust.cargo_home() {
        Some(real) if home.analyser().join("registry").exists() => {
            evcxr
                .env(REAL_CARGO, cargo)
                .env(REAL_HOME, &real)
                .env("CARGO_HOME", home.analyser());
            format!(":build_env CARGO_HOME={}\n", real.display())
        }
        Some(real) => {
            evcxr.env("CARGO_HOME", real);
            String::new()
        }
        None => String::new(),
    }
}

/// Answers as Cargo does, with fewer crates.
pub fn answer() -> Result<ExitCode> {
    let real = |name| std::env::var_os(name).with_context(|| format!("{name} is not set"));
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    let mut cargo = Command::new(real(REAL_CARGO)?);
    cargo.args(&args).env("CARGO_HOME", real(REAL_HOME)?);
    if args.first().is_none_or(|action| action != "metadata") {
        let status = cargo.status()?;
        return Ok(super::exit_code(status));
    }
    let output = cargo.stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8(output.stdout)?;
    println!("{}", without_the_inside(&text).unwrap_or(text));
    Ok(super::exit_code(output.status))
}

/// `None` where there is nothing to leave out, or where the answer has another form.
fn without_the_inside(metadata: &str) -> Option<String> {
    let mut metadata: Value = serde_json::from_str(metadata).ok()?;
    let packages = metadata["packages"].as_array()?;
    let has = |name: &str| packages.iter().any(|package| package["name"] == name);
    let is_library = has("core") && has("sysroot");
    if !is_library && !has("latent") {
        return None;
    }
    let is_hidden = |package: &&Value| {
        let name = package["name"].as_str().unwrap_or_default();
        if is_library {
            // `rustc-std-workspace-core` and its like are other names of the library's crates.
            !LIBRARY.contains(&name) && !name.starts_with("rustc-std-workspace-")
        } else {
            INSIDE.contains(&name) || is_macro(package)
        }
    };
    let hidden: HashSet<String> = packages
        .iter()
        .filter(is_hidden)
        .filter_map(|package| Some(package["id"].as_str()?.to_owned()))
        .collect();
    let mut members: Vec<String> = strings(&metadata["workspace_members"]);
    if is_library {
        members.retain(|member| !hidden.contains(member));
        for list in ["workspace_members", "workspace_default_members"] {
            if let Some(Value::Array(ids)) = metadata.get_mut(list) {
                ids.retain(|id| id.as_str().is_some_and(|id| !hidden.contains(id)));
            }
        }
    }

    let mut seen_from: HashMap<String, Vec<String>> = HashMap::new();
    for node in metadata["resolve"]["nodes"].as_array_mut()? {
        let id = node["id"].as_str()?.to_owned();
        let is_member = !is_library && members.contains(&id);
        let stays = |dependency: &str| is_member || !hidden.contains(dependency);
        let deps = node["deps"].as_array_mut()?;
        deps.retain(|dep| dep["pkg"].as_str().is_some_and(stays) && is_of_the_library(dep));
        let kept: Vec<String> = deps
            .iter()
            .filter_map(|dep| Some(dep["pkg"].as_str()?.to_owned()))
            .collect();
        node["dependencies"] = kept.clone().into();
        seen_from.insert(id, kept);
    }

    let mut seen: HashSet<String> = HashSet::new();
    let mut next = members;
    while let Some(id) = next.pop() {
        if let Some(further) = seen_from.get(&id)
            && seen.insert(id)
        {
            next.extend(further.iter().cloned());
        }
    }
    let is_seen = |item: &Value| item["id"].as_str().is_some_and(|id| seen.contains(id));
    metadata["packages"].as_array_mut()?.retain(is_seen);
    metadata["resolve"]["nodes"].as_array_mut()?.retain(is_seen);
    Some(metadata.to_string())
}

fn strings(array: &Value) -> Vec<String> {
    let items = array.as_array().into_iter().flatten();
    items
        .filter_map(|item| Some(item.as_str()?.to_owned()))
        .collect()
}

/// evcxr's analyser expands no procedural macro.
fn is_macro(package: &Value) -> bool {
    let targets = package["targets"].as_array().into_iter().flatten();
    targets
        .flat_map(|target| strings(&target["kind"]))
        .any(|kind| kind == "proc-macro")
}

/// Neither for the build script nor for tests alone.
fn is_of_the_library(dep: &Value) -> bool {
    let kinds = dep["dep_kinds"].as_array();
    kinds.is_none_or(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
}

/// Copies the standard library's sources, with nothing where the vector instructions are, and no
/// comments where macros are.
pub fn copy_library(from: &Path, to: &Path) -> Result<()> {
    let new = to.with_extension("new");
    let _ = fs::remove_dir_all(&new);
    copy_sources(from, &new)?;
    let instructions = new.join("stdarch/crates/core_arch/src");
    if instructions.is_dir() {
        fs::remove_dir_all(&instructions)?;
        fs::create_dir(&instructions)?;
        fs::write(instructions.join("lib.rs"), "")?;
        fs::write(instructions.join("mod.rs"), "pub mod arch {}\n")?;
    }
    fs::rename(new, to)?;
    Ok(())
}

fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_sources(&entry.path(), &target)?;
        } else {
            let path = entry.path();
            let is_rust = path.extension().is_some_and(|ending| ending == "rs");
            match is_rust.then(|| without_comments(&fs::read_to_string(&path).ok()?)) {
                Some(Some(text)) => fs::write(target, text)?,
                _ => drop(fs::copy(path, target)?),
            }
        }
    }
    Ok(())
}

/// A source that defines macros, without the lines that are comments.
fn without_comments(source: &str) -> Option<String> {
    let is_comment = |line: &str| {
        let line = line.trim();
        line.starts_with("//") || (line.starts_with("#[doc = ") && line.ends_with(']'))
    };
    source.contains("macro_rules!").then(|| {
        let lines = source.lines().filter(|line| !is_comment(line));
        lines.flat_map(|line| [line, "\n"]).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn package(name: &str, kind: &str) -> Value {
        json!({ "id": name, "name": name, "targets": [{ "kind": [kind] }] })
    }

    fn node(name: &str, deps: &[(&str, Value)]) -> Value {
        let names: Vec<_> = deps.iter().map(|(name, _)| *name).collect();
        let deps: Vec<_> = deps
            .iter()
            .map(|(name, kind)| json!({ "pkg": name, "dep_kinds": [{ "kind": kind }] }))
            .collect();
        json!({ "id": name, "deps": deps, "dependencies": names })
    }

    #[test]
    fn a_cell_sees_what_it_names_and_what_its_types_are_made_of() {
        let null = || Value::Null;
        let graph = json!({
            "workspace_members": ["ctx"],
            "packages": [
                package("ctx", "cdylib"), package("latent", "lib"), package("ndarray", "lib"),
                package("gemm", "lib"), package("gemm-common", "lib"), package("paste", "proc-macro"),
                package("cc", "lib"), package("rayon", "lib"),
            ],
            "resolve": { "nodes": [
                node("ctx", &[("latent", null()), ("rayon", null())]),
                node("latent", &[("ndarray", null()), ("gemm", null()), ("cc", json!("build"))]),
                node("ndarray", &[("paste", null())]),
                node("gemm", &[("gemm-common", null())]),
                node("gemm-common", &[]), node("paste", &[]), node("cc", &[]), node("rayon", &[]),
            ]},
        });
        let smaller: Value =
            serde_json::from_str(&without_the_inside(&graph.to_string()).unwrap()).unwrap();
        let mut names: Vec<_> = smaller["packages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p["name"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        assert_eq!(names, ["ctx", "latent", "ndarray", "rayon"]);
        let nodes = smaller["resolve"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 4);
        assert_eq!(nodes[1]["dependencies"], json!(["ndarray"]));
    }

    #[test]
    fn of_the_standard_library_a_cell_sees_what_a_program_can_name() {
        let null = || Value::Null;
        let graph = json!({
            "workspace_members": ["sysroot", "coretests"],
            "packages": [
                package("sysroot", "lib"), package("std", "lib"), package("core", "lib"),
                package("libc", "lib"), package("coretests", "lib"), package("rand", "lib"),
                package("rustc-std-workspace-core", "lib"),
            ],
            "resolve": { "nodes": [
                node("sysroot", &[("std", null())]),
                node("std", &[("libc", null()), ("rustc-std-workspace-core", null())]),
                node("libc", &[]), node("rand", &[]), node("core", &[]),
                node("rustc-std-workspace-core", &[("core", null())]),
                node("coretests", &[("rand", null())]),
            ]},
        });
        let smaller: Value =
            serde_json::from_str(&without_the_inside(&graph.to_string()).unwrap()).unwrap();
        let packages = smaller["packages"].as_array().unwrap();
        let names: Vec<_> = packages.iter().map(|package| &package["name"]).collect();
        assert_eq!(
            names,
            ["sysroot", "std", "core", "rustc-std-workspace-core"]
        );
        assert_eq!(smaller["workspace_members"], json!(["sysroot"]));
    }

    #[test]
    fn comments_go_only_where_macros_are() {
        assert_eq!(without_comments("/// Text.\nfn f() {}\n"), None);
        let kinds = "macro_rules! m { () => {\n    /// Text.\n    #[doc = \"Text\"]\n    fn f() {} // end\n} }\n";
        let expected = "macro_rules! m { () => {\n    fn f() {} // end\n} }\n";
        assert_eq!(without_comments(kinds).unwrap(), expected);
    }

    #[test]
    fn other_projects_are_left_alone() {
        let graph = json!({ "packages": [package("gemm", "lib")], "workspace_members": [] });
        assert_eq!(without_the_inside(&graph.to_string()), None);
        assert_eq!(without_the_inside("error"), None);
    }

    /// Where a public signature names a type of a crate that is left out, although a cell may hold
    /// such a value: the analyser then does not know its type, and nothing else goes wrong.
    /// `Model::metadata` is for the trainer and not for cells.
    const KNOWN: [(&str, &str); 1] = [("training/model.rs", "Value")];

    #[test]
    fn no_public_signature_of_the_library_names_a_type_of_a_crate_that_is_left_out() {
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../latent/src");
        let mut found = Vec::new();
        search(&sources, &sources, &mut found);
        let known = |(file, name): &(String, String)| KNOWN.contains(&(&**file, &**name));
        assert!(found.iter().any(known), "the search finds what is known");
        found.retain(|one| !known(one));
        assert!(found.is_empty(), "in signatures, but in INSIDE: {found:?}");
    }

    fn search(root: &Path, folder: &Path, found: &mut Vec<(String, String)>) {
        let mut paths: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                search(root, &path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") && is_public(&path) {
                let file = path.strip_prefix(root).unwrap().display().to_string();
                let names = leaks(&fs::read_to_string(&path).unwrap());
                found.extend(names.into_iter().map(|name| (file.clone(), name)));
            }
        }
    }

    /// Whether the file is a public module, or one of which something is exported.
    fn is_public(path: &Path) -> bool {
        let folder = path.parent().unwrap();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let parents = ["mod.rs", "lib.rs"].map(|name| folder.join(name));
        let beside = folder.with_extension("rs");
        let parent = parents.into_iter().chain([beside]).find(|p| p.exists());
        let parent = fs::read_to_string(parent.unwrap()).unwrap();
        ["lib", "mod"].contains(&name)
            || [format!("pub mod {name};"), format!("pub use {name}::")]
                .iter()
                .any(|text| parent.contains(text))
    }

    /// The names in public signatures that are imported from a crate of the list.
    fn leaks(code: &str) -> Vec<String> {
        let code = code.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
        let lines = code.lines().map(|line| line.split("//").next().unwrap());
        let code: String = lines.map(|line| format!("{line}\n")).collect();
        let words = |text: &str| -> Vec<String> {
            let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
            words.map(str::to_owned).collect()
        };
        let crates = INSIDE.map(|name| name.replace('-', "_"));
        let mut hidden = HashSet::new();
        for import in code.split("\nuse ").skip(1) {
            let import = words(import.split(';').next().unwrap());
            if crates.contains(&import[0]) {
                let types = import.into_iter();
                hidden.extend(types.filter(|name| name.starts_with(char::is_uppercase)));
            }
        }
        let mut signatures = String::new();
        for item in code.split("pub ").skip(1) {
            let end = if item.starts_with("trait ") {
                item.find("\n}")
            } else if item.starts_with('(') || item.starts_with("use ") {
                Some(0)
            } else {
                item.find(['{', ';', '='])
            };
            signatures += &item[..end.unwrap_or(item.len())];
        }
        let mut found: Vec<String> = words(&signatures);
        found.retain(|word| hidden.contains(word));
        found.extend(crates.into_iter().filter(|name| {
            let path = format!("{name}::");
            let mut paths = signatures.match_indices(&path);
            paths.any(|(at, _)| {
                !signatures[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
            })
        }));
        found.sort();
        found.dedup();
        found
    }

    #[test]
    fn a_leak_is_found_in_each_kind_of_signature() {
        let import = "use faer::{MatRef, linalg::Svd};\nuse ndarray::Array2;\n";
        for (signature, expected) in [
            ("pub fn f(a: MatRef<f32>) -> f32 { 1.0 }", vec!["MatRef"]),
            ("pub struct S {\n    pub svd: Svd,\n}", vec!["Svd"]),
            ("pub trait T {\n    fn f(&self) -> Svd;\n}", vec!["Svd"]),
            ("pub fn f() -> png::Error { todo!() }", vec!["png"]),
            ("pub(crate) fn f(a: MatRef<f32>) {}", vec![]),
            ("pub fn f(a: &Array2<f32>) { MatRef::new(a) }", vec![]),
            ("// pub fn f(a: MatRef)", vec![]),
        ] {
            assert_eq!(
                leaks(&format!("\n{import}{signature}\n")),
                expected,
                "{signature}"
            );
        }
    }
}
