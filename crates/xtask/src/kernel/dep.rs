//! `:dep` in the middle of a session: said before the cell runs, what it may cost.
//!
//! evcxr builds the crate and keeps the variables, if Rust still takes their types for the same. They
//! are others as soon as the new crate asks for more of a crate that the library of the course uses
//! too (a feature of ndarray, say): then the library is built again, and models, data sets and
//! arrays are gone.

/// What to say before such a cell, if variables may be lost.
pub fn warning(code: &str) -> Option<String> {
    let crates: Vec<&str> = code
        .lines()
        .filter_map(|line| line.trim().strip_prefix(":dep "))
        .filter_map(|named| named.split(['=', ' ']).find(|word| !word.is_empty()))
        .filter(|&name| name != "latent")
        .collect();
    if crates.is_empty() {
        return None;
    }
    Some(format!(
        "`:dep {}` needs an internet connection and may take a minute. If this crate changes one that the course's library uses, models, data sets and arrays of earlier cells are lost, and their names are listed below. It is safer to restart the kernel and to write all `:dep` lines into the first cell. Models can be saved before: `net.save(\"net.safetensors\")?`.\n",
        crates.join("`, `:dep ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_crate_is_named_and_the_course_itself_is_not() {
        let said = warning("use x;\n :dep rand_distr = \"0.4\"\n:dep csv\nlet a = 1;").unwrap();
        assert!(said.starts_with("`:dep rand_distr`, `:dep csv`"), "{said}");
        for code in [
            ":dep latent = { path = \"../crates/latent\" }",
            ":dep latent={path=\"x\"}",
            "// no :dep csv",
            "",
        ] {
            assert_eq!(warning(code), None);
        }
    }
}
