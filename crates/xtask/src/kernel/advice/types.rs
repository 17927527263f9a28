//! Types as a lesson writes them: `Array2<f32>`, where the compiler writes
//! `ArrayBase<OwnedRepr<f32>, Dim<[usize; 2]>>`.

/// Shortens all types in a text.
pub fn short(text: &str) -> String {
    let text = without_paths(text);
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(start) = rest.find("ArrayBase<") {
        out.push_str(&rest[..start]);
        let inside = &rest[start + "ArrayBase<".len()..];
        let Some(end) = closing(inside) else {
            out.push_str(&rest[start..]);
            return out;
        };
        out.push_str(&array(&parts(&inside[..end])));
        rest = &inside[end + 1..];
    }
    out + rest
}

/// `latent::ndarray::Dim` is `Dim` here.
fn without_paths(text: &str) -> String {
    let mut out = String::new();
    for part in text.split_inclusive("::") {
        match part.strip_suffix("::") {
            Some(path) => {
                let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
                out.push_str(path.trim_end_matches(is_name));
            }
            None => out.push_str(part),
        }
    }
    out
}

fn array(parts: &[&str]) -> String {
    let (data, dimension) = (
        parts.first().copied().unwrap_or("_"),
        parts.get(1).copied().unwrap_or("_"),
    );
    let inside = |name: &str| Some(data.strip_prefix(name)?.strip_suffix('>')?.trim());
    let (kind, numbers) = if let Some(numbers) = inside("OwnedRepr<") {
        ("Array", numbers)
    } else if let Some(numbers) = inside("ViewRepr<") {
        ("ArrayView", numbers.trim_start_matches('&').trim_start())
    } else {
        ("Array", "_")
    };
    let axes = dimension
        .strip_prefix("Dim<[usize; ")
        .and_then(|rest| rest.strip_suffix("]>"));
    let numbers = if numbers == "_" || numbers.starts_with("..") {
        String::new()
    } else {
        format!("<{numbers}>")
    };
    format!("{kind}{}{numbers}", axes.unwrap_or_default())
}

/// Where the bracket that is open at the beginning closes.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    let mut before = ' ';
    for (at, letter) in text.char_indices() {
        match letter {
            '<' | '(' | '[' => depth += 1,
            '>' if before == '-' => {}
            '>' | ')' | ']' if depth == 0 => return Some(at),
            '>' | ')' | ']' => depth -= 1,
            _ => {}
        }
        before = letter;
    }
    None
}

/// The parts between the outer commas.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut start, mut before) = (Vec::new(), 0, 0, ' ');
    for (at, letter) in text.char_indices() {
        match letter {
            '<' | '(' | '[' => depth += 1,
            '>' if before == '-' => {}
            '>' | ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
        before = letter;
    }
    let last = text[start..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

/// What a function takes and what it gives back.
struct Function<'a> {
    takes: Vec<&'a str>,
    gives: &'a str,
}

impl<'a> Function<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let inside = &text[text.find("fn(")? + "fn(".len()..];
        let end = closing(inside)?;
        let gives = inside[end + 1..].trim().strip_prefix("->").unwrap_or("()");
        // A function of the user's comes with its name: `fn(f32) -> f32 {half}`.
        let gives = gives.split(" {").next().unwrap_or(gives).trim();
        Some(Self {
            takes: parts(&inside[..end]),
            gives,
        })
    }
}

/// Where two functions differ, in one sentence.
pub fn difference(expected: &str, found: &str) -> Option<String> {
    let plain = |text: &str| short(&without_lifetimes(text));
    let (expected, found) = (plain(expected), plain(found));
    let (expected, found) = (Function::of(&expected)?, Function::of(&found)?);
    let (wanted, got) = (expected.takes.len(), found.takes.len());
    if wanted != got {
        let arguments = if wanted == 1 { "argument" } else { "arguments" };
        return Some(format!(
            "A function with {wanted} {arguments} is expected here; yours has {got}. Compare its first line with the one in the exercise."
        ));
    }
    let mut pairs = expected.takes.iter().zip(&found.takes);
    if let Some((number, (wanted, got))) = (1..).zip(&mut pairs).find(|(_, (a, b))| a != b) {
        let which = if expected.takes.len() == 1 {
            "Its argument".to_owned()
        } else {
            format!("Argument {number}")
        };
        return Some(format!(
            "Your function has another type than the one expected here. {which} must be `{wanted}`, but yours is `{got}`. Change the first line of your function."
        ));
    }
    (expected.gives != found.gives).then(|| {
        format!(
            "Your function has another type than the one expected here. It must return `{}`, but yours returns `{}`. Change the first line of your function.",
            expected.gives, found.gives
        )
    })
}

/// `for<'a> fn(&'a f32)` is `fn(&f32)` here.
fn without_lifetimes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('\'') {
        out.push_str(&rest[..start]);
        let name = &rest[start + 1..];
        let end = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_');
        rest = name[end.unwrap_or(name.len())..].trim_start();
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrays_have_the_names_of_the_lessons() {
        for (long, name) in [
            (
                "&ArrayBase<OwnedRepr<f32>, latent::ndarray::Dim<[usize; 2]>>",
                "&Array2<f32>",
            ),
            (
                "ArrayBase<ViewRepr<&f32>, Dim<[usize; 1]>>: ScalarOperand",
                "ArrayView1<f32>: ScalarOperand",
            ),
            ("(ArrayBase<_, _>, f32)", "(Array, f32)"),
            ("ArrayBase<OwnedRepr<f64>, _>", "Array<f64>"),
            ("Vec<std::string::String>", "Vec<String>"),
            ("ArrayBase<Owned", "ArrayBase<Owned"),
        ] {
            assert_eq!(short(long), name);
        }
    }

    #[test]
    fn two_functions_are_compared_argument_by_argument() {
        let expected = "for<'a> fn(&'a ArrayBase<_, _>, f32) -> ArrayBase<_, _>";
        let found = "fn(ArrayBase<_, _>, f32) -> ArrayBase<_, _> {centre}";
        let said = difference(expected, found).unwrap();
        assert!(
            said.contains("Argument 1 must be `&Array`, but yours is `Array`."),
            "{said}"
        );
        let said = difference("fn(f32) -> f32", "fn(f32) -> f64 {half}").unwrap();
        assert!(
            said.contains("must return `f32`, but yours returns `f64`"),
            "{said}"
        );
        let said = difference("fn(f32) -> f32", "fn(f32, f32) -> f32 {half}").unwrap();
        assert!(
            said.contains("with 1 argument is expected here; yours has 2"),
            "{said}"
        );
        assert_eq!(difference("fn(_) -> f32", "fn(_) -> f32 {half}"), None);
    }
}
