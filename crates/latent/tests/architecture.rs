//! The arrows between the rooms of the crate point one way, as the table in ARCHITECTURE.md says,
//! and no two files import each other, by any detour.
//!
//! The imports are read from the sources: `use` and inline paths that start with `crate`, `super`,
//! `self` or a child module; re-exports are followed to the file that defines the name. Comments
//! and tests do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Arrows that are wrong and known: (from, to), both rooms.
const KNOWN: [(&str, &str); 0] = [];

/// A module's path, such as ["figure", "images"]; the crate's root is empty.
type Module = Vec<String>;

/// The sources: for each module its code.
type Sources = BTreeMap<Module, String>;

/// Arrows between modules.
type Arrows = BTreeSet<(Module, Module)>;

#[test]
fn arrows_point_one_way_and_form_no_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Sources::new();
    read(&root.join("src"), &mut Vec::new(), &mut sources);
    let rooms = rooms(&fs::read_to_string(root.join("../../ARCHITECTURE.md")).unwrap());
    let mut arrows = arrows(&sources);
    arrows.retain(|(from, to)| {
        let room = |module: &Module| module.first().cloned().unwrap_or_default();
        let (from, to) = (room(from), room(to));
        !KNOWN.iter().any(|&(a, b)| a == from && b == to)
    });
    let wrong = wrong(&arrows, &rooms);
    assert!(
        wrong.is_empty(),
        "against the table in ARCHITECTURE.md:\n{}",
        wrong.join("\n")
    );
    if let Some(circle) = circle(&arrows) {
        panic!("files that import each other:\n{}", circle.join(" -> "));
    }
}

#[test]
fn a_wrong_arrow_and_a_circle_are_found() {
    let table = "## The rooms of the crate\n\n| room | may use | holds |\n| --- | --- | --- |\n\
                 | `error`, `check` | each other | ground |\n| `nn` | the ground | layers |\n\
                 | `data` | the ground | samples |\n| `figure` | all above | plots |\n";
    let made_up = |nn: &str, data: &str| -> Sources {
        [
            ("", "pub mod nn; pub use error::Error;"),
            ("error", "pub enum Error {}"),
            ("check", "use crate::Error;"),
            ("nn", nn),
            ("nn::linear", "use super::Layer; // crate::figure"),
            ("data", data),
            ("figure", "use crate::{data::Dataset, nn::Layer};"),
        ]
        .into_iter()
        .map(|(path, code)| (module(path), code.to_owned()))
        .collect()
    };
    let check = |nn: &str, data: &str| {
        let arrows = arrows(&made_up(nn, data));
        (wrong(&arrows, &rooms(table)), circle(&arrows))
    };
    let (wrong, circle) = check("pub mod linear; pub struct Layer;", "fn f() {}");
    assert!(wrong.is_empty() && circle.is_none(), "{wrong:?} {circle:?}");

    let (wrong, _) = check("pub struct Layer;", "fn f() { crate::nn::g() }");
    assert_eq!(wrong, ["data -> nn"]);
    let (wrong, circle) = check("use crate::figure::{Figure, other};", "");
    assert_eq!(wrong, ["nn -> figure"]);
    assert!(circle.is_some());
    let (_, circle) = check("use linear::Linear; pub struct Layer;", "");
    assert_eq!(circle.unwrap().len(), 3, "nn -> nn::linear -> nn");
    let (wrong, _) = check("use crate::attic::Thing;", "");
    assert!(wrong.is_empty(), "no such module");
    let mut unlisted = made_up("", "");
    unlisted.insert(module("attic"), "use crate::Error;".to_owned());
    assert!(!super_wrong(&unlisted, table).is_empty());
}

fn super_wrong(sources: &Sources, table: &str) -> Vec<String> {
    wrong(&arrows(sources), &rooms(table))
}

fn module(path: &str) -> Module {
    path.split("::")
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The rooms in the order of the table, each with those that it may use.
fn rooms(document: &str) -> BTreeMap<String, BTreeSet<String>> {
    let quoted = |cell: &str| -> Vec<String> {
        let odd = cell.split('`').skip(1).step_by(2);
        odd.map(str::to_owned).collect()
    };
    let table = document
        .split("## The rooms of the crate")
        .nth(1)
        .expect("ARCHITECTURE.md has a table of rooms");
    let mut rooms = BTreeMap::new();
    let mut above: Vec<String> = Vec::new();
    let mut ground: Option<Vec<String>> = None;
    for line in table.lines().skip_while(|line| !line.starts_with("| --- ")) {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if cells.len() < 4 {
            break;
        }
        let names = quoted(cells[1]);
        if names.is_empty() {
            continue;
        }
        let ground = ground.get_or_insert_with(|| names.clone());
        let mut may: BTreeSet<String> = quoted(cells[2]).into_iter().collect();
        may.extend(ground.iter().cloned());
        may.extend(names.iter().cloned());
        if cells[2].contains("all above") {
            may.extend(above.iter().cloned());
        }
        above.extend(names.iter().cloned());
        for name in names {
            rooms.insert(name, may.clone());
        }
    }
    rooms
}

/// Arrows between rooms that the table does not allow. The root and the prelude only re-export.
fn wrong(arrows: &Arrows, rooms: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut found = BTreeSet::new();
    for (from, to) in arrows {
        let (Some(from), Some(to)) = (from.first(), to.first()) else {
            continue;
        };
        if from == "prelude" || from == to {
            continue;
        }
        if !rooms.get(from).is_some_and(|may| may.contains(to)) {
            found.insert(format!("{from} -> {to}"));
        }
    }
    found.into_iter().collect()
}

/// A way from a file back to itself.
fn circle(arrows: &Arrows) -> Option<Vec<String>> {
    fn search(
        at: &Module,
        arrows: &Arrows,
        way: &mut Vec<Module>,
        done: &mut BTreeSet<Module>,
    ) -> bool {
        if way.contains(at) {
            way.push(at.clone());
            return true;
        }
        if done.contains(at) {
            return false;
        }
        way.push(at.clone());
        for (_, to) in arrows.iter().filter(|(from, _)| from == at) {
            if search(to, arrows, way, done) {
                return true;
            }
        }
        way.pop();
        done.insert(at.clone());
        false
    }
    let mut done = BTreeSet::new();
    for (from, _) in arrows {
        let mut way = Vec::new();
        if search(from, arrows, &mut way, &mut done) {
            let end = way.last()?.clone();
            let start = way.iter().position(|module| *module == end)?;
            return Some(way[start..].iter().map(|m| m.join("::")).collect());
        }
    }
    None
}

fn read(folder: &Path, module: &mut Module, sources: &mut Sources) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            module.push(name);
            read(&path, module, sources);
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut at = module.clone();
            if name != "mod" && name != "lib" {
                at.push(name);
            }
            sources.insert(at, fs::read_to_string(&path).unwrap());
        }
    }
}

