//! Variables that a cell does not mention. evcxr takes each variable out of its store before the
//! learner's code, and puts it back after it. This is compiled anew for each cell, for each type of
//! variable: late in a lesson with ninety variables, `let q = 3;` took 2.7 s. What the code does not
//! mention may as well stay where it is.
//!
//! ```text
//! vars_ok &= evcxr_variable_store.check_variable::<f32>(stringify!(bin));
//! let bin = evcxr_variable_store.take_variable::<f32>(stringify!(bin));
//! ... the learner's code ...
//! evcxr_variable_store.put_variable::<f32>(stringify!(bin), bin);
//! ```

use std::collections::{HashMap, HashSet};

/// Where the function begins that runs the learner's code; nothing before it can name a variable.
const BEGINS: &str = "pub extern \"C\" fn run_user_code_";

/// The three lines that evcxr writes for each variable.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Line {
    Check,
    Take,
    Put,
}

const LINES: usize = 3;

/// The changed source of a cell, with the same number of lines, since evcxr finds the learner's code
/// by them. `None` if there is nothing to leave out.
pub fn changed(code: &str) -> Option<String> {
    let start = code.find(BEGINS)?;
    let (before, function) = code.split_at(start);
    let lines: Vec<&str> = function.split('\n').collect();
    let mut of_variables: HashMap<&str, HashSet<Line>> = HashMap::new();
    let mut mentioned = HashSet::new();
    for line in &lines {
        match of_variable(line) {
            Some((kind, name)) => _ = of_variables.entry(name).or_default().insert(kind),
            None => mentioned.extend(words(line)),
        }
    }
    let untouched = |line: &str| {
        of_variable(line)
            .is_some_and(|(_, name)| of_variables[name].len() == LINES && !mentioned.contains(name))
    };
    if !lines.iter().any(|line| untouched(line)) {
        return None;
    }
    let kept: Vec<&str> = (lines
        .iter()
        .map(|line| if untouched(line) { "" } else { line }))
    .collect();
    Some([before, &kept.join("\n")].concat())
}

/// Which of the three lines this is, and the name of its variable.
fn of_variable(line: &str) -> Option<(Line, &str)> {
    const STORE: &str = "evcxr_variable_store.";
    let (kind, call, end) = if let Some(call) = line.strip_prefix("vars_ok &= ") {
        (
            Line::Check,
            call.strip_prefix(STORE)?
                .strip_prefix("check_variable::<")?,
            "));",
        )
    } else if let Some((_, call)) = line
        .strip_prefix("let ")
        .and_then(|line| line.split_once(" = "))
    {
        (
            Line::Take,
            call.strip_prefix(STORE)?.strip_prefix("take_variable::<")?,
            "));",
        )
    } else {
        (
            Line::Put,
            line.strip_prefix(STORE)?.strip_prefix("put_variable::<")?,
            ");",
        )
    };
    let (_, argument) = call.strip_suffix(end)?.rsplit_once(">(stringify!(")?;
    let name = match kind {
        Line::Put => {
            argument
                .split_once("), ")
                .filter(|(name, value)| name == value)?
                .0
        }
        Line::Check | Line::Take => argument,
    };
    (words(name).collect::<Vec<_>>() == [name]).then_some((kind, name))
}

/// Everything that may be a name, also in comments and in texts: `println!("{bin}")` mentions `bin`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cell as evcxr 0.22 generates it.
    const GENERATED: &str = include_str!("recorded_cell.txt");
    const CODE: &str = "let a_mean = points.mean_axis(Axis(0));";

    #[test]
    fn what_the_code_does_not_mention_stays_in_the_store() {
        for quiet in [
            "let a = 3;",
            "let pointss = 1;",
            "println!(\"{}\", a_point);",
        ] {
            let cell = GENERATED.replace(CODE, quiet);
            let code = changed(&cell).unwrap();
            assert!(!code.contains("(stringify!(points)"), "{code}");
            assert!(
                code.contains("put_variable::<Option<"),
                "what is new is kept"
            );
            assert_eq!(code.lines().count(), cell.lines().count());
            let place = |text: &str| text.lines().position(|line| line == quiet);
            assert_eq!(place(&code), place(&cell));
            assert_eq!(changed(&code), None, "not twice");
        }
    }

    #[test]
    fn each_way_to_mention_a_variable_counts() {
        for loud in [
            CODE,
            "let points = 3;",
            "println!(\"{points:?}\");",
            "f(&mut points)",
            "macro_of(x.points)",
            "// points",
        ] {
            assert_eq!(changed(&GENERATED.replace(CODE, loud)), None, "{loud}");
        }
    }

    #[test]
    fn a_cell_of_another_form_stays_as_it_is() {
        let quiet = GENERATED.replace(CODE, "let a = 3;");
        assert!(changed(&quiet).is_some());
        for (from, to) in [
            ("take_variable", "steal_variable"),
            (
                "(stringify!(points), points)",
                "(stringify!(points), other)",
            ),
            ("run_user_code_", "run_code_"),
        ] {
            assert_eq!(changed(&quiet.replace(from, to)), None, "{to}");
        }
    }
}
