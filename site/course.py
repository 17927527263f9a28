"""How the course's own files become pages of the site.

Sphinx reads them as they are, and this changes what it has read:

    lessons/NAME      the solved lesson; each exercise also as the learner finds it, its solution and
                      the check's words for usual mistakes folded; figures to be drawn by course.js
    index             the tables of README: the lessons, the paths and their minutes, what to install;
                      the playground of lesson 05
    docs/NAME         links to sections of lessons
"""

import base64
import hashlib
import json
import re
import struct
from html import escape
from pathlib import Path

from plotly.offline import get_plotlyjs

ROOT = Path(__file__).resolve().parents[1]
LEARNER = ROOT / "notebooks"
CHECKS = ROOT / "crates/latent/src/exercise"
PLOT = "application/vnd.plotly.v1+json"
LAB = "http://localhost:8888/lab/tree"

MINUTES = re.compile(r"^\| \*\*together\*\* \|.*?\*\*(\d+)\*\*", re.MULTILINE)
IMAGE = re.compile(r'src="data:image/png;base64,([^"]+)"')
CHECK = re.compile(r"exercise::(\w+)::(check_\w+)\(")
FUNCTION = re.compile(r"^pub fn (check_\w+)\(.*?^}", re.MULTILINE | re.DOTALL)
MISTAKES = re.compile(r"^( *)mistakes: vec!\[\n(.*?)^\1\],", re.MULTILINE | re.DOTALL)
# The last part of a pair: a formula, and the sentence that belongs to it.
SENTENCE = re.compile(r'"((?:[^"\\]|\\.)*)",?\s*\),?$', re.MULTILINE)
# A link to a notebook, to whichever of its copies; and, in a row of a table, the section beside it.
NOTEBOOK = re.compile(r"\]\((?:\.\./)?notebooks/(?:solutions/)?([\w-]+)\.ipynb\)")
ROW = re.compile(r"(\[\d\d\]\((/lessons/[\w-]+\.ipynb))\) \| (\d+\. [^|]+?) \|")
# A link to a file of the course that is no page here.
FILE = re.compile(r"(?<!!)\[([^\]]+)\]\((?![a-z]+:|#|/)([^)#\s]+)(#[^)]*)?\)")
LESSON = re.compile(r"^\| (\d\d) \| \[(.+?)\]\(notebooks/(.+?)\.ipynb\) \|.*\| (\d+) \|$", re.MULTILINE)
PATH = re.compile(r"^\| \[(.+?)\]\(notebooks/(.+?)\.ipynb\) \| \*\*(\d+)\*\* \|.*$", re.MULTILINE)


