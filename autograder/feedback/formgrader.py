"""What the formgrader adds to a hand-in on its way to the instructor's screen: the model answer and
the rubric beside each answer that a person grades. And what it takes away: addresses of pictures,
which the browser would fetch from the instructor's own Jupyter server, or from elsewhere.

nbgrader's formgrader converts a hand-in anew each time it is opened; this is a preprocessor of its
exporter (`c.HTMLExporter.preprocessors`). The file on disk stays as it is.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.exercise import ROOT

from .view import language_of

# characters of a student's Markdown: more would hold the instructor's server up
MAX_MARKDOWN = 20_000
_MARKED = re.compile(r"### BEGIN SOLUTION\n(.*?)\n?### END SOLUTION", re.DOTALL)
_PICTURE = re.compile(r"!(?=\[)")
_ATTACHED = re.compile(r"\[[^\]\n]*\]\(attachment:([^)\s]+)\)")
_HEAD = {
    "ko": "모범 답안과 채점 기준 (학생에게는 보이지 않습니다)",
    "en": "Model answer and rubric (students do not see this)",
}


class BesideTheAnswer(Preprocessor):
    """Called by the formgrader's exporter with nbgrader's resources; leaves other conversions
    alone.
    """

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """The notebook as the instructor sees it."""
        assignment = resources.get("assignment_id")
        if not assignment or "submission_id" not in resources:
            return nb, resources
        released, language = _released(str(assignment)), language_of(nb)
        cells = []
        for cell in nb.cells:
            if cell.cell_type == "markdown" and cell.source not in released:
                cell.source = _tame(cell)
            cells.append(cell)
            meta = cell.metadata.get("nbgrader") or {}
            if meta.get("solution") and meta.get("grade"):
                answer = _model_answer(str(assignment), language, str(meta.get("grade_id")))
                if answer:
                    cells.append(
                        new_markdown_cell(f"> **{_HEAD[language]}**\n>\n{_quoted(answer)}")
                    )
        nb.cells = cells
        return nb, resources


def _tame(cell: NotebookNode) -> str:
    """A student's Markdown, bounded; its pictures are links that nothing follows, save those that
    the cell holds.
    """
    source = cell.source
    if len(source) > MAX_MARKDOWN:
        source = (
            f"{source[:MAX_MARKDOWN]}\n\n… {len(source) - MAX_MARKDOWN:,} characters left out …"
        )
    pasted = cell.get("attachments") or {}

    def replaced(match: re.Match[str]) -> str:
        attached = _ATTACHED.match(source, match.end())
        return "!" if attached and attached[1] in pasted else r"\!"

    return _PICTURE.sub(replaced, source)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


@functools.cache
def _released(assignment: str) -> frozenset[str]:
    """The texts that came with the assignment, in both languages."""
    paths = [ROOT / "notebooks" / lang / f"{assignment}.ipynb" for lang in _HEAD]
    books = [nbformat.read(path, as_version=4) for path in paths if path.is_file()]
    return frozenset(cell.source for book in books for cell in book.cells)


def _model_answer(assignment: str, language: str, grade_id: str) -> str:
    """What the instructors' notebook says in that cell; read anew, since it may be edited while the
    formgrader runs.
    """
    path = Path(ROOT, "solutions", language, assignment, f"{assignment}.ipynb")
    if not path.is_file():
        return ""
    for cell in nbformat.read(path, as_version=4).cells:
        if (cell.metadata.get("nbgrader") or {}).get("grade_id") == grade_id:
            found = _MARKED.search(cell.source)
            return found[1].strip() if found else ""
    return ""
