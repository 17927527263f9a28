"""Settings of the site. `cargo xtask site` builds it; how a lesson becomes a page is in `course.py`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

project = "Autoencoders"
author = "the authors of the course"
language = "en"
html_title = "Autoencoders"

extensions = ["myst_nb", "sphinx-mathjax-offline", "course"]
exclude_patterns = ["lessons/learner"]

# The lessons come with their outputs; building the site runs nothing.
nb_execution_mode = "off"
nb_merge_streams = True
# Formulas between $$ are typeset by MathJax, which lies beside the pages.
myst_enable_extensions = ["dollarmath"]
# Sections can be linked to by their titles.
myst_heading_anchors = 3
# A lesson's code names a dependency with a line of the kernel's own, which no Rust lexer knows.
suppress_warnings = ["misc.highlighting_failure"]

html_theme = "sphinx_book_theme"
html_static_path = ["_static"]
html_css_files = ["course.css"]
html_js_files = [("course.js", {"defer": "defer"})]
# Pages are opened as files too, where a browser refuses to fetch others for their summaries.
html_show_search_summary = False
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
# What a page begins with if the reader has chosen neither light nor dark: the system's setting.
html_context = {"default_mode": "auto"}
html_theme_options = {
    "navbar_persistent": [],
    "home_page_in_toc": True,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "toc_title": "On this page",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "extra_footer": (
        "Follows the lecture “Autoencoders” by Sabera Talukder, Chen Institute Data Science & AI for "
        "Neuroscience Summer School, Caltech. Lessons: CC BY 4.0."
    ),
}
