//! Texts with gaps: `` cannot find value `{name}` `` is found in a message, and what stands in the gap
//! can be used in a sentence. A name that has been found before stands for the same text again.

use std::collections::HashMap;

pub type Found = HashMap<&'static str, String>;

/// What may stand in a gap.
#[derive(Clone, Copy)]
pub enum Gap {
    /// Anything up to the end of a quotation: for messages, which quote code in backticks.
    Quoted,
    /// One word: for code.
    Word,
}

impl Gap {
    fn takes(self, letter: char) -> bool {
        match self {
            Self::Quoted => letter != '`',
            Self::Word => letter.is_alphanumeric() || letter == '_',
        }
    }
}

/// Looks for the pattern anywhere in the text and adds what stands in its gaps.
pub fn search(pattern: &'static str, text: &str, gap: Gap, found: &Found) -> Option<Found> {
    let starts = text.char_indices().map(|(start, _)| start);
    starts
        .filter(|&start| !is_inside_a_word(text, start, pattern))
        .find_map(|start| at(pattern, &text[start..], gap, found.clone()))
}

/// A pattern that begins with a letter or a gap begins where a word does, and one that ends with a
/// letter ends there.
fn is_inside_a_word(text: &str, start: usize, pattern: &str) -> bool {
    let is_word = |letter: char| Gap::Word.takes(letter);
    let begins = pattern.starts_with(|letter| letter == '{' || is_word(letter));
    begins && text[..start].ends_with(is_word)
}

fn at(pattern: &'static str, text: &str, gap: Gap, mut found: Found) -> Option<Found> {
    let Some((before, rest)) = pattern.split_once('{') else {
        let rest = text.strip_prefix(pattern)?;
        let is_word = |letter: char| Gap::Word.takes(letter);
        let is_inside_a_word = pattern.ends_with(is_word) && rest.starts_with(is_word);
        return (!is_inside_a_word).then_some(found);
    };
    let text = text.strip_prefix(before)?;
    let (name, rest) = rest.split_once('}')?;
    if let Some(known) = found.get(name) {
        let text = text.strip_prefix(known.as_str())?;
        return at(rest, text, gap, found);
    }
    let longest = text.find(|letter| !gap.takes(letter)).unwrap_or(text.len());
    let ends = text[..longest].char_indices().map(|(end, _)| end).skip(1);
    for end in ends.chain((longest > 0).then_some(longest)) {
        // A word in code is taken whole.
        if matches!(gap, Gap::Quoted) && !rest.is_empty() || end == longest {
            found.insert(name, text[..end].to_owned());
            if let Some(all) = at(rest, &text[end..], gap, found.clone()) {
                return Some(all);
            }
        }
    }
    None
}

/// The sentence with its gaps filled.
pub fn fill(sentence: &str, found: &Found) -> String {
    found
        .iter()
        .fold(sentence.to_owned(), |text, (name, value)| {
            text.replace(&format!("{{{name}}}"), value)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_takes_what_is_quoted_or_a_word() {
        let found = search(
            "type `{a}`, got `{b}`",
            "a type `f32`, got `f64`!",
            Gap::Quoted,
            &Found::new(),
        );
        let found = found.unwrap();
        assert_eq!(fill("{a} and {b}", &found), "f32 and f64");
        let code = "let known = a; let y = known;";
        let known = Found::from([("name", "known".to_owned())]);
        let found = search("let {into} = {name};", code, Gap::Word, &known).unwrap();
        assert_eq!(found["into"], "y");
        assert!(
            search(
                "let {into} = {name};",
                "let y = unknown;",
                Gap::Word,
                &known
            )
            .is_none()
        );
        assert!(search("import", "important", Gap::Word, &Found::new()).is_none());
        assert!(search("let {x}", "outlet y", Gap::Word, &Found::new()).is_none());
    }
}
