"""A path through the course: one notebook made of sections of lessons.

    <!-- minutes: 5 -->                                    below a heading: a section of the path's own
    <!-- section: 02-pca, The direction of most variance -->      a section of a lesson;
                                                              text below it introduces the section
    <!-- table -->                                         all sections of the path with their minutes

A section brings along what it needs from sections that are left out: the cells that define or
change the names it uses, and what those need in turn, as far as the path does not have them yet.
An exercise that is left out comes along solved. Exercises are numbered anew, and where the text
names a section or an exercise that the path has, it names it by its number in the path.
"""

import hashlib
import re
from dataclasses import dataclass, field

from nbformat.v4 import new_code_cell, new_markdown_cell

SECTION = re.compile(r"^<!-- section: (\S+), (.+) -->$", re.MULTILINE)
MINUTES = re.compile(r"^<!-- minutes: (\d+) -->\n*", re.MULTILINE)
TABLE = "<!-- table -->"
HEADING = re.compile(r"## (?:(\d+)\. )?(.+)")
EXERCISE = re.compile(r"^### Exercise (\d+[a-z]?)(?=:)", re.MULTILINE)
PLACE = re.compile(r"\b(section|exercise) (\d+[a-z]?) of lesson (\d\d)\b", re.IGNORECASE)
NEEDED = (
    "*The next cells make what this section needs from parts that are left out. "
    "You need not read them: run them, and go on below.*"
)

# What the first cell of every notebook does, the path's own included.
START = re.compile(r"^(:dep latent\b.*|use latent::prelude::\*;|notebook::start\(\)\?;)\n?", re.MULTILINE)
LAST_BLOCK = re.compile(r"^(?:for|if|match|while|loop)\b.*\{\n(?:[ ].*\n|\n)*\}\Z", re.MULTILINE)
# A figure at the end of a cell that is only there for its values.
LAST_FIGURE = re.compile(r"(?:\A|(?<=\n))figure::[^;]*\Z")

DEFINITIONS = [
    re.compile(r"^let (?:mut )?(\w+)", re.MULTILINE),
    re.compile(r"^(?:fn|struct|enum|const|static|type|trait) (\w+)", re.MULTILINE),
]
PATTERN = re.compile(r"^let \(([^)]*)\)", re.MULTILINE)
USE = re.compile(r"^use (?!latent::prelude::\*)[\w:]*?(\w+|\{[^}]*\});", re.MULTILINE)
CHANGES = [
    re.compile(r"\b(\w+)\.(?:fit|fit_pairs|run|step|epoch)\("),
    re.compile(r"&mut (\w+)"),
    re.compile(r"^\s*(\w+)(?:\.\w+|\[[^\]]*\])*\s*[-+*/]?=\s", re.MULTILINE),
    re.compile(r"^impl(?: \w+ for)? (\w+)", re.MULTILINE),
]
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')
# A whole function, type or implementation, and names that are bound within statements.
ITEM = re.compile(r"^(?:struct \w+;|(?:fn|struct|enum|impl|trait)\b(?:[^\n]*\}$|(?s:.*?)^\}))", re.MULTILINE)
BOUND = re.compile(r"\|([^|\n]*)\||\bfor (.+?) in\b|^[ ]+let (?:mut )?(\w+|\([^)]*\))", re.MULTILINE)
# Marks a name that can only be a function or a type.
NO_VARIABLE = "fn "
NAME = re.compile(r"(?:(?<![.:\w])|(?<=\.\.))[A-Za-z_]\w*\b(?!::)")


class PathError(Exception):
    """A path that names what is not there."""


def defined(code):
    names = {name for pattern in DEFINITIONS for name in pattern.findall(code)}
    for group in [*PATTERN.findall(code), *USE.findall(code)]:
        names |= set(re.findall(r"\w+", group)) - {"mut"}
    return names


def items(code):
    """The functions, types and constants that a cell defines."""
    return set(DEFINITIONS[1].findall(code))


def changed(code):
    return {name for pattern in CHANGES for name in pattern.findall(code)}


