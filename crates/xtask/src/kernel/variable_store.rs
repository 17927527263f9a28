pub const VARIABLE_CHANGED_TYPE: &str = "EVCXR_VARIABLE_CHANGED_TYPE:";
pub const USER_ERROR_OCCURRED: &str = "EVCXR_ERROR_OCCURRED";
type Value = Box<dyn std::any::Any>;
pub struct VariableStore {
    variables: Vec<(String, Value)>,
}
impl VariableStore {
    pub fn put_variable<T: 'static>(&mut self, name: &str, value: T) {
        self.put(name, Box::new(value));
    }
    pub fn check_variable<T: 'static>(&mut self, name: &str) -> bool {
        self.check(name, std::any::TypeId::of::<T>())
    }
    pub fn take_variable<T: 'static>(&mut self, name: &str) -> T {
        match self.take(name).downcast() {
            Ok(value) => *value,
            Err(_) => panic!("Variable changed type"),
        }
    }
    #[inline(never)]
    fn put(&mut self, name: &str, value: Value) {
        match self.variables.iter_mut().find(|(of, _)| of == name) {
            Some((_, old)) => *old = value,
            None => self.variables.push((name.to_owned(), value)),
        }
    }
    #[inline(never)]
    fn check(&self, name: &str, expected: std::any::TypeId) -> bool {
        let found = self.variables.iter().find(|(of, _)| of == name);
        let same = found.is_none_or(|(_, value)| (**value).type_id() == expected);
        if !same {
            eprintln!("The type of the variable {name} was redefined, so was lost.");
            println!("{VARIABLE_CHANGED_TYPE}{name}");
        }
        same
    }
    #[inline(never)]
    fn take(&mut self, name: &str) -> Value {
        match self.variables.iter().position(|(of, _)| of == name) {
            Some(place) => self.variables.swap_remove(place).1,
            None => panic!("Variable '{name}' has gone missing"),
        }
    }
    pub fn lazy_arc<T: 'static, F: FnOnce() -> T>(
        &mut self,
        name: &str,
        create: F,
    ) -> std::sync::Arc<T> {
        if self.variables.iter().all(|(of, _)| of != name) {
            self.put(name, Box::new(std::sync::Arc::new(create())));
        }
        let arc = self.take_variable::<std::sync::Arc<T>>(name);
        self.put_variable(name, std::sync::Arc::clone(&arc));
        arc
    }
}
pub fn create_variable_store() -> *mut VariableStore {
    Box::into_raw(Box::new(VariableStore {
        variables: Vec::new(),
    }))
}