/// Code without comments and without its tests, as identifiers and signs.
fn tokens(code: &str) -> Vec<String> {
    let code = code.split("#[cfg(test)]\nmod ").next().unwrap_or("");
    let mut tokens: Vec<String> = Vec::new();
    for line in code.lines() {
        let line = line.split("//").next().unwrap_or("");
        let mut word = String::new();
        for letter in line.chars().chain([' ']) {
            if letter.is_alphanumeric() || letter == '_' {
                word.push(letter);
                continue;
            }
            if !word.is_empty() {
                tokens.push(std::mem::take(&mut word));
            }
            if letter == ':' && tokens.last().is_some_and(|last| last == ":") {
                tokens.pop();
                tokens.push("::".to_owned());
            } else if !letter.is_whitespace() {
                tokens.push(letter.to_string());
            }
        }
    }
    tokens
}

/// The paths of one `use` from `at` on, and where it ends.
fn tree(tokens: &[String], mut at: usize, base: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    let mut path = base.to_vec();
    loop {
        match tokens.get(at).map(String::as_str) {
            Some("::") => at += 1,
            Some("{") => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token != "}") {
                    at = tree(tokens, at, &path, paths);
                    if tokens.get(at).is_some_and(|token| token == ",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            Some("as") => at += 2,
            Some("," | ";" | "}") | None => {
                paths.push(path);
                return at;
            }
            Some(word) => {
                if word != "self" || path.is_empty() {
                    path.push(word.to_owned());
                }
                at += 1;
            }
        }
    }
}

/// The paths that a file imports, those that it re-exports, and those within its code.
fn paths(code: &str) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let tokens = tokens(code);
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        let before = at.checked_sub(1).map_or("", |i| tokens[i].as_str());
        let starts = ["crate", "super", "self"].contains(&tokens[at].as_str());
        if tokens[at] == "use" {
            let list = if before == "pub" || before == ")" {
                &mut exports
            } else {
                &mut imports
            };
            at = tree(&tokens, at + 1, &[], list);
        } else if starts && before != "::" && tokens.get(at + 1).is_some_and(|t| t == "::") {
            let mut path = vec![tokens[at].clone()];
            while tokens.get(at + 1).is_some_and(|token| token == "::") {
                at += 2;
                path.extend(tokens.get(at).cloned());
            }
            imports.push(path);
        }
        at += 1;
    }
    (imports, exports)
}

/// All arrows between files.
fn arrows(sources: &Sources) -> Arrows {
    let parsed: BTreeMap<&Module, _> = sources
        .iter()
        .map(|(module, code)| (module, paths(code)))
        .collect();
    let mut arrows = Arrows::new();
    for (module, (imports, _)) in &parsed {
        for path in imports {
            if let Some(target) = resolve(module, path, &parsed, 0)
                && target != **module
            {
                arrows.insert(((*module).clone(), target));
            }
        }
    }
    arrows
}

/// The file that defines what `path`, written in `module`, names; `None` if it is not ours.
fn resolve(
    module: &Module,
    path: &[String],
    parsed: &BTreeMap<&Module, (Vec<Vec<String>>, Vec<Vec<String>>)>,
    depth: usize,
) -> Option<Module> {
    let mut rest = path;
    let mut at = module.clone();
    match path.first()?.as_str() {
        "crate" => {
            at = Vec::new();
            rest = &rest[1..];
        }
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|part| part == "super") {
                at.pop()?;
                rest = &rest[1..];
            }
        }
        first => {
            at.push(first.to_owned());
            parsed.get(&at)?;
            rest = &rest[1..];
        }
    }
    while let Some(next) = rest.first() {
        let mut child = at.clone();
        child.push(next.clone());
        if parsed.contains_key(&child) {
            at = child;
            rest = &rest[1..];
            continue;
        }
        let (_, exports) = parsed.get(&at)?;
        let export = exports.iter().find(|path| path.last() == Some(next));
        match export {
            Some(export) if depth < 8 => {
                return resolve(&at, export, parsed, depth + 1).or(Some(at));
            }
            _ if at.is_empty() => return None,
            _ => return Some(at),
        }
    }
    Some(at)
}
