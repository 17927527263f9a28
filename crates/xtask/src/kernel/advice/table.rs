//! The errors that have a sentence of ours. The first row that fits counts.

use super::pattern::Found;
use super::said::Said;
use super::types;
use crate::kernel::moved::Moved;

/// One kind of error.
pub struct Row {
    /// The compiler's number of it, or two; some errors have none.
    pub code: &'static str,
    /// What it must say, and where. `{name}` is a gap; what stands in it can be used in the sentence.
    pub says: &'static [(In, &'static str)],
    pub then: Then,
}

/// A part of a message.
#[derive(Clone, Copy, Debug)]
pub enum In {
    Message,
    /// At a mark in the code.
    Label,
    /// Below the code.
    Note,
    /// The line of code with the main mark.
    Line,
    /// The line in which a value is given away.
    Move,
}

pub enum Then {
    /// The sentence. `{here}` is the code at the main mark.
    Say(&'static str),
    /// For what a pattern cannot tell.
    Ask(fn(&Said, &Found) -> Option<String>),
}

use In::{Label, Line, Message, Move, Note};
use Then::{Ask, Say};

/// One missing `&` gives up to five errors.
const LEND_ON_THE_RIGHT: &str = "The array on the right of `{here}` has to be lent: write `{here} &` in front of it, as in `sum {here} &data.row(0)`. Then the other messages about this line go as well.";

const INDEX: &str = "An index must be a whole number of the type `usize`: write `{here} as usize`.";

const POWER: &str = "Powers have no sign in Rust. Of a number: `x.powi(2)` or `x * x`. Of each number in an array: `a.mapv(|x| x * x)`.";

pub const TABLE: &[Row] = &[
    // What is lent, and what is given away.
    Row {
        code: "E0275",
        says: &[
            (Message, "overflow evaluating the requirement"),
            (Message, "ArrayBase<"),
        ],
        then: Say(
            "A `&` is missing in front of an array that is made inside of a call. Write it there, as in `a.dot(&b.t())` or `a.dot(&(b - c))`.",
        ),
    },
    Row {
        code: "E0597",
        says: &[
            (Message, "`{from}` does not live long enough"),
            (Label, "'static"),
        ],
        then: Ask(kept),
    },
    Row {
        code: "E0716",
        says: &[(Label, "borrow lasts for `'static`")],
        then: Say(
            "A reference (a view) to something that is made in the same line cannot be kept. Make an array of its own: `.to_owned()` at the end.",
        ),
    },
    Row {
        code: "E0277",
        says: &[(Message, "Dot<&")],
        then: Say(
            "There is one `&` too many in front of the argument of `.dot`: what is lent already (an argument of type `&Array2<f32>`, say) is handed on as it is, `a.dot(b)`.",
        ),
    },
    Row {
        code: "E0277",
        says: &[(Message, "cannot add-assign `{b}` to `{a}`")],
        then: Ask(assigned),
    },
    Row {
        code: "E0277",
        says: &[(Message, "cannot subtract-assign `{b}` from `{a}`")],
        then: Ask(assigned),
    },
    Row {
        code: "E0271",
        says: &[
            (Message, "as RawData>::Elem == ArrayBase<"),
            (Note, "to implement `{sign}Assign"),
        ],
        then: Say(LEND_ON_THE_RIGHT),
    },
    Row {
        code: "E0271",
        says: &[(Message, "as RawData>::Elem == integer")],
        then: Say(
            "The array holds decimal numbers: write the whole number with a point, as in `1.0`.",
        ),
    },
    Row {
        code: "E0277",
        says: &[
            (Message, "`ArrayBase<"),
            (Message, ": ScalarOperand` is not satisfied"),
            (Note, "to implement `{sign}Assign"),
        ],
        then: Say(LEND_ON_THE_RIGHT),
    },
    Row {
        code: "E0382",
        says: &[
            (Message, "moved value: `{name}`"),
            (Note, "partial move occurs because `{what}` has type"),
        ],
        then: Say(
            "`{what}` was moved out of `{name}`, so `{name}` cannot be used any more. Take a copy instead: `{what}.clone()`.",
        ),
    },
    Row {
        code: "E0382",
        says: &[
            (Message, "moved value: `{name}`"),
            (Move, "let {into} = {name};"),
        ],
        then: Say(
            "`{name}` was moved into `{into}`, so `{name}` cannot be used any more. Take a copy instead: `let {into} = {name}.clone();`.",
        ),
    },
    Row {
        code: "E0382",
        says: &[
            (Message, "moved value: `{name}`"),
            (Move, ".{method}({name})"),
        ],
        then: Say(
            "`{name}` was given to `.{method}`, so it cannot be used any more. Give a copy: `.{method}({name}.clone())`.",
        ),
    },
    Row {
        code: "E0382",
        says: &[
            (Message, "moved value: `{name}`"),
            (Move, "{function}({name}"),
        ],
        then: Say(
            "`{name}` was given to `{function}`, so it cannot be used any more. Lend it, `{function}(&{name})`, or give a copy, `{function}({name}.clone())`.",
        ),
    },
    Row {
        code: "E0382",
        says: &[(Message, "moved value: `{name}`")],
        then: Say(
            "`{name}` was given away further up, so it cannot be used any more. Lend it there, `&{name}`, or give a copy, `{name}.clone()`.",
        ),
    },
    Row {
        code: "E0507",
        says: &[
            (Message, "cannot move out of `{what}`"),
            (Message, "reference"),
        ],
        then: Say(
            "`{what}` is only lent to you here, so you cannot take it away. Lend it on, `&{what}`, or take a copy: `{what}.clone()`.",
        ),
    },
    // Names.
    Row {
        code: "E0423",
        says: &[(Message, "expected value, found built-in attribute `{name}`")],
        then: Say(
            "There is no function `{name}` yet: run the cell with `fn {name}` first, then this one.",
        ),
    },
    Row {
        code: "E0425",
        says: &[(Message, "cannot find value `{name}`")],
        then: Ask(moved),
    },
    Row {
        code: "E0425",
        says: &[
            (Message, "cannot find value `{name}`"),
            (Note, "you might have meant to introduce a new binding"),
        ],
        then: Say(
            "A new variable begins with `let`: write `let {name} = …`, or `let mut {name} = …` if it is to change.",
        ),
    },
    Row {
        code: "E0425",
        says: &[
            (Message, "cannot find value `{name}`"),
            (Line, "Some({name})"),
        ],
        then: Ask(letter),
    },
    Row {
        code: "E0425",
        says: &[(Message, "cannot find function `range`")],
        then: Say("Rust counts with `0..3` where Python writes `range(3)`: `for i in 0..3 { … }`."),
    },
    Row {
        code: "E0425",
        says: &[(Message, "cannot find function `len`")],
        then: Say(
            "The length is a method: `v.len()`; the number of an array's rows is `a.nrows()`.",
        ),
    },
    Row {
        code: "E0425 E0433",
        says: &[(Message, "cannot find {kind} `{name}` in this scope")],
        then: Say(
            "Nothing is called `{name}` here. If the spelling is right, run the cell further up that defines it; if that cell ended in an error, repair it first.",
        ),
    },
    // Signs.
    Row {
        code: "",
        says: &[(Message, "expected"), (Line, "import")],
        then: Say(
            "Rust brings in names with `use`, and the first cell has done so; there is no `import`.",
        ),
    },
    Row {
        code: "",
        says: &[(Message, "expected"), (Line, "def")],
        then: Say("A function begins with `fn` and names its types: `fn f(x: f32) -> f32 { … }`."),
    },
    Row {
        code: "",
        says: &[(Message, "expected"), (Line, "# ")],
        then: Say("A comment begins with `//` in Rust."),
    },
    Row {
        code: "E0277 E0369",
        says: &[(Message, "no implementation for `{a} ^ {b}`")],
        then: Say(POWER),
    },
    Row {
        code: "",
        says: &[(Message, "expected"), (Line, "elif")],
        then: Say("Rust writes `else if` where Python writes `elif`."),
    },
    Row {
        code: "",
        says: &[(Message, "character literal may only contain one codepoint")],
        then: Say("Text stands between double quotation marks: `\"text\"`."),
    },
    Row {
        code: "",
        says: &[(Message, "expected `;`, found `[`")],
        then: Say("The indices of an array stand in double brackets: `a[[0, 1]]`."),
    },
    Row {
        code: "",
        says: &[(Message, "delimiter")],
        then: Say(
            "A bracket is missing or one too many. Count the brackets of this cell: each `(`, `[` and `{` needs its partner.",
        ),
    },
    Row {
        code: "E0277",
        says: &[(Message, "bound `i32: NdIndex<")],
        then: Say(INDEX),
    },
    Row {
        code: "E0277",
        says: &[(Message, "NdIndex<")],
        then: Say(
            "The indices of an array are whole numbers (`usize`) in double brackets, one for each axis: `a[[0, 1]]`. One row is `a.row(0)`.",
        ),
    },
    Row {
        code: "E0277",
        says: &[(Message, "cannot be indexed by `{index}`")],
        then: Say(INDEX),
    },
    Row {
        code: "E0614",
        says: &[
            (Message, "type `integer` cannot be dereferenced"),
            (Line, "**"),
        ],
        then: Say(POWER),
    },
    Row {
        code: "E0614",
        says: &[
            (Message, "type `float` cannot be dereferenced"),
            (Line, "**"),
        ],
        then: Say(
            "Powers have no sign in Rust. Of a number: `x.powf(0.5)`. Of each number in an array: `a.mapv(|x| x.powf(0.5))`.",
        ),
    },
    Row {
        code: "",
        says: &[(Message, "expected `;`, found"), (Note, "add `;` here")],
        then: Say("A `;` is missing at the end of a statement; the mark shows where."),
    },
    Row {
        code: "E0308",
        says: &[
            (Label, "expected `{expected}`, found `()`"),
            (Note, "remove this semicolon to return this value"),
        ],
        then: Say(
            "The function has to return `{expected}`, but its last line ends in `;` and so returns nothing. Remove that `;`.",
        ),
    },
    Row {
        code: "E0308",
        says: &[
            (Label, "expected `{expected}`, found `()`"),
            (Label, "implicitly returns `()`"),
        ],
        then: Say(
            "The function has to return `{expected}`, but returns nothing: its last line must be the value, without `let` and without `;`.",
        ),
    },
    Row {
        code: "E0317",
        says: &[(Label, "expected `{expected}`, found `()`")],
        then: Say(
            "This `if` has to give `{expected}` in each case, so it needs an `else`: `if … { … } else { … }`.",
        ),
    },
    // Types.
    Row {
        code: "E0271",
        says: &[(Message, "as ShapeBuilder>::Dim")],
        then: Say("The shape stands in brackets of its own: `Array2::zeros((3, 3))`."),
    },
    Row {
        code: "E0283",
        says: &[(Label, "declared on the method `sum`")],
        then: Say("Say which kind of number the sum is: `.sum::<f32>()`."),
    },
    Row {
        code: "E0283",
        says: &[(Line, ".collect()")],
        then: Say("Say what the values are collected into: `let v: Vec<f32> = ….collect();`."),
    },
    Row {
        code: "E0308",
        says: &[
            (Note, "expected fn pointer `{expected}`"),
            (Note, "found fn item `{found}`"),
        ],
        then: Ask(function),
    },
    Row {
        code: "E0308",
        says: &[(
            Label,
            "expected an array with a size of {expected}, found one with a size of {found}",
        )],
        then: Ask(axes),
    },
    Row {
        code: "E0308",
        says: &[(Label, "expected `{expected}`, found integer")],
        then: Ask(decimal),
    },
    Row {
        code: "E0308",
        says: &[(Label, "expected `{expected}`, found floating-point number")],
        then: Ask(whole),
    },
    Row {
        code: "E0308",
        says: &[(Label, "expected `Option<{inside}>`, found")],
        then: Say("An answer stands in `Some(…)`: write `Some({here})`."),
    },
    Row {
        code: "E0308",
        says: &[(Label, "expected `{expected}`, found `{found}`")],
        then: Ask(mismatch),
    },
    Row {
        code: "E0277",
        says: &[(Message, "Option<ArrayBase<")],
        then: Say(
            "One of the two is an `Option`, which may hold nothing. Take the array out first: `a.mean_axis(Axis(0)).unwrap()`.",
        ),
    },
    Row {
        code: "E0277",
        says: &[(Message, "can't compare `f32` with `integer`")],
        then: Say("Compare a decimal number with a decimal number: write `0.0` in place of `0`."),
    },
    Row {
        code: "E0277",
        says: &[(Message, "can't compare `&{a}` with")],
        then: Ask(compared),
    },
    Row {
        code: "E0277",
        says: &[(
            Label,
            "cannot use the `?` operator in a function that returns `{type}`",
        )],
        then: Say(
            "`?` hands a failure on, but a function that returns `{type}` cannot do that. Inside of it write `.unwrap()` in place of `?`.",
        ),
    },
    Row {
        code: "E0599",
        says: &[(Message, "`{method}` found for enum `Result<")],
        then: Say(
            "This is a `Result`: the call that made it may have failed. Take the value out first, with `?` at the end of that call.",
        ),
    },
    Row {
        code: "E0599",
        says: &[(Message, "`{method}` found for enum `Option<")],
        then: Say(
            "This is an `Option`, which may hold nothing. Take the value out first: `.unwrap()`, then `.{method}`.",
        ),
    },
    Row {
        code: "E0599",
        says: &[
            (Message, "no method named `max` found for"),
            (Message, "ArrayBase<"),
        ],
        then: Say(
            "`max` compares two numbers. For each number of an array: `a.mapv(|x| x.max(0.0))`.",
        ),
    },
    Row {
        code: "E0599",
        says: &[
            (Message, "no method named `min` found for"),
            (Message, "ArrayBase<"),
        ],
        then: Say(
            "`min` compares two numbers. For each number of an array: `a.mapv(|x| x.min(1.0))`.",
        ),
    },
    Row {
        code: "E0560",
        says: &[(Message, "has no field named `{name}`")],
        then: Ask(fields),
    },
    Row {
        code: "E0609",
        says: &[(Message, "no field `{name}` on type")],
        then: Ask(fields),
    },
    Row {
        code: "E0063",
        says: &[(Message, "initializer of `{type}Config`")],
        then: Say(
            "The fields that you do not set keep their usual values if `..Default::default()` stands after the last one.",
        ),
    },
    Row {
        code: "E0277 E0369",
        says: &[(Message, "cannot multiply `{a}` by `{b}`")],
        then: Ask(calculated),
    },
    Row {
        code: "E0277 E0369",
        says: &[(Message, "cannot divide `{a}` by `{b}`")],
        then: Ask(calculated),
    },
    Row {
        code: "E0277 E0369",
        says: &[(Message, "cannot add `{b}` to `{a}`")],
        then: Ask(calculated),
    },
    Row {
        code: "E0277 E0369",
        says: &[(Message, "cannot subtract `{b}` from `{a}`")],
        then: Ask(calculated),
    },
];

/// A variable that would have to last until the next cell shows another one's numbers.
fn kept(said: &Said, found: &Found) -> Option<String> {
    let (name, from) = (said.kept.as_ref()?, &found["from"]);
    Some(format!(
        "`{name}` refers to `{from}`, and a reference (a view) lasts only as long as its cell. Make an array of its own: `.to_owned()` at the end of a view (`a.row(0).to_owned()`), `.clone()` in place of a `&` (`a.clone()`)."
    ))
}

/// A variable that an earlier cell gave away.
fn moved(_: &Said, found: &Found) -> Option<String> {
    let Moved { name, what, line } = Moved::of(&found["name"])?;
    Some(format!(
        "`{name}` is gone: an earlier cell gave it away with `{line}`. Write `{what}.clone()` there, then run the cell that makes `{name}` again."
    ))
}

/// `Some(b)` for `Some('b')`.
fn letter(_: &Said, found: &Found) -> Option<String> {
    let name = &found["name"];
    (name.len() == 1)
        .then(|| format!("A letter stands between single quotation marks: `Some('{name}')`."))
}

fn function(_: &Said, found: &Found) -> Option<String> {
    types::difference(&found["expected"], &found["found"])
}

/// Arrays of another number of axes.
fn axes(_: &Said, found: &Found) -> Option<String> {
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
fn decimal(said: &Said, found: &Found) -> Option<String> {
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
fn whole(said: &Said, found: &Found) -> Option<String> {
    let expected = &found["expected"];
    if WHOLE.contains(&expected.as_str()) {
        return Some(format!(
            "A whole number (`{expected}`) is expected here. Write it without a point."
        ));
    }
    compared(said, found)
}

/// A number beside a reference to one.
fn compared(_: &Said, found: &Found) -> Option<String> {
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
fn fields(said: &Said, found: &Found) -> Option<String> {
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
fn mismatch(said: &Said, found: &Found) -> Option<String> {
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
fn calculated(said: &Said, found: &Found) -> Option<String> {
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
fn assigned(said: &Said, found: &Found) -> Option<String> {
    let (a, b) = (&*found["a"], &*found["b"]);
    let sign = said.here.as_deref().unwrap_or("+=");
    if is_array(a) && is_array(b) {
        return Some(LEND_ON_THE_RIGHT.replace("{here}", sign));
    }
    let numbers = inside(a).unwrap_or(a);
    (DECIMAL.contains(&numbers) && (b == "integer" || is_number(b))).then(|| {
        format!(
            "This is a whole number where a decimal number (`{numbers}`) is expected. Write it with a point, as in `2.0`, or `n as {numbers}`."
        )
    })
}
