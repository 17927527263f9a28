//! How far a learner has come: a line for each step forward, in a file beside the notebooks.
//!
//! ```text
//! 02-pca <tab> centre <tab> tried
//! 02-pca <tab> centre <tab> passed
//! ```
//!
//! The file is plain text, so a teacher can read it; lines that are not understood are passed
//! over. It uses the standard library alone, since `cargo xtask progress` is built from it too.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

/// The name of the file beside the notebooks.
pub const FILE: &str = "progress.tsv";

/// All exercises of the course in their order: a lesson and an exercise a line.
const COURSE: &str = include_str!("course.tsv");

/// How far one exercise has come. Later is further.
///
/// ```
/// use latent::exercise::Stage;
/// assert!(Stage::Tried < Stage::Passed); // later is further
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Checked, and not right yet.
    Tried,
    /// A prediction that turned out otherwise. It is done: there is nothing to repair.
    Surprised,
    /// Right.
    Passed,
}

impl Stage {
    const ALL: [Self; 3] = [Self::Tried, Self::Surprised, Self::Passed];

    fn word(self) -> &'static str {
        match self {
            Self::Tried => "tried",
            Self::Surprised => "surprised",
            Self::Passed => "passed",
        }
    }
}

/// The stages that a file tells of.
///
/// ```
/// use latent::exercise::Progress;
/// let progress = Progress::read("a folder without a progress file/progress.tsv".as_ref())?;
/// assert_eq!(progress.together().0, 0); // nothing has been done yet
/// assert_eq!(progress.lessons()[0].lesson, "00-start-here");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    stages: BTreeMap<String, Stage>,
}

/// One lesson's part of the progress.
///
/// ```
/// use latent::exercise::{LessonProgress, Progress};
/// let lesson: LessonProgress = Progress::default().lessons().remove(0);
/// assert_eq!(lesson.done, 0);
/// assert_eq!(lesson.still_open(), ""); // names what is open only in a lesson that was begun
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonProgress {
    /// The lesson's file without its ending.
    pub lesson: &'static str,
    /// How many exercises it has.
    pub exercises: usize,
    /// How many of them are done.
    pub done: usize,
    /// Those that are not done.
    pub open: Vec<&'static str>,
}

impl LessonProgress {
    /// The names of what is not done, in a lesson that was begun.
    pub fn still_open(&self) -> String {
        if self.done > 0 {
            self.open.join(", ")
        } else {
            String::new()
        }
    }
}

impl Progress {
    /// Reads a progress file. No such file means that nothing has been done yet.
    ///
    /// # Errors
    /// The file is there and cannot be read, or is no text.
    pub fn read(file: &Path) -> io::Result<Self> {
        let text = match std::fs::read_to_string(file) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            other => other?,
        };
        let mut progress = Self::default();
        for line in text.lines() {
            let mut fields = line.split('\t').skip(1).map(str::trim);
            let (Some(exercise), Some(word)) = (fields.next(), fields.next()) else {
                continue;
            };
            if let Some(stage) = Stage::ALL.into_iter().find(|stage| stage.word() == word) {
                progress.reach(exercise, stage);
            }
        }
        Ok(progress)
    }

    /// Keeps the furthest stage; says whether this one is further than what was known.
    fn reach(&mut self, exercise: &str, stage: Stage) -> bool {
        let further = self.stages.get(exercise).is_none_or(|&known| known < stage);
        if further {
            self.stages.insert(exercise.to_owned(), stage);
        }
        further
    }

    /// The lessons in their order, with what is done in each.
    pub fn lessons(&self) -> Vec<LessonProgress> {
        let mut lessons: Vec<LessonProgress> = Vec::new();
        for (lesson, exercise) in course() {
            if lessons.last().is_none_or(|last| last.lesson != lesson) {
                lessons.push(LessonProgress {
                    lesson,
                    exercises: 0,
                    done: 0,
                    open: Vec::new(),
                });
            }
            let Some(last) = lessons.last_mut() else {
                continue;
            };
            last.exercises += 1;
            match self.stages.get(exercise) {
                Some(Stage::Passed | Stage::Surprised) => last.done += 1,
                Some(Stage::Tried) | None => last.open.push(exercise),
            }
        }
        lessons
    }

    /// How many exercises are done, and how many the course has.
    pub fn together(&self) -> (usize, usize) {
        self.lessons().iter().fold((0, 0), |(done, all), lesson| {
            (done + lesson.done, all + lesson.exercises)
        })
    }
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for lesson in self.lessons() {
            write!(
                f,
                "{:20} {:2} of {}",
                lesson.lesson, lesson.done, lesson.exercises
            )?;
            let open = lesson.still_open();
            if !open.is_empty() {
                write!(f, "   open: {open}")?;
            }
            writeln!(f)?;
        }
        let (done, all) = self.together();
        write!(f, "{:20} {done:2} of {all}", "together")
    }
}

