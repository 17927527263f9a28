//! Each public function, type, trait and constant has an example in its documentation that is run.
//! A method needs none of its own if an example on the page of its type calls it. The checks of a
//! lesson's exercises are all called in the same way: one example for each lesson is enough.
//!
//! The items are read from the sources. An item counts as public if all modules above it are, or if
//! its name is re-exported.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Methods that only the kernel calls: they print for the notebook.
const ALLOWED: [&str; 1] = ["evcxr_display"];

/// A file's module, such as "exercise::pca" (the crate's root is empty), and its code.
type Sources = BTreeMap<String, String>;

/// A public item.
struct Item {
    path: String,
    name: String,
    /// The type or trait whose method or constant it is.
    of: Option<String>,
    /// The lesson whose exercises it checks, or helps to check.
    lesson: Option<String>,
    /// The code of the examples in its documentation.
    examples: String,
}

#[test]
fn each_public_item_has_an_example() {
    let mut sources = Sources::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    read(&folder, "", &mut sources);
    let items = items(&sources);
    assert!(items.len() > 300, "only {} items found", items.len());
    let missing = without_example(&items);
    assert!(
        missing.is_empty(),
        "public, and without an example that is run:\n{}",
        missing.join("\n")
    );
}

#[test]
fn what_lacks_an_example_is_found() {
    let example = |code: &str| format!("/// What it does.\n///\n/// ```\n/// {code}\n/// ```\n");
    let missing = |open: &str, lesson: &str| {
        let shut = "pub struct A;\n/// ```text\n/// a diagram\n/// ```\npub struct B;\n";
        let sources = [
            (
                "",
                "pub mod exercise;\npub mod open;\nmod shut;\npub use shut::{X,\n    B};\n",
            ),
            ("exercise", "mod question;\npub mod one;\n"),
            ("exercise::one", lesson),
            ("exercise::question", "pub fn ask() {}\n"),
            ("open", open),
            ("shut", shut),
        ];
        let sources = sources.map(|(module, code)| (module.to_owned(), code.to_owned()));
        without_example(&items(&sources.into()))
    };
    assert_eq!(missing("", ""), ["shut::B"]);

    let f = example("f()");
    assert_eq!(missing(&format!("{f}pub fn f() {{}}\n"), "").len(), 1);
    assert_eq!(missing("/// Not shown.\npub fn f() {}\n", "")[0], "open::f");
    let not_run = f.replacen("```", "```no_run", 1);
    assert_eq!(missing(&format!("{not_run}pub fn f() {{}}\n"), "").len(), 2);

    let methods = "impl<A: Into<f64>> T<A> {\n    pub fn new() {}\n    pub fn size(&self) {}\n    \
                   fn own() {}\n}\n";
    let t = "#[derive(\n    Clone,\n)]\npub struct T<A>;\n";
    let all = example("T::new().size()");
    assert_eq!(missing(&format!("{all}{t}{methods}"), "").len(), 1);
    let longer = example("T::new().sizes()");
    assert_eq!(
        missing(&format!("{longer}{t}{methods}"), "")[0],
        "open::T::size"
    );
    let in_trait = "pub trait T {\n    const N: usize;\n    fn size(&self);\n}\n";
    assert_eq!(
        missing(&format!("{f}{in_trait}"), ""),
        ["open::T::N", "open::T::size", "shut::B"]
    );

    let checks = "pub fn check_a() {}\npub fn check_b() {}\n";
    assert_eq!(missing("", &format!("{f}{checks}")).len(), 1);
    assert_eq!(missing("", checks).len(), 3);
}

fn read(folder: &Path, above: &str, sources: &mut Sources) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let module = match path.file_stem().unwrap().to_str().unwrap() {
            "mod" | "lib" => above.to_owned(),
            name => joined([above, name]),
        };
        if path.is_dir() {
            read(&path, &module, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let code = fs::read_to_string(&path).unwrap();
            let code = code.split("#[cfg(test)]\nmod ").next().unwrap();
            sources.insert(module, code.to_owned());
        }
    }
}

fn joined<const N: usize>(parts: [&str; N]) -> String {
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("::")
}

/// All public items, file by file.
fn items(sources: &Sources) -> Vec<Item> {
    let exported = exported(sources);
    let mut found = Vec::new();
    for (module, code) in sources {
        let open = is_open(module, sources);
        let lesson = module
            .strip_prefix("exercise::")
            .and_then(|rest| rest.split("::").next())
            .filter(|name| is_open(&joined(["exercise", name]), sources));
        for (of, name, examples) in declared(code) {
            // The methods of a type may be in another file than the type.
            if open || exported.contains(of.as_ref().unwrap_or(&name)) {
                found.push(Item {
                    path: joined([module, of.as_deref().unwrap_or(""), &name]),
                    name,
                    of,
                    lesson: lesson.map(str::to_owned),
                    examples,
                });
            }
        }
    }
    let types: BTreeSet<String> = found.iter().map(|item| item.name.clone()).collect();
    found.retain(|item| item.of.as_ref().is_none_or(|of| types.contains(of)));
    found
}

