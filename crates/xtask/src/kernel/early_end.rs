//! A `?` that ends a cell is an error of that cell.
//!
//! evcxr prints the error on stderr, where it may come after the end of the cell, says that the cell
//! went well, and drops what the cell had defined without a word. The code that it generates for the
//! `?` passes by the launcher on its way to rustc. There one line is changed, so that the error goes
//! into the file `signs/failed`; the launcher makes an error message of it when the cell is over.

use std::path::Path;

/// Where the generated code begins that a `?` calls.
const BEGINS: &str = "From<T> for EvcxrUserCodeError {";
const PRINTS: &str = "eprintln!(";

/// The changed source of a cell. The same number of lines, since evcxr finds the learner's code by
/// them. `None` for what does not look as expected: then the error is printed on stderr, as evcxr does.
pub fn changed(code: &str) -> Option<String> {
    let begin = code.find(BEGINS)?;
    let start = begin + code[begin..].find(PRINTS)?;
    let line = code[start..].lines().next()?;
    // `eprintln!("{}", error);`, or another format.
    let arguments = line.strip_prefix(PRINTS)?.strip_suffix(");")?;
    let written = format!(
        "{{ let told = format!({arguments}); if !std::env::var_os(\"{}\").is_some_and(|signs| std::fs::write(std::path::Path::new(&signs).join(\"failed\"), &told).is_ok()) {{ eprintln!(\"{{told}}\"); }} }}",
        super::signs::VARIABLE
    );
    Some([&code[..start], &written, &code[start + line.len()..]].concat())
}

/// What the notebook says of it, a line or a paragraph each.
pub fn message(error: &str, network: Option<&Path>) -> Vec<String> {
    let mut lines = vec![
        error.trim_end().to_owned(),
        "The cell ended at this error. What it defines with `let` is missing, even if an earlier cell had defined the same name. What it gives away (moves) is missing, too. All other variables are kept. Fix the cell and run it again.".to_owned(),
    ];
    if let Some(path) = network {
        lines.push(format!(
            "The network with its best weights so far is in a file until the kernel ends. `load` reads it: {}",
            path.display()
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const GENERATED: &str = r#"
            struct EvcxrUserCodeError {}
            impl<T: std::fmt::Display> From<T> for EvcxrUserCodeError {
                fn from(error: T) -> Self {
                    eprintln!("{}", error);
                    println!("{}", evcxr_internal_runtime::USER_ERROR_OCCURRED);
                    EvcxrUserCodeError {}
                }
            }
        eprintln!("the learner's own");
"#;

    #[test]
    fn one_line_of_the_generated_code_is_changed_and_no_line_is_added() {
        let code = changed(GENERATED).unwrap();
        assert_eq!(code.lines().count(), GENERATED.lines().count());
        let other: Vec<_> = code
            .lines()
            .zip(GENERATED.lines())
            .filter(|(new, old)| new != old)
            .collect();
        assert_eq!(other.len(), 1);
        assert!(other[0].0.contains("format!(\"{}\", error)"), "{code}");
        assert_eq!(changed(&code), None, "not twice");
    }

    #[test]
    fn what_is_no_cell_stays_as_it_is() {
        for code in ["", "eprintln!(\"{}\", error);", BEGINS] {
            assert_eq!(changed(code), None);
        }
    }
}
