"""Feedback pages: what `nbgrader generate_feedback` writes on this course, and which of them are
out of date.

nbgrader's own page is the whole notebook, helpers and all, and is never written again once it is
there, so points and comments that a person gives afterwards do not reach the student.
`FeedbackExporter` takes its place (`c.GenerateFeedback.exporter_class`); `install` lets
`generate_feedback` write again what has changed: each page carries the hash of all that it depends
on. A page needs nothing from the web, holds no script, and shows what students wrote as text.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from nbconvert.exporters import Exporter
from nbconvert.filters import markdown2html
from nbformat import NotebookNode
from nbgrader.api import Gradebook, SubmittedNotebook
from nbgrader.converters import GenerateFeedback
from nbgrader.utils import rmtree
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from .view import MAX_SHOWN, Row, Totals, build

_HERE = Path(__file__).resolve().parent
_MARK = re.compile(rb'<meta name="course-feedback" content="(\w+)">')
_WORDS = {
    "ko": {
        "first": "먼저 볼 것",
        "all": "코드는 모두 통과했습니다.",
        "right": "맞은 것",
        "written": "서술형",
        "waiting": "서술형은 아직 채점하지 않았습니다. 점수에 들어 있지 않습니다.",
        "empty": "답을 쓰지 않았습니다.",
        "comment": "채점자의 의견",
        "code": "제출한 코드",
        "errors": "오류가 난 다른 셀",
        "penalty": "늦게 내서 깎인 점수",
        "extra": "가산점",
        "picture": "제출물에 있는 그림",
        "unsaid": "통과하지 못했습니다.",
    },
    "en": {
        "first": "Look at these first",
        "all": "All of your code passed.",
        "right": "What was right",
        "written": "Written answer",
        "waiting": "The written answer has not been graded yet and is not part of this score.",
        "empty": "No answer was written.",
        "comment": "Comment",
        "code": "Your code",
        "errors": "Other cells that failed",
        "penalty": "Taken off for handing in late",
        "extra": "Extra credit",
        "picture": "a picture in the hand-in",
        "unsaid": "It did not pass.",
    },
}
_stock_destination = GenerateFeedback.init_destination


def install() -> None:
    """Let `generate_feedback` write pages again that are out of date. May be called twice."""
    GenerateFeedback.init_destination = _destination


def uninstall() -> None:
    """Give nbgrader its own back."""
    GenerateFeedback.init_destination = _stock_destination


def _destination(self: Any, assignment_id: str, student_id: str) -> bool:
    """As nbgrader decides whether to convert, after pages that are out of date have been
    removed.
    """
    target = Path(os.path.normpath(self._format_dest(assignment_id, student_id)))
    if target.is_dir() and not self.force and isinstance(self.exporter, FeedbackExporter):
        for source in map(Path, self.notebooks):
            page = target / f"{source.stem}.html"
            given = source.read_bytes()
            current = self.exporter.mark(
                given, self.coursedir.db_url, source.stem, assignment_id, student_id
            )
            if not page.is_file() or _mark_of(page) != current:
                self.log.info("Feedback has changed: %s", target)
                rmtree(str(target))
                break
    return bool(_stock_destination(self, assignment_id, student_id))


def _mark_of(page: Path) -> str:
    with open(page, "rb") as file:
        found = _MARK.search(file.read(2000))
    return found[1].decode() if found else ""


class FeedbackExporter(Exporter):
    """A student's page: what failed and why, by function, in the student's language. Called by
    nbgrader's converter.
    """

    file_extension = ".html"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        # nbgrader's would put the grades into the notebook, with a join for each cell
        self._preprocessors = []

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> Any:
        """None is needed."""

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> Any:
        """The page of the graded notebook `filename`; `resources` is what nbgrader's converter
        knows about it.
        """
        known = resources["nbgrader"]
        where = known["db_url"], known["notebook"], known["assignment"], known["student"]
        given = Path(filename).read_bytes()
        rows, totals = _rows(*where)
        page = _page(
            nbformat.reads(given.decode("utf-8"), 4), rows, totals, self._mark(given, rows, totals)
        )
        return page, {**resources, "outputs": {}, "output_extension": self.file_extension}

    def mark(self, given: bytes, *where: str) -> str:
        """What a page that is up to date carries; `where`: gradebook, notebook, assignment,
        student.
        """
        return self._mark(given, *_rows(*where))

    def _mark(self, given: bytes, rows: dict[str, Row], totals: Totals) -> str:
        total = hashlib.sha256(_form())
        total.update(given)
        total.update(repr((sorted(rows.items()), totals)).encode())
        return total.hexdigest()[:32]


@functools.cache
def _form() -> bytes:
    """The hash of what makes the page: another edition of this code writes pages anew."""
    files = [_HERE / name for name in ("page.py", "page.html", "view.py")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).digest()


def _rows(
    db_url: str, notebook: str, assignment: str, student: str
) -> tuple[dict[str, Row], Totals]:
    with Gradebook(db_url) as book:
        found = book.find_submission_notebook(notebook, assignment, student)
        penalty = found.late_submission_penalty or 0.0
        totals = Totals(max(0.0, found.score - penalty), found.max_score, penalty)
        return dict(_each(found)), totals


def _each(found: SubmittedNotebook) -> Iterator[tuple[str, Row]]:
    comments = {comment.name: comment.comment or "" for comment in found.comments}
    for grade in found.grades:
        yield grade.name, Row(
            grade.score, grade.max_score, bool(grade.needs_manual_grade), grade.extra_credit or 0.0,
            comments.pop(grade.name, ""),
        )  # fmt: skip
    yield from ((name, Row(0.0, 0.0, comment=comment)) for name, comment in comments.items())


def _page(notebook: NotebookNode, rows: dict[str, Row], totals: Totals, mark: str) -> str:
    view = build(notebook, rows, totals)
    return (
        _environment()
        .get_template("page.html")
        .render(view=view, word=_WORDS[view.language], mark=mark)
    )


@functools.cache
def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
    made.filters |= {"points": _points, "ticks": _ticks, "comment": _comment, "python": _python}
    return made


def _points(value: float) -> str:
    return f"{round(value, 2):g}"


def _ticks(value: str) -> Markup:
    """A hint with what it puts between back-quotes set as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(value))))


def _python(value: str) -> Markup:
    """A student's code, with its words coloured."""
    return Markup(highlight(value, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)))


def _comment(value: str) -> Markup:
    """An instructor's comment: Markdown, as in nbgrader's own pages."""
    return Markup(markdown2html(value[:MAX_SHOWN]))
