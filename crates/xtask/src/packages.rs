//! The one list of Python packages: the `pip:` part of `environment.yml`.

use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;

/// The requirements, such as `jupyterlab==4.6.6`, in the order of the file.
pub fn read(environment: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(environment)
        .with_context(|| format!("could not read {}", environment.display()))?;
    let requirements = of_pip_section(&text);
    if requirements.is_empty() {
        bail!("{} has no `- pip:` list of packages", environment.display());
    }
    if let Some(loose) = requirements.iter().find(|line| !line.contains("==")) {
        bail!(
            "{}: `{loose}` names no version; write `package==1.2.3`",
            environment.display()
        );
    }
    Ok(requirements)
}

/// The file is read line by line: it is ours, and of all YAML it uses lists alone.
fn of_pip_section(text: &str) -> Vec<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text
        .lines()
        .map(|line| line.split(" #").next().unwrap_or_default().trim_end())
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .skip_while(|line| line.trim() != "- pip:");
    let Some(heading) = lines.next() else {
        return Vec::new();
    };
    lines
        .take_while(|line| indent(line) > indent(heading))
        .filter_map(|line| line.trim().strip_prefix("- "))
        .map(|requirement| requirement.trim().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pip_section_is_read_and_nothing_else() {
        let text = "name: x\ndependencies:\n  - python>=3.10\n  - pip:\n      # comment\n      - a==1 # why\n      - b-c==2.0\n  - rust\n";
        assert_eq!(of_pip_section(text), ["a==1", "b-c==2.0"]);
        assert!(of_pip_section("dependencies:\n  - pip\n").is_empty());
    }

    #[test]
    fn the_list_of_the_course_names_every_version() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let packages = read(&root.join("environment.yml")).unwrap();
        assert!(
            packages
                .iter()
                .any(|package| package.starts_with("jupyterlab=="))
        );
    }
}
