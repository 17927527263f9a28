//! Variables that a cell does not mention. evcxr takes each variable out of its store before the
//! learner's code, and puts it back after it. This is compiled anew for each cell, for each type of
//! variable: late in a lesson with ninety variables, `let q = 3;` took 2.7 s. What the code does not
//! mention stays where it is. Its name and type are still declared, so that the compiler can suggest
//! it for a misspelt one, and still checked, so that evcxr says at once which variables are lost when
//! a type has changed.
//!
//! ```text
//! vars_ok &= evcxr_variable_store.check_variable::<f32>(stringify!(bin));    stays
//! let bin = evcxr_variable_store.take_variable::<f32>(stringify!(bin));      let bin: f32;
//! ... the learner's code ...
//! evcxr_variable_store.put_variable::<f32>(stringify!(bin), bin);            is left out
//! ```

use std::collections::{HashMap, HashSet};

/// Where the function begins that runs the learner's code; nothing before it can name a variable.
const BEGINS: &str = "pub extern \"C\" fn run_user_code_";

/// What brings in code that is not there to be read.
const UNREAD: &str = "include!";

/// What evcxr writes for each variable, a line each.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    Check,
    /// The binding, such as `let mut bin`, and its type.
    Take(&'a str, &'a str),
    Put,
}

/// The changed source of a cell, with the same number of lines, since evcxr finds the learner's code
/// by them. `None` if there is nothing to leave out.
pub fn changed(code: &str) -> Option<String> {
    let start = code.find(BEGINS)?;
    let (before, function) = code.split_at(start);
    if function.contains(UNREAD) {
        return None;
    }
    let lines: Vec<&str> = function.split('\n').collect();
    let mut of_variables: HashMap<&str, Vec<Line>> = HashMap::new();
    let mut mentioned = HashSet::new();
    for line in &lines {
        match of_variable(line) {
            Some((kind, name)) => of_variables.entry(name).or_default().push(kind),
            None => mentioned.extend(words(line)),
        }
    }
    of_variables.retain(|name, lines| {
        matches!(lines[..], [Line::Check, Line::Take(..), Line::Put]) && !mentioned.contains(name)
    });
    if of_variables.is_empty() {
        return None;
    }
    let shorter = lines.into_iter().map(|line| match of_variable(line) {
        Some((Line::Take(binding, of_type), name)) if of_variables.contains_key(name) => {
            format!("{binding}: {of_type};")
        }
        Some((Line::Put, name)) if of_variables.contains_key(name) => String::new(),
        _ => line.to_owned(),
    });
    Some(before.to_owned() + &shorter.collect::<Vec<_>>().join("\n"))
}

/// Which of the three lines this is, and the name of its variable.
fn of_variable(line: &str) -> Option<(Line<'_>, &str)> {
    const CHECK: &str = "vars_ok &= evcxr_variable_store.check_variable::<";
    const TAKE: &str = " = evcxr_variable_store.take_variable::<";
    const PUT: &str = "evcxr_variable_store.put_variable::<";
    let (kind, name) = if let Some(call) = line.strip_prefix(CHECK) {
        (
            Line::Check,
            call.strip_suffix("));")?.rsplit_once(">(stringify!(")?.1,
        )
    } else if let Some(call) = line.strip_prefix(PUT) {
        let (_, arguments) = call.strip_suffix(");")?.rsplit_once(">(stringify!(")?;
        let (name, value) = arguments.split_once("), ")?;
        (Line::Put, (name == value).then_some(name)?)
    } else {
        let (binding, call) = line.split_once(TAKE)?;
        let (of_type, name) = call.strip_suffix("));")?.rsplit_once(">(stringify!(")?;
        let bound = binding.strip_prefix("let ")?;
        (bound.strip_prefix("mut ").unwrap_or(bound) == name).then_some(())?;
        (Line::Take(binding, of_type), name)
    };
    // Names in other alphabets can be written in two ways.
    (name.is_ascii() && words(name).eq([name])).then_some((kind, name))
}

/// Everything that may be a name, also in comments and in texts: `println!("{bin}")` mentions `bin`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What evcxr 0.22 generates for a cell, but for the code of a `?`.
    const GENERATED: &str = include_str!("recorded_cell.txt");
    const CODE: &str = "let a_mean = points.mean_axis(Axis(0));";

    /// The same with the learner's code replaced.
    fn cell(code: &str) -> String {
        GENERATED.replace(CODE, code)
    }

    /// The lines of a text that name the variable `points` or its copy `more`.
    fn about<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
        let lines = text.lines();
        lines
            .filter(|line| words(line).any(|word| word == name))
            .collect()
    }

    #[test]
    fn what_the_code_does_not_mention_stays_in_the_store() {
        for quiet in [
            "let a = 3;",
            "let pointss = 1;",
            "println!(\"{}\", a_point);",
        ] {
            let before = cell(quiet);
            let code = changed(&before).unwrap();
            let [check, declared] = about(&code, "points")[..] else {
                panic!("{code}")
            };
            assert!(check.starts_with("vars_ok &= "));
            assert!(
                declared.starts_with("let points: latent::ndarray::") && declared.ends_with(">>;")
            );
            assert!(
                code.contains("put_variable::<Option<"),
                "what is new is kept"
            );
            assert_eq!(code.lines().count(), before.lines().count());
            let place = |text: &str| text.lines().position(|line| line == quiet);
            assert_eq!(place(&code), place(&before));
            assert_eq!(changed(&code), None, "not twice");
        }
    }

    #[test]
    fn each_variable_is_judged_by_itself() {
        let two = |line: &str| {
            let more = line.replace("points", "more").replace("let ", "let mut ");
            if line.contains("_variable::<latent") && line.contains("(stringify!(points)") {
                format!("{line}\n{more}\n")
            } else {
                format!("{line}\n")
            }
        };
        let both: String = GENERATED.lines().map(two).collect();
        let code = changed(&both).unwrap();
        assert_eq!(about(&code, "points"), about(GENERATED, "points"));
        assert_eq!(about(&code, "more").len(), 2);
        assert!(code.contains("let mut more: latent::ndarray::"));
    }

    #[test]
    fn each_way_to_mention_a_variable_counts() {
        for loud in [
            CODE,
            "let points = 3;",
            "println!(\"{points:?}\");",
            "f(&mut points)",
            "r#points",
            "macro_of(x.points)",
            "// points",
            "include!(\"other.rs\")",
        ] {
            assert_eq!(changed(&cell(loud)), None, "{loud}");
        }
    }

    #[test]
    fn a_cell_of_another_form_stays_as_it_is() {
        let quiet = cell("let a = 3;");
        assert!(changed(&quiet).is_some());
        let put = about(&quiet, "points")[2];
        let twice = format!("{put}\n{put}");
        for (from, to) in [
            ("take_variable", "steal_variable"),
            (
                "(stringify!(points), points)",
                "(stringify!(points), other)",
            ),
            ("let points = ", "let other = "),
            ("run_user_code_", "run_code_"),
            ("points", "größe"),
            // A move leaves no line that puts it back; a text may hold such a line once more.
            (put, ""),
            (put, &twice),
        ] {
            assert_eq!(changed(&quiet.replace(from, to)), None, "{to}");
        }
    }
}
