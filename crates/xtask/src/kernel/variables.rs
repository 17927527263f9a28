//! Where variables stay between cells. evcxr puts a hash map with its functions into the code of each
//! cell, and there they are compiled anew: for a cell of one line, a third of all that is compiled. The
//! launcher puts a list in its place (`variable_store.rs`), which does the same for the few variables
//! of a lesson and is compiled in a fraction of the time.
//!
//! All cells of a kernel must agree on what a variable store is. They do, since evcxr writes the same
//! text into each of them.

/// The module of the generated code, and what follows it.
const BEGINS: &str = "mod evcxr_internal_runtime {\n";
const ENDS: &str = "\n}\n#[unsafe(no_mangle)]";

/// What the module must offer, and nothing else may use.
const OFFERS: [&str; 7] = [
    "pub fn new() -> VariableStore",
    "pub fn put_variable<T: 'static>(&mut self, name: &str, value: T)",
    "pub fn check_variable<T: 'static>(&mut self, name: &str) -> bool",
    "pub fn take_variable<T: 'static>(&mut self, name: &str) -> T",
    "pub fn lazy_arc<",
    "pub fn merge(&mut self, mut other: VariableStore)",
    "pub fn create_variable_store() -> *mut VariableStore",
];

const STORE: &str = include_str!("variable_store.rs");

/// The changed source of a cell, with the same number of lines, since evcxr finds the learner's code
/// by them. `None` if the cell has no such module, or one of another form.
pub fn changed(code: &str) -> Option<String> {
    let start = code.find(BEGINS)? + BEGINS.len();
    let end = start + code[start..].find(ENDS)?;
    let module = &code[start..end];
    let known = module.matches("pub fn ").count() == OFFERS.len()
        && OFFERS.iter().all(|offer| module.contains(offer));
    let left = module.lines().count().checked_sub(STORE.lines().count())?;
    known.then(|| [&code[..start], STORE, &"\n".repeat(left), &code[end + 1..]].concat())
}

/// The list itself, to be tried.
#[cfg(test)]
#[path = "variable_store.rs"]
mod store;

#[cfg(test)]
mod tests {
    use super::*;

    /// A cell as evcxr 0.22 generates it.
    const GENERATED: &str = include_str!("recorded_cell.txt");

    #[test]
    fn the_module_is_changed_and_each_line_of_the_cell_stays_where_it_was() {
        let code = changed(GENERATED).unwrap();
        assert!(code.contains(STORE));
        assert!(!code.contains("HashMap"));
        assert_eq!(code.lines().count(), GENERATED.lines().count());
        let place = |text: &str| text.lines().position(|line| line.starts_with("pub extern"));
        assert!(place(&code).is_some());
        assert_eq!(place(&code), place(GENERATED));
        assert_eq!(changed(&code), None, "not twice");
    }

    #[test]
    fn a_module_of_another_form_stays_as_it_is() {
        for (from, to) in [
            ("pub fn merge", "pub fn mix"),
            (
                "impl VariableStore {",
                "impl VariableStore {\n    pub fn more() {}",
            ),
            ("mod evcxr_internal_runtime {", "mod another {"),
        ] {
            assert_eq!(changed(&GENERATED.replacen(from, to, 1)), None, "{to}");
        }
        assert_eq!(changed("pub fn f() {}"), None);
    }

    #[test]
    fn the_list_keeps_a_variable_until_it_is_taken() {
        // SAFETY: the pointer comes from a box, and nothing else has it.
        let mut variables = unsafe { Box::from_raw(store::create_variable_store()) };
        variables.put_variable("a", 1_i32);
        variables.put_variable("b", "text".to_owned());
        variables.put_variable("a", 2_i32);
        assert!(variables.check_variable::<i32>("a"));
        assert!(!variables.check_variable::<u8>("a"));
        assert!(variables.check_variable::<u8>("not there"));
        assert_eq!(variables.take_variable::<i32>("a"), 2);
        assert_eq!(variables.take_variable::<String>("b"), "text");
        let first = variables.lazy_arc("c", || 3_u8);
        let second = variables.lazy_arc("c", || 4_u8);
        assert_eq!((*first, *second), (3, 3));
        assert_eq!(store::USER_ERROR_OCCURRED, "EVCXR_ERROR_OCCURRED");
    }
}
