//! Sentences that need more than a pattern: what is expected is compared with what came.

use super::pattern::Found;
use super::said::Said;
use super::{table, types};
use crate::kernel::moved::Moved;

/// A variable that would have to last until the next cell shows another one's numbers.
pub fn kept(said: &Said, found: &Found) -> Option<String> {
    let (name, from) = (said.kept.as_ref()?, &found["from"]);
    Some(format!(
        "`{name}` refers to `{from}`, and a reference (a view) lasts only as long as its cell. Make an array of its own: `.to_owned()` at the end of a view (`a.row(0).to_owned()`), `.clone()` in place of a `&` (`a.clone()`)."
    ))
}

/// A variable that an earlier cell gave away.
pub fn moved(_: &Said, found: &Found) -> Option<String> {
    let Moved { name, what, line } = Moved::of(&found["name"])?;
    Some(format!(
        "`{name}` is gone: an earlier cell gave it away with `{line}`. Write `{what}.clone()` there, then run the cell that makes `{name}` again."
    ))
}

/// `Some(b)` for `Some('b')`.
pub fn letter(_: &Said, found: &Found) -> Option<String> {
    let name = &found["name"];
    (name.len() == 1)
        .then(|| format!("A letter stands between single quotation marks: `Some('{name}')`."))
}

/// What has to stand in `Some(…)`: a learner's answer.
pub fn answer(said: &Said, found: &Found) -> Option<String> {
    let inside = &*found["inside"];
    let here = said.here.as_deref().unwrap_or("…");
    let example = match inside {
        "char" => "Some('a')",
        "f32" | "f64" => "Some(5.0)",
        _ => "Some(…)",
    };
    let fits = said
        .labels
        .iter()
        .any(|label| label.ends_with(&format!("found `{inside}`")));
    let write = if inside == "char" && here.len() == 3 && here.starts_with('"') {
        format!("Some('{}')", here.trim_matches('"'))
    } else if DECIMAL.contains(&inside) && is_whole(here.trim_matches('"')) {
        format!("Some({}.0)", here.trim_matches('"'))
    } else if !fits && is_name(here) {
        return Some(format!(
            "An answer stands in `Some(…)`. Change the cell that defines `{here}`: `let {here} = {example};`, with your answer."
        ));
    } else {
        format!("Some({here})")
    };
    Some(format!("An answer stands in `Some(…)`: write `{write}`."))
}

fn is_name(code: &str) -> bool {
    code.starts_with(|letter: char| letter.is_alphabetic() || letter == '_')
        && code
            .chars()
            .all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// Python's `:` at the beginning of a block.
pub fn braces(said: &Said, _: &Found) -> Option<String> {
    said.message.contains("expected `{`, found `:`").then(|| {
        "A block stands in braces: write `{` in place of the `:`, and `}` after the last line of the block. Each line in it ends with `;`.".to_owned()
    })
}

/// `&net`, where `net` is a `&mut` already.
pub fn changeable(said: &Said, _: &Found) -> Option<String> {
    let name = said.here.as_deref()?.strip_prefix('&')?;
    is_name(name).then(|| {
        format!(
            "This call changes `{name}`, so `&` is not enough: write `&mut {name}`. If `{name}` is an argument of the type `&mut …`, it is lent already: write `{name}` alone."
        )
    })
}

/// A whole number among decimal ones.
pub fn decimal_too(said: &Said, _: &Found) -> Option<String> {
    let number = said.here.as_deref().filter(|here| is_whole(here));
    Some(format!(
        "The other numbers are decimal ones. Write this one with a point, too: `{}.0`.",
        number.unwrap_or("2")
    ))
}

pub fn function(_: &Said, found: &Found) -> Option<String> {
    types::difference(&found["expected"], &found["found"])
}

/// Arrays of another number of axes.
pub fn axes(_: &Said, found: &Found) -> Option<String> {
    let name = |number: &str| {
        let axes = if number == "1" { "axis" } else { "axes" };
        format!("{number} {axes} (`Array{number}`)")
    };
    Some(format!(
        "An array with {} is expected here, but this one has {}. To make a column of an `Array1`: `a.insert_axis(Axis(1))`; to get one row of an `Array2`: `a.row(0)`.",
        name(&found["expected"]),
        name(&found["found"])
    ))
}

/// A whole number where a decimal number is expected.
pub fn decimal(said: &Said, found: &Found) -> Option<String> {
    let expected = &found["expected"];
    if expected.starts_with('&') {
        return compared(said, found);
    }
    if !DECIMAL.contains(&expected.as_str()) {
        return None;
    }
    let point = match said.here.as_deref() {
        Some(number) if is_whole(number) => format!(": `{number}.0`"),
        _ => ", as in `2.0`".to_owned(),
    };
    Some(format!(
        "A decimal number (`{expected}`) is expected here. Write it with a point{point}."
    ))
}

/// A decimal number where a whole number or a reference is expected.
pub fn whole(said: &Said, found: &Found) -> Option<String> {
    let expected = &found["expected"];
    if WHOLE.contains(&expected.as_str()) {
        return Some(format!(
            "A whole number (`{expected}`) is expected here. Write it without a point."
        ));
    }
    compared(said, found)
}

/// A number beside a reference to one.
pub fn compared(_: &Said, found: &Found) -> Option<String> {
    let reference = found
        .get("expected")
        .cloned()
        .or_else(|| Some(format!("&{}", found.get("a")?)))?;
    let number = reference.trim_start_matches('&');
    let stars = "*".repeat(reference.len() - number.len());
    (is_number(number) || number == "integer" || number == "float").then(|| {
        let as_in = if number.starts_with('f') { "0.0" } else { "0" };
        format!(
            "On one side is a number, on the other a reference to one (`{reference}`). Take the number out of the reference: `{stars}x`, as in `{stars}x > {as_in}`."
        )
    })
}

/// The compiler lists the fields that there are, where evcxr does not show it.
pub fn fields(said: &Said, found: &Found) -> Option<String> {
    let list = said.notes.iter().find_map(|note| {
        let (_, list) = note.split_once("available field")?;
        list.split_once(": ")
    })?;
    Some(format!(
        "There is no field `{}`. The fields are: {}.",
        found["name"], list.1
    ))
}

fn is_whole(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit())
}

