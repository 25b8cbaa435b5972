"""A tiny course on a temporary tree: one chapter, one exercise, three pages, one study."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from book.bilingual.build.build import build
from book.bilingual.lesson.source import HEADER, Lesson, read_lesson
from book.bilingual.studies import studies
from book.snippets import runs

FIXTURES = Path(__file__).parent / "fixtures"
Edit = Callable[[str, str, str], None]


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course, its study run and everything built; not to be changed."""
    root = tmp_path_factory.mktemp("course") / "built"
    shutil.copytree(FIXTURES, root)
    shutil.copy(runs.__file__, root / "book/snippets")
    for study in studies.load(root):
        studies.run(root, study)
    build(root, jobs=2)
    return root


@pytest.fixture
def course(built_once: Path, tmp_path: Path) -> Path:
    """A copy of the built course, free to be spoiled."""
    return Path(shutil.copytree(built_once, tmp_path / "course"))


@pytest.fixture
def edit(course: Path) -> Edit:
    """Replace a text in a file of the course; it must be there."""

    def replace(path: str, old: str, new: str) -> None:
        text = (course / path).read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {path}"
        (course / path).write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


@pytest.fixture
def lesson(tmp_path: Path) -> Callable[..., Lesson]:
    """A lesson from its text without header."""

    def read(body: str, kind: str = "chapter", name: str = "ch90_test") -> Lesson:
        path = tmp_path / f"{name}.md"
        path.write_text(HEADER + "\n" + body, encoding="utf-8")
        return read_lesson(tmp_path, kind, path)

    return read


def pair(korean: str, english: str) -> str:
    """A pair of cells as a source writes it."""
    return f'+++ {{"lang": "ko"}}\n\n{korean}\n\n+++ {{"lang": "en"}}\n\n{english}\n\n'
