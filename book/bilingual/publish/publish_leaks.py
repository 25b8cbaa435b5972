"""What must never reach the students' tree, and the search for it.

The tree is built from the students' files alone, so nothing should be found. This is the second
fence: it reads every file that is about to be published and looks for

- marks that nbgrader and the sources put around solutions and hidden tests,
- the instructors' repository and the folder `solutions/`,
- hidden cases and model answers, line by line, anywhere,
- a solution's lines in the files of its own exercise (a chapter may well teach the same line), save
  what the exercise shows anyway, its inlined snippets included, and short idioms of the course's
  code (`with torch.no_grad():`).

A file is read as its readers see it: notebooks cell by cell, HTML without tags (highlighting splits
a line of code).
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MIN_CHARS = 12  # shorter lines (`return x`) say nothing
IDIOM_CHARS = 30  # shorter lines that snippets use too give nothing away
_MARK = re.compile(r"(?:BEGIN|END) (?:SOLUTION|HIDDEN|MARK SCHEME)")
_SOLUTIONS_FOLDER = re.compile(r"solutions/(?:ko|en|assignments)/")
_RAW_CELL = re.compile(r"^```\{raw-cell\}\n(.*?)^```", re.DOTALL | re.MULTILINE)
_CODE_CELL = re.compile(r"^```\{code-cell\}.*?^```$", re.DOTALL | re.MULTILINE)
_SOLUTION = re.compile(
    r"^[ \t]*### BEGIN SOLUTION\n(.*?)^[ \t]*### END SOLUTION", re.DOTALL | re.MULTILINE
)
_SNIPPETS = re.compile(r"^:snippets: \[([\w, ]+)\]", re.MULTILINE)
_IMPORT = re.compile(r"^from book\.snippets\.(?:\w+\.)*(\w+) import", re.MULTILINE)
_TEXT = {
    ".html",
    ".ipynb",
    ".md",
    ".js",
    ".json",
    ".txt",
    ".css",
    ".svg",
    ".xml",
    ".yml",
    ".yaml",
    ".py",
    ".map",
    "",
}


@dataclass(frozen=True, order=True)
class Leak:
    """Something that students must not see, where it was found."""

    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


@dataclass(frozen=True)
class Secrets:
    """What to look for."""

    instructors: str  # the instructors' repository as owner/name
    cases: tuple[str, ...]  # lines of hidden cases and model answers: nowhere
    solutions: dict[str, tuple[str, ...]]  # exercise → lines of its solutions: not in its own files


def read_secrets(root: Path, instructors: str) -> Secrets:
    """Collect from the exercises' sources under `root` what must stay with the instructors."""
    snippets = {
        path.stem: path.read_text("utf-8") for path in (root / "book" / "snippets").rglob("*.py")
    }
    idioms = {
        _squeeze(line)
        for text in snippets.values()
        for line in text.splitlines()
        if len(line) < IDIOM_CHARS
    }
    nowhere: list[str] = []
    solutions = {}
    for source in sorted((root / "book" / "exercises").glob("*.md")):
        text = source.read_text("utf-8")
        code = _SOLUTION.findall("\n".join(_CODE_CELL.findall(text)))
        answers = _SOLUTION.findall(_CODE_CELL.sub("", text))
        inlined = _inlined(
            [name for names in _SNIPPETS.findall(text) for name in re.findall(r"\w+", names)],
            snippets,
        )
        shown = _squeeze("\n".join([_SOLUTION.sub("", _RAW_CELL.sub("", text)), *inlined]))
        nowhere += _lines([*_RAW_CELL.findall(text), *answers], shown)
        solutions[source.stem] = tuple(line for line in _lines(code, shown) if line not in idioms)
    return Secrets(instructors, tuple(dict.fromkeys(nowhere)), solutions)


def _inlined(names: list[str], snippets: dict[str, str]) -> list[str]:
    """The text of the snippets that an exercise shows, with those that they import."""
    seen: dict[str, str] = {}
    while names:
        name = names.pop()
        if name in snippets and name not in seen:
            seen[name] = snippets[name]
            names += _IMPORT.findall(snippets[name])
    return list(seen.values())


def _lines(blocks: Iterable[str], shown: str) -> list[str]:
    """The telling lines of `blocks`: long enough, and not also part of what students are shown
    anyway.
    """
    lines = [_squeeze(line) for block in blocks for line in block.splitlines()]
    return [line for line in lines if len(line) >= MIN_CHARS and line not in shown]


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def find_leaks(tree: Path, secrets: Secrets) -> list[Leak]:
    """Every leak in the files under `tree`."""
    found: set[Leak] = set()
    for path in sorted(
        p for p in tree.rglob("*") if p.is_file() and ".git" not in p.relative_to(tree).parts
    ):
        name = path.relative_to(tree).as_posix()
        found |= {Leak(name, what) for what in _leaks_in(name, path, secrets)}
    return sorted(found)


def _leaks_in(name: str, path: Path, secrets: Secrets) -> Iterator[str]:
    if _SOLUTIONS_FOLDER.search(name):
        yield "is a file of the instructors' solutions"
    for text in _views(path):
        if mark := _MARK.search(text):
            yield f"holds the mark {mark[0]!r}"
        if secrets.instructors and secrets.instructors in text:
            yield f"holds the instructors' repository {secrets.instructors}"
        if _SOLUTIONS_FOLDER.search(text):
            yield "links the folder of solutions"
        if "_static/" not in name:  # packages' own scripts, a megabyte each
            yield from (
                f"holds a hidden case or model answer: {line!r}"
                for line in secrets.cases
                if line in text
            )
        for exercise, lines in secrets.solutions.items():
            if exercise in name:
                yield from (
                    f"holds a line of {exercise}'s solution: {line!r}"
                    for line in lines
                    if line in text
                )


def _views(path: Path) -> Iterator[str]:
    """The file's text in the forms in which a secret could be recognised, white space squeezed."""
    if path.suffix not in _TEXT:
        yield path.read_bytes().decode("latin-1")  # pictures and fonts: their comments at least
        return
    text = path.read_text("utf-8", errors="replace")
    if path.suffix == ".html":
        yield _squeeze(html.unescape(re.sub(r"<[^>]+>", "", text)))
        yield _squeeze(html.unescape(text))
    elif path.suffix in (".ipynb", ".json"):
        yield _squeeze("\n".join(_strings(json.loads(text))))
    elif re.fullmatch(r"search-(ko|en)\.js", path.name):
        yield _squeeze(
            "\n".join(_strings(json.loads(text[text.index("(") + 1 : text.rindex(")")])))
        )
    else:
        yield _squeeze(text)


def _strings(value: Any) -> Iterator[str]:
    """All strings in JSON, keys too; a notebook's lists of lines joined as the notebook joins
    them.
    """
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        yield "".join(value)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            if not str(key).startswith("image/"):  # pictures as base64 hold no words
                yield from _strings(item)
