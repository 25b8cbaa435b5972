"""The words of `book/wording.yml` where readers meet them outside of pairs: in hints, on the first
page, and, for spellings, in the code that a page shows.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import yaml

from autograder.stubs import LANGUAGES
from book.bilingual.errors import Problem
from book.bilingual.gates.wording import Wording, word_faults
from book.bilingual.lesson.plan import Plan

HINTED = ("autograder", "book/snippets")  # what holds hints beside the assignments
# British names that a lesson's shown code keeps: another one would make results of studies stale.
KEPT = {
    "ch02_gap": {"centred"},  # an arm of ch02_width
    "ch03_strided_conv": {"centre_gradient", "centre"},  # what ch03_heads measures with
}
_HINTS = {"hint", "Hint"}
_NAME = re.compile(r"[A-Za-z_]\w*")
_IN_NAME = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")  # normalise_all, CentreCrop

Said = tuple[str, str, int]  # language, text, line from 0


def lesson_problems(plan: Plan, voice: Wording) -> Iterator[Problem]:
    """Words that the course does not use in a lesson's hints, on the first page and in shown
    code.
    """
    lesson = plan.lesson
    for cell in lesson.cells:
        said: list[Said] = []
        if lesson.is_index:
            said = [(lang, cell.text, 0) for lang in LANGUAGES]
        elif cell.kind == "code":
            said = list(hints_in_code(cell.text))
        elif cell.kind == "raw":
            said = list(hints_in_cases(cell.text))
        for what, mend, line in _faults(said, voice):
            yield lesson.problem(cell, what, mend, offset=line)
    for slot in plan.code_slots:
        if "hide-input" in slot.meta.get("tags", []):
            continue
        place = slot.inlined or "course" in slot.meta  # what is shown stands in another file
        kept = KEPT.get(lesson.name, set())
        for what, mend, line in spelling_faults(voice.spellings, slot.text["en"], kept):
            yield lesson.problem(slot.cells[0], what, mend, offset=None if place else line)


def file_problems(root: Path, voice: Wording) -> Iterator[Problem]:
    """The same of the hints in the checks and in the grader, `HINTED`."""
    for path in sorted(path for folder in HINTED for path in (root / folder).rglob("*.py")):
        for what, mend, line in _faults(hints_in_code(path.read_text("utf-8")), voice):
            yield Problem(path.relative_to(root).as_posix(), line + 1, "", what, mend)


def _faults(said: Iterator[Said] | list[Said], voice: Wording) -> Iterator[tuple[str, str, int]]:
    for lang, text, first in said:
        for what, mend, line in word_faults(voice.words[lang], text, lang):
            yield what, mend, first + line


def hints_in_code(code: str) -> Iterator[Said]:
    """The texts of each `hint("한국어", "English")` and `Hint(…)`; what an f-string fills in is
    left out.
    """
    if not any(f"{name}(" in code for name in _HINTS):
        return
    try:
        tree = ast.parse(code)
    except SyntaxError:  # an IPython command
        return
    for node in ast.walk(tree):
        if _is_hint(node):
            for lang, text in zip(LANGUAGES, node.args, strict=True):
                yield lang, _literal(text), text.lineno - 1


def _is_hint(node: ast.AST) -> TypeGuard[ast.Call]:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _HINTS
        and len(node.args) == len(LANGUAGES)
    )


def _literal(node: ast.AST) -> str:
    """A text's own letters, each value that is filled in as `…`, so that back-quotes stay in
    pairs.
    """
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            _literal(part) if isinstance(part, ast.Constant) else "…" for part in node.values
        )
    return "".join(map(_literal, ast.iter_child_nodes(node)))


def hints_in_cases(text: str) -> Iterator[Said]:
    """The texts of every `{ko: …, en: …}` in hidden cases, where YAML has them."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    waiting = [yaml.compose(text, Loader=loader)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value in LANGUAGES and isinstance(value, yaml.ScalarNode):
                    yield key.value, value.value, value.start_mark.line
                waiting.append(value)
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def spelling_faults(
    spellings: dict[str, str], code: str, kept: set[str]
) -> Iterator[tuple[str, str, int]]:
    """(what, mend, line from 0) where shown code is spelled as the prose is not; who types such a
    name as the prose spells it gets an error.
    """
    for line, written in enumerate(code.split("\n")):
        for name in dict.fromkeys(_NAME.findall(written)):
            for part in () if name in kept else _IN_NAME.findall(name):
                for stem, good in spellings.items():
                    if part.lower().startswith(stem):
                        what = f"{name!r} in shown code is spelled the British way"
                        yield what, f"write {good}", line
