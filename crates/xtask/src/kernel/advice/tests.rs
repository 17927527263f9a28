use super::*;

/// What rustc 1.95 said to cells that learners wrote. `rendered` and `explanation` are left out.
const RECORDED: &str = include_str!("recorded.jsonl");

/// Cells, and a part of the sentence for each.
const KNOWN: &[(&str, &str)] = &[
    ("e0275_dot", "A `&` is missing"),
    ("e0275_dot2", "A `&` is missing"),
    ("row_kept", "`image` refers to `a`"),
    ("slice_kept", "`part` refers to `a`"),
    ("2keepref", "`train` refers to `data.samples`"),
    ("2keepfn", "`.to_owned()` at the end"),
    ("amp", "one `&` too many"),
    ("sumrow", "write `+= &` in front"),
    ("2sumrow4", "write `+= &` in front"),
    ("sumrow2#2", "write `+= &` in front"),
    ("3subassign2#2", "`sum -= &data.row(0)`"),
    ("3addint", "with a point, as in `1.0`"),
    ("3addint2", "as in `2.0`, or `n as f32`"),
    ("moved", "`let y = known.clone();`"),
    ("moved_fn", "`eat(&known)`"),
    ("2movedloop", "`.push(big.clone())`"),
    ("2movedthis", "`big.clone()`"),
    ("3lent", "`data.samples.clone()`"),
    ("feature", "run the cell with `fn feature` first"),
    ("nolet", "`let r = …`"),
    ("2opt4", "`Some('b')`"),
    ("unknown", "Nothing is called `nothing_here` here"),
    ("unknown_fn", "run the cell further up that defines it"),
    ("unknown_type", "Nothing is called `NoType` here"),
    ("3undeclared#2", "Nothing is called `Pcaa` here"),
    ("4partial", "`data.labels.clone()`"),
    ("pyfor", "`0..3`"),
    ("2len#2", "`v.len()`"),
    ("elif", "`else if`"),
    ("strq", "double quotation marks"),
    ("idx", "`a[[0, 1]]`"),
    ("paren", "A bracket is missing"),
    ("2brace", "A bracket is missing"),
    ("3index", "`i as usize`"),
    ("vecidx", "`i as usize`"),
    ("idx2", "`a[[0, 1]]`"),
    ("2import", "no `import`"),
    ("2def", "`fn f(x: f32) -> f32 { … }`"),
    ("2comment", "`//`"),
    ("power", "`x.powi(2)`"),
    ("3half", "`x.powf(0.5)`"),
    ("2xor", "`x.powi(2)`"),
    ("2pow", "`x.powi(2)`"),
    ("semi", "A `;` is missing"),
    ("semi2", "Remove that `;`"),
    ("return_missing", "its last line must be the value"),
    ("2elsemissing", "needs an `else`"),
    ("2assoc", "`Array2::zeros((3, 3))`"),
    ("sumtype", "`.sum::<f32>()`"),
    ("2collectm", "`let v: Vec<f32> = ….collect();`"),
    ("check_fn", "must be `&Array`, but yours is `Array`"),
    (
        "2fn64b",
        "must be `&Array<f32>`, but yours is `&Array<f64>`",
    ),
    ("2fnargsb", "1 argument is expected here; yours has 2"),
    (
        "2fnretb",
        "must return `Array2`, but yours returns `Array1`",
    ),
    (
        "2fnrefb",
        "Argument 1 must be `&Dataset`, but yours is `Dataset`",
    ),
    (
        "codes",
        "An array with 2 axes (`Array2`) is expected here, but this one has 1 axis",
    ),
    ("intfloat2", "with a point: `2.0`"),
    ("deref_sum", "with a point: `0.0`"),
    ("f_compare", "`**x`"),
    ("2conf3", "without a point"),
    ("2opt", "`Some(5.0)`"),
    ("2opt3", "single quotation marks"),
    ("floats", "Write `g as f64`"),
    ("floats2", "Write `h as f32`"),
    ("3number", "Write `count as f32`"),
    ("lend", "Lend it: `&a`"),
    ("lend2", "Give a copy: `a.clone()`"),
    ("2retref", "`points.row(0).to_owned()`"),
    ("2retref2", "`points.clone()`"),
    ("3refnumber", "`*x.iter().next().unwrap()`"),
    ("3array64", "`&big.mapv(|x| x as f32)`"),
    ("3option", "`points.mean_axis(Axis(0)).unwrap()`"),
    ("3result", "`Pca::fit(x, 2)?`"),
    ("3option2", "`a.mean_axis(Axis(0)).unwrap()`"),
    ("2cmp2", "write `0.0` in place of `0`"),
    ("2cmp", "`*x > 0.0`"),
    ("question", "write `.unwrap()` in place of `?`"),
    ("forgot_q", "with `?` at the end of that call"),
    ("3option3", "`.unwrap()`, then `.sum`"),
    ("maxarr", "`a.mapv(|x| x.max(0.0))`"),
    ("3min", "`a.mapv(|x| x.min(1.0))`"),
    ("2conf", "`learning_rate`"),
    ("3field", "`learning_rate`"),
    ("2conf2", "`..Default::default()`"),
    ("intfloat", "with a point, as in `2.0`"),
    ("usizediv", "`n as f32`"),
    ("floats#2", "two kinds of number"),
    ("minusminus", "with a point, as in `2.0`"),
    ("2rowsub", "An array on the right of `-` has to be lent"),
    ("2rowsub4", "A view on the left of `-` has to be lent"),
    ("3mixed", "arrays of two kinds of number, `f32` and `f64`"),
    ("fromint", "with a point, as in `1.0`"),
    ("6colon", "write `{` in place of the `:`"),
    ("6if", "write `{` in place of the `:`"),
    ("6colonlet", "`let` is missing"),
    ("6fstring", "`println!(\\\"loss {loss}\\\");`"),
    ("6percent", "without its sign"),
    ("6comma", "`Some(78.5)`"),
    ("6percent2", "without its sign"),
    ("6comma2", "`Some(78.5)`"),
    ("6text3", "write `Some(70.0)`"),
    ("6validate", "`trainer.validate("),
    ("6scope", "`loss` belongs to the block"),
    ("6some", "capital letters"),
    ("6letter", "`Some('b')`"),
    ("6text", "write `Some('c')`"),
    ("6text2", "`let my_answer = Some('a');`"),
    ("6char2", "write `Some(my_answer)`"),
    ("6whole", "write `Some(70.0)`"),
    ("6whole2", "`let my_guess = Some(5.0);`"),
    ("6rows", "`images.nrows()`"),
    ("6unit", "has to end with `?;`"),
    ("6pair", "`(validation, validation)`"),
    ("6select", "`a.select(Axis(0), &rows)`"),
    ("6mut", "write `net` alone"),
    ("6codesint", "`3.0` in place of `3`"),
    ("6codeslist", "`array!` is missing"),
    ("6codestuple", "around each row"),
    ("6codesrow", "around each row"),
    ("6codesmixed", "with a point, too: `2.0`"),
];