const DECIMAL: [&str; 2] = ["f32", "f64"];
const WHOLE: [&str; 6] = ["usize", "u8", "i32", "i64", "u32", "u64"];

fn is_number(name: &str) -> bool {
    DECIMAL.contains(&name) || WHOLE.contains(&name)
}

/// Whether it is an array or a view, lent or not.
fn is_array(name: &str) -> bool {
    name.trim_start_matches('&').starts_with("Array")
}

/// The numbers in an array.
fn inside(name: &str) -> Option<&str> {
    let (_, rest) = name.split_once('<')?;
    rest.strip_suffix('>')
}

/// One type is expected, another one came.
pub fn mismatch(said: &Said, found: &Found) -> Option<String> {
    let (expected, found) = (&*found["expected"], &*found["found"]);
    let here = said.here.as_deref();
    let quoted = |before: &str, after: &str| match here {
        Some(here) if after.is_empty() || is_simple(here) => format!("`{before}{here}{after}`"),
        Some(here) => format!("`{before}({here}){after}`"),
        None => format!("`{before}…{after}`"),
    };
    if is_number(expected) && is_number(found) {
        return Some(format!(
            "`{expected}` is expected here, but this is `{found}`: Rust does not change one kind of number into another by itself. Write {}.",
            quoted("", &format!(" as {expected}"))
        ));
    }
    if expected.strip_prefix('&') == Some(found) {
        return Some(format!(
            "A `&` is missing: `{expected}` is expected here, but this is `{found}`. Lend it: {}.",
            quoted("&", "")
        ));
    }
    if found.strip_prefix('&') == Some(expected) {
        return Some(if is_number(expected) {
            format!(
                "A number (`{expected}`) is expected here, but this is a reference to one (`{found}`). Take the number: {}.",
                quoted("*", "")
            )
        } else {
            format!(
                "`{expected}` is expected here, but this is only lent (`{found}`). Give a copy: {}.",
                quoted("", ".clone()").replace("`&", "`")
            )
        });
    }
    if found == format!("Option<{expected}>") || found == "Option<Array>" && is_array(expected) {
        return Some(format!(
            "This is an `Option`, which may hold nothing. Take the value out: {}.",
            quoted("", ".unwrap()")
        ));
    }
    if WHOLE.contains(&expected) && is_array(found) {
        return Some(format!(
            "A whole number (`{expected}`) is expected here, but this is an array. The number of its rows: {}.",
            quoted("", ".nrows()").replace("`&", "`")
        ));
    }
    if expected == "()" && found.starts_with("Result<") {
        return Some(format!(
            "This line has to end with `?;`: {}. The `?` hands an error on, and the `;` ends the line.",
            quoted("", "?;")
        ));
    }
    if found.starts_with("Result<") && !expected.starts_with("Result<") {
        return Some(format!(
            "This is a `Result`: the call may have failed. Take the value out: {}, or `.unwrap()` inside of a function.",
            quoted("", "?")
        ));
    }
    if expected.starts_with("Option<") {
        return Some(format!(
            "The value stands in `Some(…)`: write {}.",
            quoted("Some(", ")")
        ));
    }
    if expected == "char" && found == "&str" {
        return Some("A letter stands between single quotation marks: `'a'`.".to_owned());
    }
    if is_array(expected) && found.starts_with("ArrayView") && !expected.contains("View") {
        return Some(format!(
            "`{expected}` is expected here, but this is a view (`{found}`), which only shows another array's numbers. Make an array of it: {}.",
            quoted("", ".to_owned()")
        ));
    }
    if is_array(expected)
        && is_array(found)
        && let (Some(wanted), Some(got)) = (inside(expected), inside(found))
        && wanted != got
        && is_number(wanted)
    {
        return Some(format!(
            "An array of `{wanted}` is expected here, but this is one of `{got}`. Change its numbers: {}.",
            quoted("", &format!(".mapv(|x| x as {wanted})"))
        ));
    }
    None
}

