//! The errors that have a sentence of ours. The first row that fits counts.

use super::ask;
use super::pattern::Found;
use super::said::Said;

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
pub const LEND_ON_THE_RIGHT: &str = "The array on the right of `{here}` has to be lent: write `{here} &` in front of it, as in `sum {here} &data.row(0)`. Then the other messages about this line go as well.";

const INDEX: &str = "An index must be a whole number of the type `usize`: write `{here} as usize`.";

const POWER: &str = "Rust has no `**` for powers, and `^` is none. A number: `x.powi(2)` or `x * x`. Each number of an array: `a.mapv(|x| x * x)`.";

pub const TABLE: &[Row] = &[
    // What is lent, and what is given away.
    Row {
        code: "E0275",
        says: &[
            (Message, "overflow evaluating the requirement"),
            (Message, "ArrayBase<"),
        ],
        then: Say(
            "A `&` is missing in front of the array that this call gets. Write it there, as in `a.dot(&b)`, `a.dot(&b.t())` or `a.dot(&(b - c))`.",
        ),
    },
    Row {
        code: "E0597",
        says: &[
            (Message, "`{from}` does not live long enough"),
            (Label, "'static"),
        ],
        then: Ask(ask::kept),
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
        then: Ask(ask::assigned),
    },
    Row {
        code: "E0277",
        says: &[(Message, "cannot subtract-assign `{b}` from `{a}`")],
        then: Ask(ask::assigned),
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
        then: Ask(ask::moved),
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
        then: Ask(ask::letter),
    },
    Row {
        code: "E0425",
        says: &[
            (Message, "cannot find value `{name}`"),
            (Line, "Option<char> = {name}"),
        ],
        then: Ask(ask::letter),
    },
    Row {
        code: "E0425",
        says: &[
            (Message, "cannot find value `{name}`"),
            (
                Note,
                "the binding `{name}` is available in a different scope",
            ),
        ],
        then: Say(
            "`{name}` belongs to the block, in braces, that defines it, and ends with it. Use `{name}` inside of that block, or define it in front of the block.",
        ),
    },
    Row {
        code: "E0425",
        says: &[(Message, "cannot find function `validate`")],
        then: Say(
            "`validate` is a method of the trainer: `trainer.validate(net, (validation, validation))?;`.",
        ),
    },
    Row {
        code: "E0425",
        says: &[(Message, "cannot find function `some`")],
        then: Say("Rust tells capital letters from small ones: an answer stands in `Some(…)`."),
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
        says: &[(Message, "`, found `:`")],
        then: Ask(ask::braces),
    },
    Row {
        code: "",
        says: &[
            (Message, "expected identifier, found `:`"),
            (Note, "you might have meant to introduce a new binding"),
        ],
        then: Say(
            "`let` is missing at the beginning of this line: a variable is defined with `let`.",
        ),
    },
    Row {
        code: "",
        says: &[(Message, "prefix `f` is unknown")],
        then: Say(
            "Rust prints with `println!(\"loss {loss}\");`: without an `f` in front of the text, and with a `!`.",
        ),
    },
    Row {
        code: "",
        says: &[(Message, "expected expression"), (Line, "%)")],
        then: Say("A percentage is written without its sign, and with a point: `70.0`."),
    },
    Row {
        code: "",
        says: &[(Message, "expected expression"), (Line, "%;")],
        then: Say("A percentage is written without its sign, and with a point: `70.0`."),
    },
    Row {
        code: "E0061",
        says: &[
            (Message, "this enum variant takes"),
            (Line, "Some({whole},{part})"),
        ],
        then: Say("A decimal number has a point in Rust, not a comma: `Some({whole}.{part})`."),
    },
    Row {
        code: "E0061",
        says: &[
            (Message, "this enum variant takes"),
            (Line, "Some({whole}, {part})"),
        ],
        then: Say("A decimal number has a point in Rust, not a comma: `Some({whole}.{part})`."),
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
        says: &[(Message, "`Vec<usize>: NdIndex<")],
        then: Say("Several rows of an array: `a.select(Axis(0), &{here})`."),
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
            "Rust has no `**` for powers. A number: `x.powf(0.5)`. Each number of an array: `a.mapv(|x| x.powf(0.5))`.",
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
        then: Ask(ask::function),
    },
    Row {
        code: "E0308",
        says: &[(
            Label,
            "expected an array with a size of {expected}, found one with a size of {found}",
        )],
        then: Ask(ask::axes),
    },
    Row {
        code: "E0308",
        says: &[(Label, "expected `{expected}`, found integer")],
        then: Ask(ask::decimal),
    },
    Row {
        code: "E0308",
        says: &[(Label, "expected `{expected}`, found floating-point number")],
        then: Ask(ask::whole),
    },
    Row {
        code: "E0308",
        says: &[(Label, "expected floating-point number, found integer")],
        then: Ask(ask::decimal_too),
    },
    Row {
        code: "E0308",
        says: &[(Label, "expected `Option<{inside}>`, found")],
        then: Ask(ask::answer),
    },
    Row {
        code: "E0308",
        says: &[(Label, "expected `(&dyn Matrix, &dyn Matrix)`, found")],
        then: Say(
            "Two arrays in brackets are expected here, the inputs and the targets. For an autoencoder they are the same: `({here}, {here})`.",
        ),
    },
    Row {
        code: "E0308",
        says: &[(Label, "types differ in mutability")],
        then: Ask(ask::changeable),
    },
    Row {
        code: "E0308",
        says: &[(Label, "expected `{expected}`, found `{found}`")],
        then: Ask(ask::mismatch),
    },
    Row {
        code: "E0277",
        says: &[(
            Message,
            "a matrix of f32, got `ArrayBase<OwnedRepr<integer>",
        )],
        then: Say("Its numbers are whole ones. Write them with a point: `3.0` in place of `3`."),
    },
    Row {
        code: "E0277",
        says: &[(Message, "a matrix of f32, got `[[")],
        then: Say(
            "`array!` is missing in front of the brackets: `array![[1.0, 2.0], [3.0, 4.0]]`.",
        ),
    },
    Row {
        code: "E0277",
        says: &[
            (Message, "a matrix of f32, got `ArrayBase<OwnedRepr<"),
            (Message, "Dim<[usize; 1]>>`"),
        ],
        then: Say(
            "A matrix has square brackets around all of it, and around each row, even if there is only one: `array![[1.0, 2.0]]`.",
        ),
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
        then: Ask(ask::compared),
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
        then: Ask(ask::fields),
    },
    Row {
        code: "E0609",
        says: &[(Message, "no field `{name}` on type")],
        then: Ask(ask::fields),
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
        then: Ask(ask::calculated),
    },
    Row {
        code: "E0277 E0369",
        says: &[(Message, "cannot divide `{a}` by `{b}`")],
        then: Ask(ask::calculated),
    },
    Row {
        code: "E0277 E0369",
        says: &[(Message, "cannot add `{b}` to `{a}`")],
        then: Ask(ask::calculated),
    },
    Row {
        code: "E0277 E0369",
        says: &[(Message, "cannot subtract `{b}` from `{a}`")],
        then: Ask(ask::calculated),
    },
];