const UNKNOWN: &[&str] = &[
    "mut",
    "mut2",
    "args",
    "fmt",
    "lambda",
    "usizeneg",
    "stringy",
    "2keepref#2",
];

fn recorded(cell: &str) -> Value {
    let lines = RECORDED
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    let mut found = lines.filter(|line: &Value| line["cell"] == cell);
    let line = found.next();
    line.unwrap_or_else(|| panic!("{cell} is not recorded"))["message"].take()
}

#[test]
fn what_the_compiler_said_has_its_sentence() {
    for &(cell, part) in KNOWN {
        let mut message = recorded(cell);
        assert!(Advice::default().add_to(&mut message), "{cell}: nothing");
        let told = format!(
            "{} {}",
            message["message"], message["children"][0]["message"]
        );
        assert!(told.contains(part), "{cell}: {told}");
    }
}

#[test]
fn what_is_not_in_the_table_stays_as_it_is() {
    for cell in UNKNOWN {
        let mut message = recorded(cell);
        assert!(!Advice::default().add_to(&mut message), "{cell}");
        assert_eq!(message, recorded(cell));
    }
    let mut message = json!({ "unexpected": [1, 2] });
    assert!(!Advice::default().add_to(&mut message));
}

#[test]
fn every_row_of_the_table_has_been_seen() {
    let mut unseen: Vec<usize> = (0..TABLE.len()).collect();
    for &(cell, _) in KNOWN {
        let said = Said::of(&recorded(cell));
        let row = TABLE.iter().position(|row| row.sentence(&said).is_some());
        unseen.retain(|&number| Some(number) != row);
    }
    // This one asks for what an earlier cell did; `tests/test_compiler_errors.py` tries it.
    let needs_a_kernel = |row: &Row| row.code == "E0425" && matches!(row.then, Then::Ask(_));
    unseen.retain(|&number| !needs_a_kernel(&TABLE[number]));
    let unseen: Vec<_> = unseen.iter().map(|&number| TABLE[number].says).collect();
    assert!(unseen.is_empty(), "no recorded error belongs to {unseen:?}");
}

#[test]
fn one_mistake_with_several_errors_is_explained_once() {
    let mut advice = Advice::default();
    let told = ["sumrow", "sumrow#2", "sumrow#3", "sumrow#4"];
    assert_eq!(
        told.map(|cell| advice.add_to(&mut recorded(cell))),
        [true, false, false, false]
    );
}

#[test]
fn the_sentence_is_a_note_that_belongs_to_no_line_of_the_cell() {
    let mut message = recorded("2rowsub");
    Advice::default().add_to(&mut message);
    assert_eq!(message["code"]["code"], "E0277");
    assert_eq!(message["spans"], recorded("2rowsub")["spans"]);
    let note = &message["children"][0];
    assert_eq!(note["spans"][0]["file_name"], "latent");
    assert_eq!(note["level"], "help");
    // Its help leads to another error.
    assert!(!message.to_string().contains("consider dereferencing"));
}

#[test]
fn a_variable_that_a_cell_gives_away_is_noticed() {
    let moved = gone(&Said::of(&recorded("2usemoved"))).unwrap();
    assert_eq!(
        (&*moved.name, &*moved.what, &*moved.line),
        ("data", "data.labels", "let y = data.labels;")
    );
    assert_eq!(gone(&Said::of(&recorded("moved"))), None);
}
