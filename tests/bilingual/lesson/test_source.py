"""Reading: what jupytext would silently misread is refused, with its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jupytext
import pytest

from book.bilingual.errors import ProblemsFound
from book.bilingual.lesson.source import HEADER, Lesson, find_lessons, read_lesson

BODY = (
    '\n+++ {"lang": "ko"}\n\n가\n\n+++ {"lang": "en"}\n\na\n\n```{code-cell} ipython3\n1 + 1\n```\n'
)
Read = Callable[..., Lesson]


def problem_of(tmp_path: Path, text: str) -> str:
    path = tmp_path / "ch90_test.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProblemsFound) as caught:
        read_lesson(tmp_path, "chapter", path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", "does not begin with the header"),
        (HEADER.removesuffix("---\n"), "not closed"),
        (HEADER.replace("---\n", "", 1), "does not begin with the header"),
        (HEADER.replace("    format_name: myst\n", ""), "format_name is None"),
        (HEADER.replace("format_name: myst", "format_name: markdown"), "format_name is 'markdown'"),
        (HEADER.replace("jupytext:", "jupytext"), "not YAML"),
        (HEADER.replace("  name: python3", "  name: ir"), "must be 'python3'"),
    ],
    ids=[
        "none",
        "unclosed",
        "unopened",
        "no format",
        "other format",
        "colon missing",
        "other kernel",
    ],
)
def test_a_half_written_header_is_refused_with_file_line_and_mend(
    tmp_path: Path, header: str, part: str
) -> None:
    message = problem_of(tmp_path, header + BODY)
    assert part in message
    assert message.startswith("ch90_test.md:")
    assert "mend: copy the header of CONTRIBUTING.md" in message


def test_jupytext_alone_would_read_a_half_written_header_as_plain_markdown() -> None:
    text = HEADER.replace("    format_name: myst\n", "") + BODY.split("```")[0]
    cells = jupytext.reads(text, fmt="md").cells
    assert any('+++ {"lang": "ko"}' in cell.source for cell in cells)  # why the gate above exists


def test_cells_are_those_of_jupytext_with_their_lines(lesson: Read) -> None:
    cells = lesson(BODY).cells
    assert [(c.kind, c.lang, c.text) for c in cells] == [
        ("markdown", "ko", "가"),
        ("markdown", "en", "a"),
        ("code", None, "1 + 1"),
    ]
    start = HEADER.count("\n") + 1
    assert [(c.line - start, c.body_line - start) for c in cells] == [(2, 4), (6, 8), (10, 11)]


def test_the_body_line_of_a_code_cell_skips_its_metadata(lesson: Read) -> None:
    (cell,) = lesson(
        "```{code-cell} ipython3\n---\nalt:\n  ko: 가\n  en: a\n---\n\nx = 1\n```\n"
    ).cells
    assert cell.body_line - cell.line == 7


@pytest.mark.parametrize(
    ("body", "line", "part"),
    [
        ('+++ {"lang": "ko"\n\n가\n', 2, "is not JSON"),
        ('+++ ["ko"]\n\n가\n', 2, "is not a set of keys"),
        ('+++ {"lang": "ko"}\n\n+++ {"lang": "en"}\n\na\n', 2, "no text"),
        ("```{code-cell} ipython3\n1 + 1\n", 2, "not closed"),
        ("```{code-cell} python\n1\n```\n", 2, "unknown cell header"),
        ("```{code-cell} ipython3\n---\nalt: [\n---\n1\n```\n", 2, "metadata cannot be read"),
        ("```{code-cell} ipython3\n:tags: [a\n1\n```\n", 2, "metadata cannot be read"),
    ],
)
def test_a_half_written_cell_is_refused_with_its_line(
    tmp_path: Path, body: str, line: int, part: str
) -> None:
    message = problem_of(tmp_path, HEADER + "\n" + body)
    assert f"ch90_test.md:{HEADER.count(chr(10)) + line}: cell" in message
    assert part in message


def test_an_unknown_name_is_answered_with_the_known_ones(course: Path) -> None:
    with pytest.raises(ProblemsFound, match=r"no source is called 'ch91'[\s\S]*ch90_sums"):
        find_lessons(course, ("ch91",))
