"""What has changed, for feed readers: CHANGELOG.md as RSS, a feed per language.

Its lines have no date, so the items have none; a line that is new there is an item that is new
here.
"""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from xml.sax.saxutils import escape

from sphinx.application import Sphinx

from book.bilingual.lesson.links import LANGUAGES
from book.site.words import TITLES, word

CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"
NEWEST = 30
_HEADING = re.compile(r"^### (.+)$")
_FOR_READERS = re.compile(r"추가|\d+장|용어|사이트")  # the rest is for those who grade
_SIDES = re.compile(r"\s·\s(?=[A-Za-z“\"$`0-9(])")


def changes(text: str, lang: str) -> list[tuple[str, str]]:
    """The changelog's lines in `lang`, in its order: (group, sentence). A line reads "Korean ·
    English".
    """
    found, group = [], ""
    for block in re.split(r"\n(?=- |#|\n)", text.replace("`", "")):
        heading = _HEADING.match(block.strip())
        if heading:
            group = _side(heading[1], lang) if _FOR_READERS.match(heading[1]) else ""
        elif block.lstrip().startswith("- ") and group:
            found.append((group, _side(" ".join(block.strip().removeprefix("- ").split()), lang)))
    return found[:NEWEST]


def _side(text: str, lang: str) -> str:
    parts = _SIDES.split(text, maxsplit=1)
    return parts[-1] if lang == "en" else parts[0]


def write(app: Sphinx, error: Exception | None) -> None:
    """Write `feed-ko.xml` and `feed-en.xml`, whose links need the site's address."""
    base = app.config.html_baseurl
    if error or app.builder.format != "html" or not base or not CHANGELOG.is_file():
        return
    text = CHANGELOG.read_text("utf-8")
    for lang in LANGUAGES:
        home = f"{base}notebooks/{lang}/welcome.html"
        items = "".join(
            f"<item><title>{escape(_short(sentence))}</title><category>{escape(group)}</category>"
            f"<description>{escape(sentence)}</description><link>{home}</link>"
            f'<guid isPermaLink="false">{_mark(sentence)}</guid></item>\n'
            for group, sentence in changes(text, lang)
        )
        about = word(lang, "feed")
        channel = (
            f"<title>{TITLES[lang]}</title><link>{home}</link><description>{about}</description>"
        )
        feed = f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0"><channel>{channel}\n'
        (Path(app.outdir) / f"feed-{lang}.xml").write_text(
            f"{feed}<language>{lang}</language>\n{items}</channel></rss>\n", "utf-8"
        )


def setup(app: Sphinx) -> None:
    """Called by `book.site.extension`."""
    app.connect("build-finished", write)


def _short(sentence: str) -> str:
    return sentence if len(sentence) < 120 else sentence[:119] + "…"


def _mark(sentence: str) -> str:
    return sha256(sentence.encode()).hexdigest()[:16]