/// Pairs of a lesson and an exercise.
fn course() -> impl Iterator<Item = (&'static str, &'static str)> {
    COURSE.lines().filter_map(|line| line.split_once('\t'))
}

/// Adds a line to `file` if `exercise` has come further than the file knows.
///
/// # Errors
/// The file cannot be read or written.
pub fn record(file: &Path, exercise: &str, stage: Stage) -> io::Result<()> {
    let Some((lesson, _)) = course().find(|(_, name)| *name == exercise) else {
        return Ok(());
    };
    if !Progress::read(file)?.reach(exercise, stage) {
        return Ok(());
    }
    // Somebody may have edited the file, and ended it without a line end.
    let ends_a_line =
        std::fs::read(file).map_or(true, |bytes| bytes.is_empty() || bytes.ends_with(b"\n"));
    let before = if ends_a_line { "" } else { "\n" };
    let line = format!("{before}{lesson}\t{exercise}\t{}\n", stage.word());
    // One write at the end of the file, so that two lessons at once lose nothing of each other's.
    let mut file = OpenOptions::new().append(true).create(true).open(file)?;
    file.write_all(line.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// A place for a progress file of a test's own.
    fn place(test: &str) -> PathBuf {
        let name = format!("latent-progress-{test}-{}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        drop(std::fs::remove_dir_all(&folder));
        std::fs::create_dir_all(&folder).unwrap();
        folder.join(FILE)
    }

    #[test]
    fn the_furthest_stage_is_kept_and_written_once() {
        let file = place("once");
        assert_eq!(Progress::read(&file).unwrap(), Progress::default());
        for stage in [Stage::Tried, Stage::Tried, Stage::Passed, Stage::Tried] {
            record(&file, "centre", stage).unwrap();
        }
        record(&file, "seven halves", Stage::Surprised).unwrap();
        record(&file, "no exercise of the course", Stage::Passed).unwrap();
        assert_eq!(
            std::fs::read_to_string(&file).unwrap(),
            "02-pca\tcentre\ttried\n02-pca\tcentre\tpassed\n00-start-here\tseven halves\tsurprised\n"
        );
        let lessons = Progress::read(&file).unwrap().lessons();
        assert_eq!((lessons[0].done, lessons[0].exercises), (1, 3));
        assert_eq!(lessons[0].open, ["firing rate", "mean response"]);
        assert_eq!(lessons[2].done, 1);
    }

    #[test]
    fn what_is_not_understood_is_passed_over() {
        let file = place("foreign");
        std::fs::write(
            &file,
            "seen by the teacher\n\na\tcentre\tpassed\nb\tx\tperhaps\n",
        )
        .unwrap();
        let progress = Progress::read(&file).unwrap();
        assert_eq!(progress.together().0, 1);
        let text = progress.to_string();
        assert!(text.contains("open: covariance"), "{text}");
    }

    #[test]
    fn a_file_that_is_no_text_is_an_error() {
        let file = place("binary");
        std::fs::write(&file, [0xff, 0xfe, 0x00]).unwrap();
        assert!(Progress::read(&file).is_err());
        assert!(record(&file, "centre", Stage::Passed).is_err());
    }

    #[test]
    fn a_file_edited_by_hand_loses_no_line() {
        let file = place("edited");
        for (edited, done) in [
            ("02-pca\tcentre\tpassed", 2),
            ("02-pca\tcentre\tpassed\r\n", 2),
            ("\u{feff}02-pca\tcentre\tpassed\n\n\n", 2),
            ("02-pca  centre  passed", 1),
            ("", 1),
        ] {
            std::fs::write(&file, edited).unwrap();
            record(&file, "seven halves", Stage::Surprised).unwrap();
            let text = std::fs::read_to_string(&file).unwrap();
            assert!(text.starts_with(edited), "{text}");
            assert_eq!(Progress::read(&file).unwrap().together().0, done, "{text}");
        }
    }

    #[test]
    fn two_lessons_at_once_lose_nothing_of_each_others() {
        let file = place("two");
        let names = || course().map(|(_, exercise)| exercise).take(40);
        std::thread::scope(|scope| {
            for part in 0..2 {
                let file = &file;
                scope.spawn(move || {
                    for exercise in names().skip(part).step_by(2) {
                        record(file, exercise, Stage::Passed).unwrap();
                    }
                });
            }
        });
        assert_eq!(Progress::read(&file).unwrap().together().0, 40);
    }

    #[test]
    fn no_two_exercises_share_a_name() {
        let mut names: Vec<&str> = course().map(|(_, exercise)| exercise).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