def used(code):
    """The names that a cell takes from cells before it, as far as its text tells."""
    code = re.sub(r"//.*", "", code)
    # Of a text, the names in braces count: println!("{error:.4}").
    code = TEXT.sub(lambda text: " ".join(re.findall(r"\{(\w+)", text[0])) or "0", code)
    # A function sees no variables of other cells, only functions and types.
    names = {NO_VARIABLE + name for item in ITEM.findall(code) for name in NAME.findall(item)}
    statements = ITEM.sub("", code)
    bound = {name for group in BOUND.findall(statements) for name in re.findall(r"\w+", "".join(group))}
    for found in NAME.finditer(statements):
        if found[0] not in bound and not is_own(found[0], found.start(), statements):
            names.add(found[0])
    return names


def is_own(name, position, code):
    """Whether a name at a position is one that the cell itself has defined before, or defines there."""
    first = re.search(rf"^let (?:mut )?\(?[^=;]*\b{name}\b[^=;]*=", code, re.MULTILINE)
    if not first:
        return False
    end = re.compile(r";$", re.MULTILINE).search(code, first.end())
    return first.start() < position < first.end() or bool(end and position > end.start())


@dataclass
class Lesson:
    """The cells of a lesson, with the section that each belongs to."""

    name: str
    cells: list
    sections: list = field(default_factory=list)
    """The heading of each cell's section: its number as text, and its title."""
    keys: dict = field(default_factory=dict)

    def __post_init__(self):
        here = (None, None)
        for cell in self.cells:
            heading = HEADING.match(cell.source) if cell.cell_type == "markdown" else None
            here = (heading[1], heading[2]) if heading else here
            self.sections.append(here)

    def rows(self, title):
        found = [row for row, (_, here) in enumerate(self.sections) if here == title]
        if not found:
            titles = ", ".join(dict.fromkeys(title for number, title in self.sections if number))
            raise PathError(f"lesson {self.name} has no section {title!r}; it has: {titles}")
        return found

    def minutes(self, title):
        row = re.compile(rf"^\| \d+\. {re.escape(title)} \| (\d+) \|", re.MULTILINE)
        found = [row.search(cell.source) for cell in self.cells if cell.cell_type == "markdown"]
        found = [int(match[1]) for match in found if match]
        if len(found) != 1:
            raise PathError(f"lesson {self.name} does not give the minutes of {title!r} once")
        return found[0]

    def code(self, row):
        cell = self.cells[row]
        return cell.source if cell.cell_type == "code" else ""

    def providers(self, row):
        """For each name that a cell uses, the last cell before it that defines or changes it."""
        found = {}
        for marked in used(self.code(row)):
            name = marked.removeprefix(NO_VARIABLE)
            known = items if marked != name else defined
            for earlier in range(row - 1, -1, -1):
                code = self.code(earlier)
                if "stub" in self.tags(earlier):
                    continue
                if name in known(code) or (name in changed(code) and name in used(code)):
                    if any(name in known(self.code(first)) for first in range(earlier + 1)):
                        found[name] = earlier
                    break
        return found

    def tags(self, row):
        return self.cells[row].metadata.get("tags", [])

    def key(self, row):
        """Says what a cell computes: its code, and the keys of what it uses."""
        if row not in self.keys:
            needs = sorted((name, self.key(earlier)) for name, earlier in self.providers(row).items())
            text = repr((START.sub("", self.code(row)), needs))
            self.keys[row] = hashlib.sha256(text.encode()).hexdigest()
        return self.keys[row]


