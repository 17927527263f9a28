//! One sentence in plain words for the compiler's errors that learners meet most: what was expected,
//! what came, what to write. The sentences are in `table.rs`; what is not there stays as it is.
//!
//! evcxr shows a message with its marks in the code, and below them, as a note, what belongs to no
//! code of the cell. The sentence becomes such a note.

mod ask;
mod pattern;
mod said;
mod table;
mod types;

use super::moved::Moved;
use pattern::{Found, Gap};
use said::Said;
use serde_json::{Value, json};
use std::collections::HashSet;
use table::{In, Row, TABLE, Then};

/// evcxr replaces errors of this code by a text of its own, if a variable cannot be kept.
const NOT_KEPT: &str = "E0597";

/// What helps nobody beside one of our sentences. The first leads to another error, and the others
/// belong to code that is not shown.
const NO_HELP: [&str; 4] = [
    "consider dereferencing here",
    "function defined here",
    "method defined here",
    "requirement that the value outlives `'static` introduced here",
];

/// The sentences for one cell. Where one mistake gives several errors, it is said once.
#[derive(Default)]
pub struct Advice {
    said: HashSet<String>,
}

impl Advice {
    /// Adds a sentence to one of the compiler's messages. `false`: the message is as it was.
    pub fn add_to(&mut self, message: &mut Value) -> bool {
        let said = Said::of(message);
        if let Some(moved) = gone(&said) {
            moved.write_down();
        }
        if said.is_of_evcxr() {
            return false;
        }
        let cannot_be_kept = said.code == NOT_KEPT && said.kept.is_some();
        if cannot_be_kept && let Some(name) = &said.kept {
            message["message"] = format!("`{name}` cannot be kept for the next cells").into();
            message["code"]["code"] = format!("{NOT_KEPT} in a notebook").into();
        }
        match sentence(&said) {
            Some(sentence) if self.said.insert(sentence.clone()) => {
                write(&sentence, &said, message);
                true
            }
            _ => cannot_be_kept,
        }
    }
}

fn write(sentence: &str, said: &Said, message: &mut Value) {
    if said.is_of_brackets() {
        // evcxr takes it for an error of its own code, and shows the message alone.
        message["message"] = format!("{}\n{sentence}", said.message).into();
        return;
    }
    let Some(children) = message["children"].as_array_mut() else {
        return;
    };
    children.retain(|child| !NO_HELP.iter().any(|help| child["message"] == *help));
    // evcxr writes the notes one after another, with nothing between.
    let has_place = |child: &Value| {
        child["spans"]
            .as_array()
            .is_some_and(|spans| !spans.is_empty())
    };
    let end = if children.iter().any(has_place) {
        "\n"
    } else {
        ""
    };
    children.insert(0, note(sentence, &format!("{sentence}{end}")));
}

/// A help that lies in no file of the cell.
fn note(message: &str, label: &str) -> Value {
    json!({
        "message": message, "code": null, "level": "help", "children": [], "rendered": null,
        "spans": [{
            "file_name": "latent", "byte_start": 0, "byte_end": 0,
            "line_start": 1, "line_end": 1, "column_start": 1, "column_end": 1,
            "is_primary": true, "text": [], "label": label,
            "suggested_replacement": null, "suggestion_applicability": null, "expansion": null,
        }],
    })
}

/// evcxr tries to keep each variable, learns from the compiler that one was given away, drops it, and
/// says nothing.
fn gone(said: &Said) -> Option<Moved> {
    if said.code != "E0382" || !said.is_of_evcxr() {
        return None;
    }
    let (_, name) = said.message.split_once('`')?;
    let name = name.strip_suffix('`')?.to_owned();
    let part = said.notes.iter().find_map(|note| {
        let (_, part) = note.split_once("move occurs because `")?;
        Some(part.split_once('`')?.0.to_owned())
    });
    Some(Moved {
        what: part.unwrap_or_else(|| name.clone()),
        line: said.moves.first()?.lines().next()?.to_owned(),
        name,
    })
}

fn sentence(said: &Said) -> Option<String> {
    TABLE.iter().find_map(|row| row.sentence(said))
}

impl Row {
    fn sentence(&self, said: &Said) -> Option<String> {
        if self.code.split(' ').all(|code| code != said.code) {
            return None;
        }
        let mut found = Found::new();
        let here = said.here.clone().unwrap_or_else(|| "…".to_owned());
        found.insert("here", here);
        for &(place, pattern) in self.says {
            found = place.search(pattern, said, &found)?;
        }
        for text in found.values_mut() {
            *text = types::short(text);
        }
        match self.then {
            Then::Say(sentence) => Some(pattern::fill(sentence, &found)),
            Then::Ask(function) => function(said, &found),
        }
    }
}

impl In {
    fn search(self, pattern: &'static str, said: &Said, found: &Found) -> Option<Found> {
        let in_one = |text: &str, gap| pattern::search(pattern, text, gap, found);
        let in_any = |texts: &[String], gap| texts.iter().find_map(|text| in_one(text, gap));
        match self {
            Self::Message => in_one(&said.message, Gap::Quoted),
            Self::Label => in_any(&said.labels, Gap::Quoted),
            Self::Note => in_any(&said.notes, Gap::Quoted),
            Self::Line => in_one(&said.line, Gap::Word),
            Self::Move => in_any(&said.moves, Gap::Word),
        }
    }
}

#[cfg(test)]
mod tests;