/// Whether `.clone()` or `as f32` can follow without brackets.
fn is_simple(code: &str) -> bool {
    let mut depth = 0;
    code.chars().all(|letter| {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        depth > 0 || letter.is_alphanumeric() || "_.&:)]".contains(letter)
    })
}

/// `+`, `-`, `*` or `/` between things that do not fit.
pub fn calculated(said: &Said, found: &Found) -> Option<String> {
    let (a, b) = (&*found["a"], &*found["b"]);
    let sign = said.here.as_deref().unwrap_or("-");
    let is = |name: &str| [a, b].contains(&name);
    if is("integer") {
        let other = if a == "integer" { b } else { a };
        let numbers = inside(other).unwrap_or(other).trim_start_matches('&');
        let numbers = if numbers == "float" { "f32" } else { numbers };
        return DECIMAL.contains(&numbers).then(|| {
            format!(
                "Rust does not mix whole and decimal numbers (`{numbers}`). Write the whole number with a point, as in `2.0`; a count `n` becomes a decimal number by `n as {numbers}`."
            )
        });
    }
    let is_whole = |name: &str| WHOLE.contains(&name.trim_start_matches('&'));
    if is_whole(a) != is_whole(b) {
        let (whole, other) = if is_whole(a) { (a, b) } else { (b, a) };
        let numbers = inside(other).unwrap_or(other).trim_start_matches('&');
        let numbers = if numbers == "float" { "f32" } else { numbers };
        return DECIMAL.contains(&numbers).then(|| {
            format!(
                "Rust does not mix whole numbers (`{}`) and decimal numbers (`{numbers}`). Turn the whole number into a decimal one: `n as {numbers}`.",
                whole.trim_start_matches('&')
            )
        });
    }
    if is_number(a) && is_number(b) {
        return Some(format!(
            "`{a}` and `{b}` are two kinds of number, and Rust does not mix them. Turn one into the other: `x as {a}`."
        ));
    }
    if a.starts_with("ArrayView") && is_array(b) {
        return Some(format!(
            "A view on the left of `{sign}` has to be lent, and an array on its right as well: `&a {sign} &b`."
        ));
    }
    if is_array(b) && !b.starts_with('&') {
        return (is_array(a) && a.starts_with('&')).then(|| {
            format!(
                "An array on the right of `{sign}` has to be lent: write `&` in front of it, as in `a {sign} &b`, or `&a {sign} &b` to keep both."
            )
        });
    }
    if let (Some(left), Some(right)) = (inside(a), inside(b))
        && is_array(a)
        && is_array(b)
        && left != right
    {
        if [left, right].contains(&"integer") {
            return Some(
                "One array holds whole numbers, the other decimal numbers. Write the whole ones with a point, as in `1.0`.".to_owned(),
            );
        }
        return Some(format!(
            "These are arrays of two kinds of number, `{left}` and `{right}`. Turn one into the other: `.mapv(|x| x as {left})`."
        ));
    }
    (is_array(a) && DECIMAL.contains(&b) && inside(a).is_some_and(|a| a != b)).then(|| {
        let numbers = inside(a).unwrap_or("f32");
        format!(
            "The array holds numbers of the kind `{numbers}`, and this is one of `{b}`. Write `x as {numbers}`."
        )
    })
}

/// `+=` and `-=`.
pub fn assigned(said: &Said, found: &Found) -> Option<String> {
    let (a, b) = (&*found["a"], &*found["b"]);
    let sign = said.here.as_deref().unwrap_or("+=");
    if is_array(a) && is_array(b) {
        return Some(table::LEND_ON_THE_RIGHT.replace("{here}", sign));
    }
    let numbers = inside(a).unwrap_or(a);
    (DECIMAL.contains(&numbers) && (b == "integer" || is_number(b))).then(|| {
        format!(
            "This is a whole number where a decimal number (`{numbers}`) is expected. Write it with a point, as in `2.0`, or `n as {numbers}`."
        )
    })
}