@dataclass
class Path:
    read: callable
    """From a lesson's name to its cells."""
    cells: list = field(default_factory=list)
    live: dict = field(default_factory=dict)
    """What each name stands for at the end of the path so far: the key of the cell that made it."""
    rows: list = field(default_factory=list)
    """The sections so far: title, where it is from, minutes."""
    lessons: dict = field(default_factory=dict)
    places: dict = field(default_factory=dict)
    """Where a section or an exercise of a lesson is in the path: its number there."""
    exercises: int = 0

    def lesson(self, name):
        if name not in self.lessons:
            self.lessons[name] = Lesson(name, self.read(name))
        return self.lessons[name]

    def own(self, cell):
        """A cell of the path itself."""
        minutes = MINUTES.search(cell.source) if cell.cell_type == "markdown" else None
        if minutes:
            title = HEADING.match(cell.source)[2]
            self.rows.append((title, "", int(minutes[1])))
            cell.source = MINUTES.sub("\n", cell.source.replace("## ", f"## {len(self.rows)}. ", 1))
        self.take(cell, cell.source)

    def take(self, cell, key):
        self.cells.append(cell)
        if cell.cell_type == "code":
            for name in defined(cell.source) | changed(cell.source):
                self.live[name] = key

    def section(self, name, title, introduction=""):
        lesson = self.lesson(name)
        rows = lesson.rows(title)
        number = lesson.sections[rows[0]][0]
        self.rows.append((title, f"[{name[:2]}]({name}.ipynb), section {number}", lesson.minutes(title)))
        self.places["section", number, name[:2]] = len(self.rows)
        text = lesson.cells[rows[0]].source.partition("\n")[2]
        origin = f"## {len(self.rows)}. {title}\n\n*Lesson [{name[:2]}]({name}.ipynb), section {number}.*"
        self.cells.append(new_markdown_cell(f"{origin}\n\n{introduction}".strip()))
        before = len(self.cells)
        for row in rows:
            self.prepare(lesson, row, inside=rows)
        if len(self.cells) > before:
            self.cells.insert(before, new_markdown_cell(NEEDED))
        if text.strip():
            self.cells.append(new_markdown_cell(self.numbered(elsewhere(text.strip(), name), name)))
        for row in rows[1:]:
            cell = lesson.cells[row].copy()
            if cell.cell_type == "markdown":
                cell.source = self.numbered(elsewhere(cell.source, name), name)
            self.take(cell, lesson.key(row) if cell.cell_type == "code" else None)

    def numbered(self, text, name):
        """A lesson's text with the exercises numbered as they come in the path."""

        def number(heading):
            self.exercises += 1
            self.places["exercise", heading[1], name[:2]] = self.exercises
            return f"### Exercise {self.exercises}"

        return EXERCISE.sub(number, text)

    def here(self, text):
        """The text with the path's own numbers for what the path has."""

        def place(found):
            number = self.places.get((found[1].lower(), found[2], found[3]))
            return f"{found[1]} {number}" if number else found[0]

        return PLACE.sub(place, text)

    def prepare(self, lesson, row, inside):
        """Brings what a cell needs from outside of its section."""
        for name, earlier in sorted(lesson.providers(row).items(), key=lambda item: item[1]):
            if earlier in inside or self.live.get(name) == lesson.key(earlier):
                continue
            self.prepare(lesson, earlier, inside=())
            code = START.sub("", lesson.code(earlier))
            code, figures = LAST_FIGURE.subn("", code)
            code = code.strip()
            if figures and LAST_BLOCK.search(code):
                # Without the semicolon, the cell would show the value of this block: `()`.
                code += ";"
            if code:
                self.take(new_code_cell(code), lesson.key(earlier))

    def table(self):
        lines = ["| section | from lesson | minutes |", "| --- | --- | --- |"]
        lines += [
            f"| {number}. {title} | {origin} | {minutes} |"
            for number, (title, origin, minutes) in enumerate(self.rows, start=1)
        ]
        return "\n".join([*lines, f"| **together** | | **{self.minutes()}** |"])

    def minutes(self):
        return sum(minutes for *_, minutes in self.rows)


def elsewhere(text, name):
    """A lesson's text as it reads outside of it: its sections and exercises are those of that lesson."""
    pattern = r"(?<!### )\b([Ss]ections?|[Ee]xercises?) (\d+[a-z]?)(?! of lesson)(?![\da-z])"
    return re.sub(pattern, rf"\1 \2 of lesson {name[:2]}", text)


def assemble(cells, read):
    """The path that the cells of its source describe."""
    path = Path(read)
    for cell in cells:
        if cell.cell_type == "code" or not SECTION.search(cell.source):
            path.own(cell)
            continue
        # Text before the first section; then for each its lesson, its title and the text below it.
        first, *parts = SECTION.split(cell.source)
        if first.strip():
            path.own(new_markdown_cell(first.strip()))
        for name, title, below in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
            introduction, heading, rest = re.match(
                r"(.*?)(^## |\Z)(.*)", below, re.DOTALL | re.MULTILINE
            ).groups()
            path.section(name, title, introduction.strip())
            if heading:
                path.own(new_markdown_cell((heading + rest).strip()))
    for cell in path.cells:
        if cell.cell_type == "markdown":
            cell.source = path.here(cell.source).replace(TABLE, path.table())
    return path
