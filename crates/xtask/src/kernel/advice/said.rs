//! What the compiler says in one error, as the table looks at it.

use serde_json::Value;

/// The line with which evcxr keeps a variable for the next cells.
const KEEPS: &str = "evcxr_variable_store.put_variable::<";

pub struct Said {
    pub code: String,
    pub message: String,
    /// What stands at the marks in the code.
    pub labels: Vec<String>,
    /// Notes and helps below the code.
    pub notes: Vec<String>,
    /// The code at the main mark, if it is short.
    pub here: Option<String>,
    /// The lines of code with the main mark.
    pub line: String,
    /// The lines in which a value is given away.
    pub moves: Vec<String>,
    /// The name of the variable that could not be kept for the next cells.
    pub kept: Option<String>,
}

impl Said {
    pub fn of(message: &Value) -> Self {
        let spans = list(&message["spans"]);
        let labelled = |span: &&Value| span["label"].is_string();
        let main = spans.iter().find(|span| span["is_primary"] == true);
        let moves = spans.iter().filter(|span| {
            let label = text(&span["label"]);
            label.contains("moved") && label.contains("here") && !label.contains("after")
                || label.contains("moved due to")
        });
        Self {
            code: text(&message["code"]["code"]),
            message: text(&message["message"]),
            labels: spans
                .iter()
                .filter(labelled)
                .map(|span| text(&span["label"]))
                .collect(),
            notes: list(&message["children"])
                .iter()
                .map(|child| text(&child["message"]))
                .collect(),
            here: main.and_then(marked),
            line: main.map(lines).unwrap_or_default(),
            moves: moves.map(lines).filter(|line| is_a_users(line)).collect(),
            kept: spans.iter().map(lines).find_map(|line| kept(&line)),
        }
    }

    /// Whether the main mark is in the code with which evcxr keeps the variables.
    pub fn is_of_evcxr(&self) -> bool {
        self.line.contains("evcxr_variable_store")
    }

    pub fn is_of_brackets(&self) -> bool {
        self.code.is_empty() && self.message.contains("delimiter")
    }
}

/// `{integer}` is what the compiler calls a whole number whose type nothing decides.
fn text(value: &Value) -> String {
    let text = value.as_str().unwrap_or_default();
    text.replace("{integer}", "integer")
        .replace("{float}", "float")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn lines(span: &Value) -> String {
    let lines = list(&span["text"]).iter();
    let lines: Vec<_> = lines
        .filter_map(|line| Some(line["text"].as_str()?.trim()))
        .collect();
    lines.join("\n")
}

/// What lies under a mark, if it is in one line and can be quoted.
fn marked(span: &Value) -> Option<String> {
    let [line] = list(&span["text"]) else {
        return None;
    };
    let at = |name: &str| {
        Some(
            usize::try_from(line[name].as_u64()?)
                .ok()?
                .saturating_sub(1),
        )
    };
    let (start, end) = (at("highlight_start")?, at("highlight_end")?);
    let letters = line["text"].as_str()?.chars();
    let marked: String = letters
        .skip(start)
        .take(end.saturating_sub(start))
        .collect();
    (!marked.trim().is_empty() && end - start <= 40).then_some(marked)
}

fn kept(line: &str) -> Option<String> {
    let (_, name) = line.strip_prefix(KEEPS)?.split_once(">(stringify!(")?;
    Some(name.split_once(')')?.0.to_owned())
}

/// And none that evcxr writes around a cell.
fn is_a_users(line: &str) -> bool {
    !line.contains("AssertUnwindSafe(||") && !line.contains("evcxr_variable_store")
}
