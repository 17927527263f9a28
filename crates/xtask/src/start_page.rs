//! The page that JupyterLab opens with: the paths, the lessons with their minutes, and what is done.
//!
//! It is made from the notebooks and the progress file each time JupyterLab is opened.

use crate::progress;
use crate::project::Project;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Its name in the folder of the lessons. Not in git.
pub const FILE: &str = "start.md";

/// What the page says of a notebook.
struct Entry {
    /// The file's name without its ending.
    name: String,
    title: String,
    minutes: Option<u32>,
    /// Whether the lecture says nothing of it.
    beyond_the_lecture: bool,
}

/// Writes the page.
pub fn write(project: &Project) -> Result<()> {
    let path = project.notebooks().join(FILE);
    fs::write(&path, page(project)?).with_context(|| format!("could not write {}", path.display()))
}

fn page(project: &Project) -> Result<String> {
    let entries = entries(&project.notebooks())?;
    let progress = progress::of(project)?;
    let (done, all) = progress.together();
    let is_lesson = |entry: &&Entry| entry.name.starts_with(|first: char| first.is_ascii_digit());
    let (lessons, mut paths): (Vec<_>, Vec<_>) = entries.iter().partition(is_lesson);
    paths.sort_by_key(|path| path.minutes);
    let minutes = |entry: &Entry| entry.minutes.map(|m| m.to_string()).unwrap_or_default();
    let mut page = String::from("# Autoencoders\n\nHow much time do you have?\n\n");
    page.push_str("| path | minutes |\n| --- | --- |\n");
    for path in &paths {
        page.push_str(&format!(
            "| [{}]({}.ipynb) | {} |\n",
            path.title,
            path.name,
            minutes(path)
        ));
    }
    let together: u32 = lessons.iter().filter_map(|lesson| lesson.minutes).sum();
    page.push_str(&format!("| all lessons, below | {together} |\n\n"));
    page.push_str(
        "If you have never used a notebook or never seen Rust, begin with lesson 00.\n\n",
    );
    page.push_str("| lesson | minutes | exercises done |\n| --- | --- | --- |\n");
    for lesson in &lessons {
        let beyond = if lesson.beyond_the_lecture {
            ", beyond the lecture"
        } else {
            ""
        };
        let mine = progress
            .lessons()
            .into_iter()
            .find(|part| part.lesson == lesson.name);
        let exercises = mine
            .map(|part| format!("{} of {}", part.done, part.exercises))
            .unwrap_or_default();
        let number = lesson.name.split('-').next().unwrap_or_default();
        page.push_str(&format!(
            "| [{number} {}]({}.ipynb){beyond} | {} | {exercises} |\n",
            lesson.title,
            lesson.name,
            minutes(lesson)
        ));
    }
    page.push_str(&format!(
        "\nExercises done when JupyterLab was opened: **{done} of {all}**. In a notebook, `exercise::progress()?` shows them at any time.\n\n"
    ));
    page.push_str("Open a notebook with a click. Run a cell with Shift-Enter. Solved copies are in the folder [solutions](solutions).\n");
    Ok(page)
}

fn entries(folder: &Path) -> Result<Vec<Entry>> {
    let mut files: Vec<_> = fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "ipynb"))
        .collect();
    files.sort();
    // A notebook that a learner made or damaged is no reason not to open JupyterLab.
    Ok(files.iter().filter_map(|file| entry(file)).collect())
}

fn entry(file: &Path) -> Option<Entry> {
    let notebook: Value = serde_json::from_str(&fs::read_to_string(file).ok()?).ok()?;
    let text: Vec<&str> = notebook["cells"]
        .as_array()?
        .iter()
        .filter(|cell| cell["cell_type"] == "markdown")
        .flat_map(|cell| cell["source"].as_array().into_iter().flatten())
        .filter_map(Value::as_str)
        .map(str::trim_end)
        .collect();
    let title = text.iter().find_map(|line| line.strip_prefix("# "))?;
    let minutes = text
        .iter()
        .find(|line| line.starts_with("| **together** |"))
        .and_then(|line| line.split("**").filter_map(|word| word.parse().ok()).next());
    Some(Entry {
        name: file.file_stem()?.to_str()?.to_owned(),
        title: title.to_owned(),
        minutes,
        beyond_the_lecture: text
            .iter()
            .any(|line| line.contains("This lesson goes beyond the lecture")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_lists_lessons_and_paths_with_their_minutes() {
        let root = std::env::temp_dir().join(format!("latent-start-{}", std::process::id()));
        let project = Project::at(root.clone(), root.join(".lab"));
        let folder = project.notebooks();
        fs::create_dir_all(&folder).unwrap();
        let notebook = |title: &str, minutes: u32| {
            let beyond = if title == "Noise" {
                "This lesson goes beyond the lecture.\n"
            } else {
                ""
            };
            let text = [
                format!("# {title}\n"),
                beyond.to_owned(),
                format!("| **together** | | **{minutes}** | |\n"),
            ];
            serde_json::json!({ "cells": [{ "cell_type": "markdown", "source": text }] })
        };
        for (name, title, minutes) in [
            ("02-pca", "PCA", 70),
            ("00-start-here", "Start here", 25),
            ("10-noise", "Noise", 90),
            ("short", "In short", 90),
        ] {
            let text = notebook(title, minutes).to_string();
            fs::write(folder.join(format!("{name}.ipynb")), text).unwrap();
        }
        fs::write(folder.join("mine.ipynb"), "not a notebook").unwrap();
        fs::write(
            folder.join("progress.tsv"),
            "00-start-here\tfiring rate\tpassed\n",
        )
        .unwrap();
        write(&project).unwrap();
        let page = fs::read_to_string(folder.join(FILE)).unwrap();
        fs::remove_dir_all(root).unwrap();
        assert!(
            page.contains("| [In short](short.ipynb) | 90 |\n| all lessons, below | 185 |"),
            "{page}"
        );
        assert!(
            page.contains("| [00 Start here](00-start-here.ipynb) | 25 | 1 of 3 |"),
            "{page}"
        );
        assert!(
            page.contains("| [10 Noise](10-noise.ipynb), beyond the lecture | 90 |"),
            "{page}"
        );
        assert!(page.find("[00 Start").unwrap() < page.find("[02 PCA").unwrap());
        assert!(!page.contains("mine"));
        assert!(page.contains("**1 of "), "{page}");
    }
}
