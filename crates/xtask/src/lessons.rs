//! The lessons of a learner who may only read the course: copies in the learner's home, in which the
//! path of the library is written in full.

use crate::project::Project;
use anyhow::{Context, Result};
use std::fs;
use std::path::Path;

/// Brings what is not there yet. What the learner has worked on is never touched.
pub fn bring(project: &Project) -> Result<()> {
    let folder = project.notebooks();
    if folder == project.lessons() {
        return Ok(());
    }
    let crates = project.root.join("crates");
    let brought = copy(&project.lessons(), &folder, &crates)?
        + copy(
            &project.lessons().join("solutions"),
            &folder.join("solutions"),
            &crates,
        )?;
    println!(
        "Your own copies of the lessons are in {}{}.",
        folder.display(),
        if brought > 0 { " (new)" } else { "" }
    );
    Ok(())
}

/// Notebooks and the kernel's settings, without the folders below. Returns how many are new.
fn copy(from: &Path, to: &Path, crates: &Path) -> Result<usize> {
    fs::create_dir_all(to).with_context(|| format!("could not make {}", to.display()))?;
    let mut brought = 0;
    for entry in fs::read_dir(from)? {
        let (file, copy) = {
            let entry = entry?;
            (entry.path(), to.join(entry.file_name()))
        };
        let ending = file.extension().and_then(|ending| ending.to_str());
        if !matches!(ending, Some("ipynb" | "toml")) || copy.exists() {
            continue;
        }
        let text = fs::read_to_string(&file)
            .with_context(|| format!("could not read {}", file.display()))?;
        fs::write(&copy, with_path_in_full(&text, crates)?)
            .with_context(|| format!("could not write {}", copy.display()))?;
        brought += 1;
    }
    Ok(brought)
}

/// `:dep latent = { path = "../crates/latent" }` in a notebook, which is JSON.
fn with_path_in_full(notebook: &str, crates: &Path) -> Result<String> {
    let quoted = |text: &str| serde_json::to_string(text);
    let inside = |text: &str| text[1..text.len() - 1].to_owned();
    // Once for the TOML of the line, and once for the JSON of the file.
    let toml = inside(&quoted(&crates.display().to_string())?);
    let json = inside(&quoted(&format!("path = \"{toml}/latent\""))?);
    Ok(["../crates", "../../crates"]
        .iter()
        .fold(notebook.to_owned(), |text, crates| {
            text.replace(&format!("path = \\\"{crates}/latent\\\""), &json)
        }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_names_the_library_in_full_and_is_never_written_over() {
        let folder = std::env::temp_dir().join(format!("latent-lessons-{}", std::process::id()));
        let (from, to) = (folder.join("from"), folder.join("to"));
        fs::create_dir_all(&from).unwrap();
        let line = r#":dep latent = { path = "../crates/latent" }"#;
        let notebook = serde_json::json!({ "source": [line] }).to_string();
        fs::write(from.join("02-pca.ipynb"), &notebook).unwrap();
        fs::write(from.join("progress.tsv"), "the teacher's").unwrap();
        let crates = Path::new("/srv/a \"b\"/crates");
        assert_eq!(copy(&from, &to, crates).unwrap(), 1);
        let text = fs::read_to_string(to.join("02-pca.ipynb")).unwrap();
        let copied: serde_json::Value = serde_json::from_str(&text).unwrap();
        let full = r#":dep latent = { path = "/srv/a \"b\"/crates/latent" }"#;
        assert_eq!(copied["source"][0], full);
        assert!(!to.join("progress.tsv").exists());
        fs::write(to.join("02-pca.ipynb"), "mine").unwrap();
        assert_eq!(copy(&from, &to, crates).unwrap(), 0);
        assert_eq!(fs::read_to_string(to.join("02-pca.ipynb")).unwrap(), "mine");
        fs::remove_dir_all(folder).unwrap();
    }
}