/// Whether this module and each module above it are public.
fn is_open(module: &str, sources: &Sources) -> bool {
    if module.is_empty() {
        return true;
    }
    let (above, name) = module.rsplit_once("::").unwrap_or(("", module));
    let declaration = format!("pub mod {name};");
    let code = sources.get(above).map_or("", String::as_str);
    code.lines().any(|line| line == declaration) && is_open(above, sources)
}

/// The names in each `pub use`.
fn exported(sources: &Sources) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for code in sources.values() {
        for part in code.split("\npub use ").skip(1) {
            names.extend(words(part.split(';').next().unwrap_or("")).map(str::to_owned));
        }
    }
    names
}

/// What a file declares as public: the type or trait that it belongs to, if any, its name, and the
/// code of its examples.
fn declared(code: &str) -> Vec<(Option<String>, String, String)> {
    const KINDS: [&str; 6] = ["fn", "struct", "enum", "trait", "type", "const"];
    let mut found = Vec::new();
    let mut docs: Vec<&str> = Vec::new();
    let (mut of, mut in_trait) = (None, false);
    for line in code.lines() {
        let text = line.trim_start();
        if let Some(doc) = text.strip_prefix("///") {
            docs.push(doc.trim());
            continue;
        }
        if line == "}" {
            (of, in_trait) = (None, false);
        } else if line.starts_with("impl") && !line.contains(" for ") {
            of = Some(type_of(line));
        }
        let is_public = text.starts_with("pub ");
        let declaration = text.trim_start_matches("pub ");
        let declaration = declaration.replacen("const fn ", "fn ", 1);
        let mut words = words(&declaration);
        let kind = words.next().unwrap_or("");
        let name = words.next().unwrap_or("").to_owned();
        let counts = match (KINDS.contains(&kind), line.len() - text.len()) {
            (true, 0) => is_public,
            (true, 4) => of.is_some() && (is_public || in_trait),
            _ => false,
        };
        if counts {
            found.push((of.clone(), name.clone(), examples(&docs)));
        }
        if is_public && kind == "trait" {
            (of, in_trait) = (Some(name), true);
        }
        // Attributes, some of several lines, stand between an item and its documentation.
        if is_public || text.is_empty() || text == "}" || KINDS.contains(&kind) {
            docs.clear();
        }
    }
    found
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.filter(|word| !word.is_empty())
}

/// The name of the type in `impl<T: Clone> Type<T> {`.
fn type_of(line: &str) -> String {
    let mut depth = 0;
    let after_parameters = line.find(|letter: char| {
        depth += i32::from(letter == '<') - i32::from(letter == '>');
        depth == 0 && letter == ' '
    });
    let name = words(&line[after_parameters.unwrap_or(0)..]).next();
    name.unwrap_or("").to_owned()
}

/// The blocks of code that `cargo test` compiles and runs.
fn examples(docs: &[&str]) -> String {
    let (mut code, mut is_inside, mut is_run) = (String::new(), false, false);
    for line in docs {
        if let Some(language) = line.strip_prefix("```") {
            is_inside = !is_inside;
            is_run = is_inside && language.is_empty();
        } else if is_run {
            code.push_str(line);
            code.push('\n');
        }
    }
    code
}

/// The paths of the items that lack an example.
fn without_example(items: &[Item]) -> Vec<String> {
    let mut pages: BTreeMap<&str, String> = BTreeMap::new();
    let mut lessons: BTreeSet<&str> = BTreeSet::new();
    for item in items {
        let page = item.of.as_ref().unwrap_or(&item.name);
        pages.entry(page).or_default().push_str(&item.examples);
        if !item.examples.is_empty() {
            lessons.extend(item.lesson.as_deref());
        }
    }
    let has_example = |item: &&Item| match (&item.lesson, &item.of) {
        _ if !item.examples.is_empty() || ALLOWED.contains(&item.name.as_str()) => true,
        (Some(lesson), _) => lessons.contains(lesson.as_str()),
        (None, Some(of)) => is_called(&item.name, &pages[of.as_str()]),
        (None, None) => false,
    };
    let missing = items.iter().filter(|item| !has_example(item));
    missing.map(|item| item.path.clone()).collect()
}

/// Whether a method or a constant of a type occurs in the code, under its whole name.
fn is_called(name: &str, code: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        code[..at].ends_with(['.', ':']) && !code[at + name.len()..].starts_with(is_word)
    })
}