def setup(app):
    # It copies files at the end of the build and nothing else, but does not say so.
    app.extensions["sphinx-mathjax-offline"].parallel_read_safe = True
    app.connect("builder-inited", write_plotly)
    app.connect("source-read", read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def write_plotly(app):
    """Plotly's script, once for all pages; course.js asks for it when a figure comes near."""
    folder = Path(app.outdir) / "_static"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plotly.min.js").write_text(get_plotlyjs(), encoding="utf-8")


def read(app, name, source):
    folder, _, stem = name.rpartition("/")
    if folder == "lessons":
        source[0] = json.dumps(lesson(json.loads(source[0]), stem, Path(app.outdir)))
    elif name == "index":
        source[0] = front(source[0], Path(app.outdir))
    elif folder == "docs":
        source[0] = links(source[0], Path(app.srcdir) / folder)


# The front page and the documents


def front(text, out):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lessons, paths = LESSON.findall(readme), PATH.findall(readme)
    entries = {
        "toctree: lessons": [f"{number} {title} <lessons/{name}>" for number, title, name, _ in lessons],
        "toctree: paths": [f"{title} <lessons/{name}>" for title, name, _ in paths],
        "lessons": table(readme, "| | lesson |"),
        "paths": table(readme, "| path |"),
        "systems": table(readme, "| system |"),
        "playground": raw(with_files(playground(), out, "")),
    }
    for mark, lines in entries.items():
        text = text.replace(f"<!-- {mark} -->", "\n".join(lines))
    return NOTEBOOK.sub(r"](/lessons/\1.ipynb)", text)


def playground():
    """The playground as HTML, as lesson 05 shows it."""
    lesson = json.loads((LEARNER / "solutions/05-autoencoder.ipynb").read_text(encoding="utf-8"))
    (cell,) = [cell for cell in lesson["cells"] if text_of(cell) == "figure::playground()"]
    return "".join(cell["outputs"][0]["data"]["text/html"])


def raw(html):
    """Lines of MyST that put HTML on the page as it is. The fence is longer than any in a script."""
    fence = 10 * "`"
    return [f"{fence}{{raw}} html", f'<div class="live">{html}</div>', fence]


def table(text, start):
    """The lines of the table that begins so."""
    lines = text[text.index(f"\n{start}") + 1 :].splitlines()
    return lines[: next(index for index, line in enumerate(lines) if not line.startswith("|"))]


def links(text, folder):
    text = NOTEBOOK.sub(r"](/lessons/\1.ipynb)", text)
    text = ROW.sub(lambda row: f"{row[1]}) | [{row[3]}]({row[2]}#{slug(row[3])}) |", text)
    return FILE.sub(lambda link: link[0] if (folder / link[2]).exists() else link[1], text)


def slug(title):
    """The anchor that MyST gives a heading."""
    return re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-")


# The lessons


def lesson(notebook, name, out):
    cells = with_stubs(notebook["cells"], learner_cells(name))
    words = mistakes()
    pages = []
    for cell in cells:
        tags = cell["metadata"].get("tags", [])
        if cell["cell_type"] == "code":
            for output in cell["outputs"]:
                figure(output, out)
            if "solution" in tags:
                tags.append("hide-input")
                prompts = {"code_prompt_show": "Show the solution", "code_prompt_hide": "Hide the solution"}
                cell["metadata"]["mystnb"] = prompts
        else:
            text = text_of(cell).replace("](../../docs/", "](/docs/")
            cell["source"] = folded("About the solution", text) if "solution" in tags else text
        pages.append(cell)
        for check in CHECK.findall(text_of(cell)) if cell["cell_type"] == "code" else []:
            if check in words:
                pages.append(markdown(said(words[check])))
    opening(pages, name)
    notebook["cells"] = pages
    notebook["metadata"]["language_info"]["pygments_lexer"] = "rust"
    return notebook


def learner_cells(name):
    return json.loads((LEARNER / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]


def with_stubs(solved, learner):
    """The solved cells and, before each solution, the learner's cell that it replaces."""
    stubs = [cell for cell in learner if "stub" in cell["metadata"].get("tags", [])]
    before = {}
    shared = 0
    for cell in learner:
        if cell in stubs:
            before.setdefault(shared, []).append(cell)
        else:
            shared += 1
    cells, shared = [], 0
    for cell in solved:
        cells += before.pop(shared, [])
        cells.append(cell)
        shared += "solution" not in cell["metadata"].get("tags", [])
    return cells


def text_of(cell):
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def markdown(text):
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    return {"id": digest, "cell_type": "markdown", "metadata": {}, "source": text}


def folded(summary, text):
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


def opening(cells, name):
    """Below the title: how long it takes, and the ways to the same lesson as a notebook to work in."""
    first = next(cell for cell in cells if cell["cell_type"] == "markdown")
    title, rest = text_of(first).split("\n", 1)
    text = "\n".join(text_of(cell) for cell in cells if cell["cell_type"] == "markdown")
    minutes = MINUTES.search(text)
    parts = [f"{minutes[1]} minutes"] if minutes else []
    parts += [
        f"[Open in your JupyterLab]({LAB}/{name}.ipynb)",
        f"{{download}}`Download this lesson <learner/{name}.ipynb>`",
    ]
    first["source"] = f"{title}\n\n{' · '.join(parts)}\n{rest}"


def said(sentences):
    rows = "\n".join(f"- {sentence}" for sentence in sentences)
    count = f"{len(sentences)} usual mistakes" if len(sentences) > 1 else "a usual mistake"
    return folded(f"What the check says about {count}", rows)


def mistakes():
    """By module and function of a check, its sentences about the usual mistakes, each once."""
    found = {}
    for path in CHECKS.rglob("*.rs"):
        module = path.relative_to(CHECKS).parts[0].removesuffix(".rs")
        for function in FUNCTION.finditer(path.read_text(encoding="utf-8")):
            sentences = [
                re.sub(r"\\(.)", r"\1", re.sub(r"\\\n\s*", "", sentence))
                for _, body in MISTAKES.findall(function[0])
                for sentence in SENTENCE.findall(body)
            ]
            if sentences:
                found[module, function[1]] = list(dict.fromkeys(sentences))
    return found


def figure(output, out):
    """A figure as HTML whose images are files: the page is read before they have come."""
    data = output.get("data", {})
    html = data.get("text/html", "")
    html = html if isinstance(html, str) else "".join(html)
    if PLOT in data:
        words = data.get("text/plain", "")
        words = escape(words if isinstance(words, str) else "".join(words))
        plot = json.dumps(data[PLOT], separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")
        still = "".join(data["image/png"]).replace("\n", "")
        html = (
            f'<div class="plot"><img src="data:image/png;base64,{still}" alt="{words}">'
            f'<script type="application/json">{plot}</script></div>'
        )
    if "<img" in html:
        output["data"] = {"text/html": with_files(html, out, "../")}


def with_files(html, out, up):
    """HTML whose images are files; `up` leads from the page to the root of the site."""
    return IMAGE.sub(lambda found: f"src={as_file(found[1], out, up)}", html)


def as_file(text, out, up):
    """The address and the size of an image that was part of the page."""
    image = base64.b64decode(text)
    file = Path("_images") / f"{hashlib.sha256(image).hexdigest()[:16]}.png"
    (out / file).parent.mkdir(exist_ok=True)
    (out / file).write_bytes(image)
    width, height = struct.unpack(">II", image[16:24])
    return f'"{up}{file.as_posix()}" width="{width}" height="{height}" loading="lazy"'
